// The only script of our own: keyboard, copying, times and the updates of the overview.
// Everything it does has a way without it.
"use strict";

const root = document.documentElement;
const at = (path) => root.dataset.root.replace(/\/$/, "") + path;
const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
const announce = (words) => {
  document.getElementById("announce").textContent = words;
};
root.classList.add("js");

// Times: the server's words grow old, the exact time beside them does not.
const STEPS = [[60, "s"], [60, "min"], [24, "h"], [30, "d"], [12, "mo"]];
function ago(moment) {
  let left = Math.max(0, Math.floor((Date.now() - moment) / 1000));
  for (const [size, unit] of STEPS) {
    if (left < size) return unit === "s" ? "now" : `${left} ${unit}`;
    left = Math.floor(left / size);
  }
  return `${left} y`;
}
function refreshTimes() {
  for (const time of all("time[data-ago]")) time.textContent = ago(Date.parse(time.dateTime));
}

// Copying: what a button names, or the address of this page.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr";
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  announce("Copied");
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  copy(button.dataset.copy);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
});

// Filters apply themselves when something is chosen.
for (const form of all("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of Array.from(event.formData)) {
      if (value === "") event.formData.delete(name);
    }
  });
}

// Going back shows the filters of that page, not what was chosen on it when it was left.
addEventListener("pageshow", (event) => {
  const [entry] = performance.getEntriesByType("navigation");
  if (!event.persisted && entry?.type !== "back_forward") return;
  for (const form of all("form.filters")) form.reset();
});

// Rows, changes, and where the keys go.
const GO = { m: "/", g: "/graph", p: "/participants", e: "/environments", c: "/can-i-deploy" };
let going = 0;
function step(items, by) {
  if (!items.length) return;
  const now = items.findIndex((item) => item.classList.contains("at"));
  const next = now < 0 ? (by > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, now + by));
  if (now >= 0) items[now].classList.remove("at");
  items[next].classList.add("at");
  const target = items[next].querySelector("a[href]") || items[next];
  if (target === items[next]) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  items[next].scrollIntoView({ block: "nearest" });
}
const rows = () => all("[data-rows] > li, [data-rows] tbody > tr, [data-grid] tbody > tr");
const changes = () => all(".finding");
const KEYS = {
  "/": () => document.getElementById("search").focus(),
  "?": () => { location.href = at("/help"); },
  j: () => step(rows(), 1),
  k: () => step(rows(), -1),
  "]": () => step(changes(), 1),
  "[": () => step(changes(), -1),
  y: () => copy(location.href),
};
document.addEventListener("keydown", (event) => {
  if (gridKey(event)) return;
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && typing) typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || root.dataset.keys === "off") return;
  if (Date.now() - going < 1000 && GO[event.key]) {
    location.href = at(GO[event.key]);
  } else if (event.key === "g") {
    going = Date.now();
    return;
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
  going = 0;
});

// Arrow keys inside the matrix go from cell to cell.
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
function gridKey(event) {
  const cell = event.target.closest("[data-grid] td, [data-grid] th");
  const move = MOVES[event.key];
  if (!cell || !move) return false;
  const table = cell.closest("table");
  let row = cell.parentElement.rowIndex;
  let column = cell.cellIndex;
  for (;;) {
    row += move[0];
    column += move[1];
    const next = table.rows[row]?.cells[column];
    if (!next) break;
    const link = next.querySelector("a[href]");
    if (link) {
      link.focus();
      break;
    }
  }
  event.preventDefault();
  return true;
}

// A link to a place inside a contract opens what hides it.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // half an escape: a place of nothing
  }
}
function openTarget() {
  const target = document.getElementById(decoded(location.hash.slice(1)));
  if (!target) return;
  for (let inner = target; inner; inner = inner.parentElement) {
    if (inner.tagName === "DETAILS") inner.open = true;
  }
  target.scrollIntoView({ block: "start" });
}
addEventListener("hashchange", openTarget);
if (location.hash) openTarget();

// Updates: asked for while the page is seen, shown at once only where nobody points.
const EVERY = 5000;
let paused = false;
let held = null;
const live = () => document.getElementById("live");
const busy = () => live().matches(":hover") || live().contains(document.activeElement);
function dressLive() {
  const button = document.querySelector("[data-poll]");
  if (!button) return;
  button.hidden = false;
  button.textContent = paused ? "resume updates" : "pause updates";
  button.addEventListener("click", () => {
    paused = !paused;
    button.textContent = paused ? "resume updates" : "pause updates";
  });
}
function offer(count) {
  let button = document.querySelector(".fresh");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "fresh";
    button.addEventListener("click", () => {
      const fresh = held;
      held = null;
      button.remove();
      live().replaceWith(fresh);
      settle();
    });
    live().before(button);
  }
  button.textContent = `${count} ${count === 1 ? "update" : "updates"} – show`;
  announce(button.textContent);
}
function settle() {
  window.htmx.process(live());
  dressLive();
  refreshTimes();
}
if (live()) {
  dressLive();
  setInterval(() => {
    if (!document.hidden && !paused) live().dispatchEvent(new Event("tally:poll"));
  }, EVERY);
  document.addEventListener("htmx:before:swap", (event) => {
    const text = event.detail.ctx?.text ?? "";
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("live");
    const news = fresh ? Number(fresh.dataset.asOf) - Number(live().dataset.asOf) : 0;
    if (news > 0 && !busy()) return;
    event.preventDefault();
    if (news > 0) {
      held = document.adoptNode(fresh);
      offer(news);
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    document.querySelector(".fresh")?.remove();
    dressLive();
    refreshTimes();
    announce("Updated");
  });
}
refreshTimes();
setInterval(refreshTimes, 15000);
