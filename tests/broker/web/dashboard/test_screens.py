"""What each screen says, as a page and as data."""

import json
from datetime import timedelta

import pytest
from builders import a_tool, failed

from broker.web.dashboard.rendering import ago, ticked

SCREENS = [
    "/",
    "/?view=list",
    "/overview/live",
    "/participants",
    "/participants/shop",
    "/participants/shop?tab=integrations",
    "/participants/shop?tab=environments",
    "/participants/shop/versions/2",
    "/integrations/shop/pricing",
    "/integrations/shop/pricing/matrix",
    "/integrations/shop/pricing/diff",
    "/integrations/shop/pricing/diff?view=split",
    "/integrations/shop/pricing/diff?view=unified",
    "/integrations/shop/pricing/history",
    "/verifications",
    "/verifications/RESULT",
    "/can-i-deploy",
    "/can-i-deploy?participant=shop&version=2&to=production",
    "/environments",
    "/environments/production",
    "/evidence",
    "/evidence?kind=chaos",
    "/help",
]


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_is_a_page_that_allows_nothing_inline(reader, history, path):
    answer = reader.get(path.replace("RESULT", str(history.result)))
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    policy = answer.headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_gives_its_data_to_whoever_prefers_json(reader, history, path):
    assert isinstance(reader.json(path.replace("RESULT", str(history.result))), dict)


@pytest.mark.parametrize(
    "path",
    [
        "/overview.json",
        "/participants.json",
        "/participants/shop.json",
        "/participants/shop/versions/2.json",
        "/integrations/shop/pricing.json",
        "/integrations/shop/pricing/diff.json",
        "/can-i-deploy.json",
        "/environments/production.json",
        "/evidence.json",
        "/verifications/RESULT.json",
    ],
)
def test_the_data_is_at_the_same_address_with_json_at_the_end(reader, history, path):
    answer = reader.get(path.replace("RESULT", str(history.result)))
    assert answer.mimetype == "application/json"
    assert answer.status_code == 200


def test_a_participant_whose_name_ends_in_json_has_its_page(reader, world):
    world.publishes("data.json@1", "pricing")
    assert 'href="/participants/data.json?format=html"' in reader.text("/")
    assert reader.get("/participants/data.json?format=html").mimetype == "text/html"
    data = reader.json("/participants/data.json?format=html")
    assert data["participant"]["participant"]["name"] == "data.json"


def test_the_overview_counts_and_names_what_needs_somebody(reader, history):
    page = reader.text("/")
    assert "Needs attention" in page
    assert "pricing@1 failed it: quote." in page
    data = reader.json("/")
    assert data["overview"]["total"] == 2
    assert [row["state"] for row in data["overview"]["rows"]] == ["failed", "verified"]


def test_a_state_is_a_shape_and_a_word(reader, history):
    page = reader.text("/")
    assert 'icon-cross" ' in page
    assert "failed" in page
    assert 'icon-check" ' in page
    assert "verified" in page


def test_filters_that_let_nothing_pass_are_named_with_a_way_out(reader, history):
    page = reader.text("/?status=stale&participant=shop")
    assert "No integration passes these filters" in page
    assert "status: stale" in page
    assert "participant: shop" in page
    assert 'href="/?participant=shop">clear' in page


def test_a_branch_nobody_published_on_is_a_filter_and_no_empty_broker(reader, history):
    page = reader.text("/?branch=nope")

    assert "No integration passes these filters" in page
    assert "branch: nope" in page
    assert "No contract has been published here yet" not in page


def test_more_than_ten_that_need_somebody_are_counted_and_ten_are_shown(reader, world):
    for number in range(12):
        world.publishes(f"c{number}@1", "pricing", [a_tool(version=str(number))], branch="main")
        world.verifies("pricing@1", f"c{number}@1", failed(), branch="main")

    page = reader.text("/")

    assert "the 10 most urgent of 12" in page
    assert len(reader.json("/")["overview"]["attention"]) == 10


def test_the_partners_of_a_participant_are_listed_worst_first(reader, history):
    found = reader.json("/participants/pricing?tab=integrations")["participant"]["as_producer"]

    assert [each["state"] for each in found] == ["failed", "verified"]


def test_a_badge_can_be_taken_to_a_readme(reader, history):
    root = "http://localhost"

    of_pair = reader.text("/integrations/shop/pricing")
    of_place = reader.text("/participants/pricing?tab=environments")

    picture = f"{root}/api/v1/badges/contracts/shop/pricing.svg"
    assert f'data-copy="[![Tallystick]({picture})]({root}/integrations/shop/pricing)"' in of_pair
    picture = f"{root}/api/v1/badges/deploy/pricing/production.svg"
    assert f'data-copy="[![Tallystick]({picture})]({root}/participants/pricing)"' in of_place
    assert reader.get("/api/v1/badges/deploy/pricing/production.svg").status_code == 200


