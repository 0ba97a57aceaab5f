"""The dashboard in the hands of a reader: copying, small windows, paper, odd addresses."""

import pytest

pytestmark = pytest.mark.browser

DIFF = "/integrations/web/orders/diff"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_a_copy_button_copies_what_it_names_and_says_so(open_page):
    page = open_page("/can-i-deploy?participant=web&version=2&to=production", **CLIPBOARD)
    button = page.locator(".command .copy").last

    button.click()

    assert clipboard(page).startswith("tally can-i-deploy --participant web --version 2")
    assert "done" in button.get_attribute("class")
    assert page.inner_text("#announce") == "Copied"


def test_a_witness_a_pointer_and_a_curl_line_can_be_copied(open_page):
    page = open_page(DIFF, **CLIPBOARD)
    copied = {}
    for what in ("JSON Pointer", "the witness as JSON", "this comparison as curl"):
        page.locator(f'[data-copy][title="Copy {what}"]').first.click()
        copied[what] = clipboard(page)

    assert copied["JSON Pointer"].startswith("/")
    assert copied["the witness as JSON"].startswith("{")
    assert copied["this comparison as curl"].startswith("curl -sS 'http")


def test_one_key_copies_the_address_of_the_page(open_page, site):
    page = open_page(DIFF + "?view=split", **CLIPBOARD)

    page.keyboard.press("y")

    assert clipboard(page) == f"{site.origin}{DIFF}?view=split"


@pytest.mark.parametrize("width", [360, 900, 1024, 1221])
def test_every_part_of_the_navigation_is_within_the_window(open_page, width):
    page = open_page("/", width=width)

    boxes = [link.bounding_box() for link in page.locator(".top nav a").all()]

    assert len(boxes) == 7
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    nav = page.locator(".top nav")
    assert nav.evaluate("each => each.scrollWidth <= each.clientWidth")  # none scrolled away


def test_a_command_never_breaks_inside_an_option(open_page):
    page = open_page("/can-i-deploy?participant=web&version=2&to=production", width=360)
    line = page.locator(".command code span").first.bounding_box()["height"]

    words = page.locator(".command code span", has_text="--").all()

    assert len(words) > 3
    assert all(word.bounding_box()["height"] <= line for word in words)


def test_paper_shows_everything_that_is_folded_and_nothing_that_is_clicked(open_page):
    page = open_page(f"/contracts/{digest_of_first(open_page)}")
    page.locator("details").first.evaluate("each => each.removeAttribute('open')")

    page.emulate_media(media="print", color_scheme="dark")

    assert not page.locator("header.top").is_visible()
    assert not page.locator(".copy").first.is_visible()
    assert page.locator("details").first.locator("ul").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def digest_of_first(open_page):
    page = open_page("/integrations/web/orders")
    return page.locator('a[href^="/contracts/"]').first.get_attribute("title")


def test_half_an_escape_in_the_address_stops_nothing(open_page):
    page = open_page("/help#%")

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.id") == "search"


def test_a_cell_is_a_link_from_edge_to_edge_and_the_corner_stays(open_page):
    page = open_page("/?order=names")
    cell = page.locator("[data-grid] td.bad").first
    corner = page.locator(".corner").evaluate("each => getComputedStyle(each).left")

    assert cell.locator("a").bounding_box()["height"] >= cell.bounding_box()["height"] - 2
    assert corner == "0px"


def test_a_wide_table_scrolls_by_keyboard(open_page):
    page = open_page("/participants/web/versions/2", width=360)
    region = page.locator(".scroll").first

    region.focus()
    page.keyboard.press("ArrowRight")

    assert region.evaluate(
        """each => new Promise((found) => {
          const look = () => (each.scrollLeft > 0 ? found(true) : requestAnimationFrame(look));
          look();
        })"""
    )


def test_going_back_shows_the_filters_of_that_page(open_page):
    page = open_page("/")
    page.select_option("select[name=status]", "failed")
    page.wait_for_url("**status=failed*")
    page.select_option("select[name=view]", "list")
    page.wait_for_url("**view=list*")

    page.go_back()
    assert page.input_value("select[name=view]") == "grid"
    page.go_back()
    assert page.input_value("select[name=status]") == ""


def test_a_count_keeps_the_view_and_the_order(open_page):
    page = open_page("/?view=list&order=names&cursor=")

    page.locator(".count", has_text="failed").click()
    page.wait_for_url("**status=failed*")

    assert {"view=list", "order=names", "status=failed"} == set(
        page.url.partition("?")[2].split("&")
    )
