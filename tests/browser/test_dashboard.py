"""The dashboard in a real browser: readable for everybody, by keyboard, in any width and theme."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
SCREENS = {
    "overview": ("/", "Needs attention"),
    "list": ("/?view=list", "of 3 pairs"),
    "branch of nobody": ("/?branch=nope", "No integration passes these filters"),
    "filtered to nothing": ("/?status=stale", "No integration passes these filters"),
    "network": ("/graph", "The same as a table"),
    "network around": ("/graph?focus=web&depth=1", "around web"),
    "network of nothing": ("/graph?status=stale", "No integration passes these filters"),
    "participants": ("/participants", "Who calls and who answers"),
    "participant": ("/participants/web", "ask"),
    "partners": ("/participants/web?tab=integrations", "Needs these producers"),
    "places": ("/participants/web?tab=environments", "staging"),
    "version": ("/participants/web/versions/2", "Can it be deployed?"),
    "integration": ("/integrations/web/orders", "Where it stands"),
    "matrix": ("/integrations/web/orders/matrix", "failed"),
    "diff": ("/integrations/web/orders/diff", "Witness"),
    "split": ("/integrations/web/orders/diff?view=split", "description"),
    "unified": ("/integrations/web/orders/diff?view=unified", "description"),
    "history": ("/integrations/web/orders/history", "Publications"),
    "contract": ("/contracts/DIGEST", "input_schema"),
    "verifications": ("/verifications", "newest first"),
    "verification": ("/verifications/3", "Expected"),
    "can i deploy": ("/can-i-deploy?participant=web&version=2&to=production", "Reasons"),
    "environments": ("/environments", "drift"),
    "environment": ("/environments/production", "Pairs that meet here"),
    "demanding environment": ("/environments/guarded", "latest evidence"),
    "decision with evidence": (
        "/can-i-deploy?participant=web&version=1&to=guarded",
        "Evidence looked at",
    ),
    "all evidence": ("/evidence", "chaos"),
    "no evidence": ("/evidence?kind=canary", "No evidence passes these filters"),
    "one evidence": ("/evidence/1", "What the run recorded"),
    "help": ("/help", "Keyboard"),
}
NAMES = list(SCREENS)


@pytest.fixture(params=NAMES)
def screen(request, site):
    path, words = SCREENS[request.param]
    return path.replace("DIGEST", site.digest), words


def test_a_screen_shows_its_subject_and_runs_nothing_of_strangers(open_page, screen):
    path, words = screen
    page = open_page(path)
    assert words in page.inner_text("main")
    assert page.evaluate("typeof window.__xss") == "undefined"


def test_a_narrow_window_never_scrolls_sideways(open_page, screen):
    page = open_page(screen[0], width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_technology(open_page, screen, theme):
    page = open_page(screen[0], theme=theme, bypass_csp=True)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run()")
    serious = [
        (each["id"], [node["html"][:200] for node in each["nodes"]][:3])
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_the_keyboard_goes_everywhere(open_page, site):
    page = open_page("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('li').className") == "at"
    page.keyboard.press("Enter")
    page.wait_for_url("**/integrations/web/orders")
    for key, path in (("e", "/environments"), ("c", "/can-i-deploy"), ("p", "/participants")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(site.origin + path)
    page.keyboard.press("?")
    page.wait_for_url("**/help")


def test_single_keys_switched_off_do_nothing(open_page):
    page = open_page("/help")
    page.click("text=Switch off")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"


def test_arrows_go_from_cell_to_cell(open_page):
    page = open_page("/?order=names")
    page.focus("[data-grid] tbody td a")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == (
        "/integrations/web/orders"
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('href')") == (
        "/integrations/mobile/users"
    )


def test_brackets_go_from_change_to_change(open_page):
    page = open_page("/integrations/web/orders/diff")
    page.keyboard.press("]")
    assert page.get_attribute(".finding.at", "id") == "finding-1"
    page.keyboard.press("]")
    assert page.get_attribute(".finding.at", "id") == "finding-2"
    page.keyboard.press("[")
    assert page.get_attribute(".finding.at", "id") == "finding-1"


def test_a_link_into_a_contract_opens_what_hides_it(open_page, site):
    page = open_page(f"/contracts/{site.digest}")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = false; })")
    page.evaluate("location.hash = '#/tools/0/output_schema/price'")
    page.wait_for_selector("[id='/tools/0/output_schema/price']", state="visible")


def test_the_theme_chosen_is_there_before_any_script(open_page):
    page = open_page("/help")
    page.click("[name=theme]")
    page.click("[name=theme]")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 22)"


def test_a_page_seen_before_keeps_its_style_and_script(open_page, site):
    page = open_page("/environments")
    page.reload()
    page.goto(f"{site.origin}/environments")
    assert page.evaluate("document.documentElement.classList.contains('js')")
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"


def test_a_filter_applies_itself(open_page):
    page = open_page("/")
    page.select_option("[name=status]", "verified")
    page.wait_for_url("**status=verified**")
    assert "1 of 3 pairs" in page.inner_text("main")


def test_everything_can_be_read_and_asked_without_a_script(open_page):
    page = open_page("/can-i-deploy", java_script_enabled=False)
    page.select_option("[name=participant]", "web")
    page.fill("[name=version]", "2")
    page.select_option("[name=to]", "production")
    page.click("text=Check")
    assert "verification-failed" in page.inner_text("main")


def test_an_update_waits_while_somebody_points_and_shows_when_asked(open_page, site):
    page = open_page("/")
    page.hover("[data-grid] tbody tr")
    site.world.publishes("late@1", "catalog")
    page.evaluate("document.getElementById('live').dispatchEvent(new Event('tally:poll'))")
    page.wait_for_selector(".fresh")
    assert "show" in page.inner_text(".fresh")
    assert "late" not in page.inner_text("#live")
    page.click(".fresh")
    page.wait_for_selector("#live :text('late')")


def test_an_update_shows_itself_where_nobody_points(open_page, site):
    page = open_page("/")
    page.mouse.move(5, 5)
    site.world.publishes("later@1", "catalog")
    page.evaluate("document.getElementById('live').dispatchEvent(new Event('tally:poll'))")
    page.wait_for_selector("#live :text('later')")