def test_words_between_back_ticks_are_code_and_nothing_else_is_trusted():
    assert ticked("`a<b` is new, ` alone") == "<code>a&lt;b</code> is new, ` alone"
    assert ticked("plain & simple") == "plain &amp; simple"


def test_an_environment_filter_names_what_stands_there(reader, history):
    assert "production: " in reader.text("/?env=production")


def test_an_empty_broker_teaches_the_publish_command(reader):
    page = reader.text("/")
    command = "tally publish contracts/ --version 1.0.0 --branch main --broker-url http://localhost"
    assert command in page


def test_the_difference_shows_who_is_hurt_and_the_witness(reader, history):
    page = reader.text("/integrations/shop/pricing/diff?from=1&to=2")
    assert "breaking" in page
    assert "refuted" in page
    assert "consumers" in page
    assert "curl -sS -X POST" in page


def test_the_patch_turns_the_old_content_into_the_new(reader, history):
    answer = reader.get("/integrations/shop/pricing/diff.patch?from=1&to=2")
    assert answer.mimetype == "application/json-patch+json"
    assert json.loads(answer.data) == [
        {
            "op": "add",
            "path": "/tools/0/input_schema/sku/maxLength",
            "value": 3,
        }
    ]


def test_one_version_alone_has_no_difference_yet(reader, history):
    assert "There is only one version" in reader.text("/integrations/fine/pricing/diff")


def test_a_decision_comes_with_reasons_and_the_command(reader, history):
    page = reader.text("/can-i-deploy?participant=shop&version=2&to=production")
    assert "No" in page
    assert "verification-failed" in page
    assert "tally can-i-deploy --participant shop --version 2 --environment production" in page


def test_a_decision_may_be_asked_against_main_branches(reader, history):
    assert "--to-main" in reader.text("/can-i-deploy?participant=fine&version=1&to=@main")


def test_a_result_shows_each_violation(reader, history):
    page = reader.text(f"/verifications/{history.result}")
    assert "price is text" in page
    assert "/price" in page
    assert "&lt;b&gt;12&lt;/b&gt;" in page


def test_a_contract_is_a_tree_with_an_anchor_at_every_place(reader, history):
    digest = history.publishes("other@1", "pricing").publication.digest
    page = reader.text(f"/contracts/{digest}")
    assert 'id="/tools/0/output_schema"' in page
    data = reader.get(f"/contracts/{digest}.json")
    assert data.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_a_search_finds_participants_by_any_part_of_the_name(reader, history):
    page = reader.text("/participants?q=RICI")
    assert ">pricing</a>" in page
    assert ">shop</a>" not in page
    assert "No participant is called that" in reader.text("/participants?q=nobody")


def test_the_board_of_the_past_shows_what_stood_then(reader, history):
    assert "Nothing stands anywhere at that time" in reader.text(
        "/environments?at=2001-01-01T00:00"
    )
    assert reader.json("/environments")["board"]["rows"][0]["participant"] == "fine"


def test_the_grid_of_versions_links_to_the_results(reader, history):
    page = reader.text("/integrations/shop/pricing/matrix")
    assert f'href="/verifications/{history.result}"' in page


def test_an_example_can_be_sent_from_the_page_of_its_contract(reader, world):
    example = {
        "name": "one sku",
        "input": {"sku": "a"},
        "response": {"status_code": 200, "body": {"price": 1}},
    }
    tool = a_tool(examples=[example])
    digest = world.publishes("shop@1", "pricing", [tool]).publication.digest
    page = reader.text(f"/contracts/{digest}")
    assert "Example: one sku" in page
    assert "&#34;input&#34;: {&#34;sku&#34;: &#34;a&#34;}" in page


def test_the_steps_of_a_history_lead_to_each_other(reader, history):
    history.publishes("shop@3", "pricing", [a_tool(version="3")], branch="main")
    newest = reader.text("/integrations/shop/pricing/diff")
    assert 'rel="prev"' in newest
    assert 'rel="next"' not in newest
    first = reader.text("/integrations/shop/pricing/diff?from=1&to=2")
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "now"), (3, "3 h"), (24 * 9, "9 d"), (24 * 400, "1 y")]
)
def test_times_are_told_in_one_word(app, reader, world, hours, words):
    moment = world.clock.now() - timedelta(hours=hours)
    with app.test_request_context():
        assert ago(moment) == words
