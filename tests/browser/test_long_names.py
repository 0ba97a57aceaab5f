"""The longest names there may be: nothing is cut off, no page grows wider than its window."""

import pytest
from builders import a_tool

pytestmark = pytest.mark.browser

LONG = "n" * 128
PRODUCER = "p" * 128
PLACE = "e" * 63
CALL = {"name": "e" * 200, "provider_state": "s" * 100, "input": {"sku": "i" * 500}}


def tell(world):
    world.has_environment(PLACE, production=False)
    tool = a_tool("t" * 128, description="d" * 500, examples=[CALL])
    first = world.publishes(f"{LONG}@{'1' * 128}", PRODUCER, [tool], branch="b" * 100)
    world.publishes(f"{LONG}@2", PRODUCER, [a_tool("t" * 128)], branch="main")
    world.publishes("web@1", "orders", branch="main")
    world.publishes(f"wide@{'w' * 128}", "far", branch="main")
    world.verifies(f"far@{'f' * 128}", f"wide@{'w' * 128}", branch="main")
    world.deploys(f"{LONG}@{'1' * 128}", PLACE, instance="i" * 100)
    return first.publication.digest


@pytest.fixture(scope="module")
def site(serve):
    with serve(tell) as standing:
        yield standing


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?view=list",
        f"/?env={PLACE}",
        "/graph",
        "/participants",
        f"/participants/{LONG}",
        f"/participants/{LONG}?tab=integrations",
        f"/participants/{LONG}?tab=environments",
        f"/participants/{LONG}/versions/{'1' * 128}",
        f"/integrations/{LONG}/{PRODUCER}",
        f"/integrations/{LONG}/{PRODUCER}/matrix",
        f"/integrations/{LONG}/{PRODUCER}/history",
        f"/integrations/{LONG}/{PRODUCER}/diff",
        "/contracts/DIGEST",
        "/can-i-deploy",
        f"/can-i-deploy?participant={LONG}&version=2&to={PLACE}",
        "/environments",
        f"/environments/{PLACE}",
    ],
)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_longest_names_fit_into_every_window(open_page, site, path, width):
    page = open_page(path.replace("DIGEST", site.digest), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_pair_of_long_versions_leaves_the_rest_of_the_grid_in_sight(open_page):
    page = open_page("/")
    assert page.locator(".grid").bounding_box()["width"] < 1280


def test_a_long_name_breaks_and_a_usual_one_does_not(open_page):
    page = open_page("/participants")
    region = page.locator(".scroll")
    heights = {
        name: page.locator("tbody th a", has_text=name).first.bounding_box()["height"]
        for name in ("web", "orders", LONG)
    }

    assert region.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert heights["web"] == heights["orders"]
    assert heights[LONG] > 2 * heights["web"]
