"""The graph in a real browser: links one can click, tab to and read, in any width and theme."""

from pathlib import Path

import pytest
from builders import a_tool, failed

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
LONG = "n" * 128
HOSTILE = '"><img src=x onerror="window.__xss=1"><script>window.__xss=1</script>'
PAGES = ["/graph", "/graph?focus=orders&depth=2", "/graph?env=production", "/graph?status=stale"]
PARTNERS = "/participants/orders?tab=integrations"
SERIOUS = """
async () => (await axe.run()).violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(each => [each.id, each.nodes.map(node => node.html.slice(0, 200))])
"""
BOXES = """
() => [...document.querySelectorAll(".network .box")].map(each => {
  const text = each.querySelector("text").getBoundingClientRect();
  const rect = each.querySelector("rect").getBoundingClientRect();
  return text.left >= rect.left && text.right <= rect.right;
})
"""


def tell(world):
    world.has_environment()
    hostile = [a_tool(HOSTILE)]
    world.publishes("web@1", "orders", hostile, branch="main")
    world.verifies("orders@1", "web@1", failed(HOSTILE), branch="main")
    world.publishes("orders@1", "payments", branch="main")
    world.verifies("payments@1", "orders@1", branch="main")
    world.publishes("payments@1", "orders", branch="main")
    world.publishes("payments@1", "payments", branch="main")
    world.publishes(f"{LONG}@1", "@W:" + "W" * 125, branch="main")
    world.publishes("batch@1", "ledger", branch="main")
    world.verifies("ledger@1", "batch@1", branch="main")
    world.publishes("batch@2", "ledger", [a_tool(version="2")], branch="main")
    world.deploys("web@1")
    world.deploys("orders@1")


@pytest.fixture(scope="module")
def site(serve):
    with serve(tell) as standing:
        yield standing


def box(page, name):
    return page.locator(f'.network a.box[href="/participants/{name}"]')


def test_a_click_on_a_box_leads_to_the_participant_and_on_a_line_to_the_integration(open_page):
    page = open_page("/graph")
    box(page, "orders").click()
    page.wait_for_url("**/participants/orders")
    page.go_back()
    page.locator('.network a.line[href="/integrations/web/orders"] text').click()
    page.wait_for_url("**/integrations/web/orders")


def test_the_keyboard_goes_from_a_participant_to_what_it_needs_and_is_seen(open_page):
    page = open_page("/graph?focus=web")
    page.locator('[aria-label="Graph"]').focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the table"
    seen = []
    for _ in range(3):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href')"))
        width = page.evaluate(
            "getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth"
        )
        assert width == "3.5px"
    assert seen == ["/participants/web", "/integrations/web/orders", "/participants/orders"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/participants/orders")


def test_the_table_is_one_key_away(open_page):
    page = open_page("/graph")
    page.locator('[aria-label="Graph"] > .skip').focus()
    assert page.locator('[aria-label="Graph"] > .skip').bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/graph#table")


def test_two_keys_lead_to_the_graph_and_a_row_to_its_integration(open_page):
    page = open_page("/participants")
    page.keyboard.press("g")
    page.keyboard.press("g")
    page.wait_for_url("**/graph")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/integrations/web/orders")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, PARTNERS])
def test_nothing_stands_in_the_way_of_assistive_technology(open_page, path, theme):
    page = open_page(path, theme=theme, bypass_csp=True)
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(SERIOUS) == []


@pytest.mark.parametrize("path", [*PAGES, PARTNERS, f"/participants/{LONG}?tab=integrations"])
def test_a_narrow_window_scrolls_only_inside_the_graph(open_page, path):
    page = open_page(path, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if "stale" not in path:
        assert page.locator(".scroll:has(.network)").evaluate("each => each.scrollWidth") > 360


def test_a_graph_that_is_fitted_needs_no_scrolling(open_page):
    page = open_page("/graph?size=fit", width=700)
    region = page.locator('[aria-label="Graph"]')
    assert region.evaluate("each => each.scrollWidth <= each.clientWidth")
    page.click("text=Show it in full size")
    page.wait_for_url("**/graph")
    assert region.evaluate("each => each.scrollWidth > each.clientWidth")


def test_no_name_is_wider_than_its_box(open_page):
    assert all(open_page("/graph").evaluate(BOXES))


def test_what_strangers_wrote_does_not_run(open_page):
    page = open_page("/graph")
    title = page.locator('a.line[href="/integrations/web/orders"] title').text_content()
    assert HOSTILE in title
    assert page.evaluate("typeof window.__xss") == "undefined"
    assert page.locator("main img").count() == 0


def test_the_filters_work_without_a_script(open_page):
    page = open_page("/graph", java_script_enabled=False)
    page.fill("[name=focus]", "orders")
    page.select_option("[name=status]", "failed")
    page.click("text=Apply")
    assert "status=failed" in page.url
    assert page.locator(".network a.line").count() == 1
    page.select_option("[name=status]", "")
    page.select_option("[name=depth]", "all")
    page.click("text=Apply")
    assert page.locator(".network a.line").count() == 4


def test_a_dark_page_draws_dark_boxes(open_page):
    def fill(theme):
        page = open_page("/graph", theme=theme)
        return box(page, "web").locator("rect").evaluate("each => getComputedStyle(each).fill")

    assert fill("light") == "rgb(255, 255, 255)"
    assert fill("dark") == "rgb(21, 26, 33)"


def test_on_paper_the_whole_graph_is_as_wide_as_the_page(open_page):
    page = open_page("/graph")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.locator(".network[role=group]").bounding_box()["width"] <= 700
