"""What the dashboard does at its edges: tags, cookies, problems, strangers' words, spreadsheets."""

import csv
import io

import pytest
from builders import a_tool

from broker.domain.paging import Slice
from broker.services.participants import ParticipantPatch, patch_participant
from broker.web.dashboard.addresses import web_link
from broker.web.dashboard.exports import every_item, safe_cell

HOSTILE = '"><script>window.__xss=1</script>'


def test_a_second_look_costs_nothing_until_something_changes(reader, history):
    first = reader.get("/overview/live")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert reader.get("/overview/live", **tag).status_code == 304
    history.publishes("late@1", "pricing")
    assert reader.get("/overview/live", **tag).status_code == 200


def test_a_page_that_did_not_change_keeps_its_policy(reader, history):
    page = reader.get("/help")
    again = reader.get("/help", **{"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    policy = "Content-Security-Policy"
    assert again.headers[policy] == page.headers[policy]


def test_the_live_part_links_to_the_page_that_holds_it(reader, history):
    assert 'href="/?participant=shop">clear' in reader.text(
        "/overview/live?status=stale&participant=shop"
    )


def test_a_page_and_its_data_have_different_tags(reader, history):
    page = reader.get("/")
    data = reader.get("/", Accept="application/json")
    assert page.headers["ETag"] != data.headers["ETag"]
    assert page.headers["Vary"] == "Accept, Cookie"


def test_the_theme_is_kept_in_a_cookie_and_rendered_here(reader):
    answer = reader.client.post("/preferences", data={"theme": "dark", "back": "/help"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/help"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert 'data-theme="dark"' in reader.text("/help")


def test_single_keys_can_be_switched_off(reader):
    reader.client.post("/preferences", data={"keys": "off"})
    assert 'data-keys="off"' in reader.text("/help")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil", "\\x"])
def test_the_switches_lead_back_to_this_site_only(reader, target):
    answer = reader.client.post("/preferences", data={"theme": "dark", "back": target})
    assert answer.headers["Location"] == "/"


def test_another_site_cannot_switch(reader):
    answer = reader.client.post(
        "/preferences", data={"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_problem_is_a_page_for_a_reader_and_a_document_for_a_machine(reader):
    page = reader.get("/participants/nobody")
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    assert page.headers["X-Request-Id"] in page.text
    document = reader.get("/participants/nobody", Accept="application/json")
    assert document.mimetype == "application/problem+json"
    assert reader.get("/api/v1/participants/nobody").mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/integrations/a/b", 404),
        ("/contracts/sha256:zz", 422),
        ("/verifications/abc", 422),
        ("/verifications/99999999999999999999999", 422),
        ("/verifications/7", 404),
        ("/?status=nonsense", 400),
        ("/?env=%00", 400),
        ("/?participant=%3Cscript%3E", 400),
        ("/?cursor=xxx", 400),
        ("/?cursor=%00", 400),
        ("/environments?at=yesterday", 400),
        ("/can-i-deploy?participant=x&version=%00&to=y", 400),
        ("/can-i-deploy?participant=x&version=1&to=%20%20y!", 400),
        ("/participants/%3Cscript%3E", 422),
        ("/nothing/here", 404),
    ],
)
def test_what_cannot_be_answered_says_so_in_a_page(reader, path, status):
    answer = reader.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"


def test_words_of_strangers_stay_words(reader, world):
    tool = a_tool(description=HOSTILE, input_schema={HOSTILE: {"type": "string"}})
    digest = world.publishes("shop@1", "pricing", [tool]).publication.digest
    patch = ParticipantPatch(
        frozenset({"display_name", "repository_url", "labels"}),
        display_name=HOSTILE,
        repository_url="javascript:alert(1)",
        labels={HOSTILE: HOSTILE},
    )
    patch_participant(world.store, "shop", patch, clock=world.clock)
    for path in (f"/contracts/{digest}", "/participants/shop", "/participants"):
        page = reader.text(path)
        assert "<script>window" not in page
        assert "&lt;script&gt;window" in page
        assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("https://ci.example/1", "https://ci.example/1"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example", None),
        ("https:\\\\evil", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_only_web_addresses_become_links(text, target):
    assert web_link(text) == target


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1"])
def test_a_spreadsheet_calculates_nothing(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("/overview.csv", "consumer"),
        ("/integrations/shop/pricing/matrix.csv", "consumer"),
        ("/environments.csv", "participant"),
    ],
)
def test_tables_can_be_taken_away_as_csv(reader, history, path, first):
    answer = reader.get(path)
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][0] == first
    assert len(rows) > 1


def test_a_name_that_begins_like_a_formula_is_quoted(reader, world):
    world.publishes("@scope:app@1", "pricing")
    assert "'@scope:app" in reader.get("/overview.csv").text


def test_own_files_are_kept_for_good_under_their_digest(reader):
    page = reader.text("/help")
    target = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with reader.get(target) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with reader.get("/static/dashboard.css") as unversioned:
        assert unversioned.headers["Cache-Control"] == "no-cache"


def test_an_export_holds_every_page():
    def read(page):
        start = 0 if page.cursor is None else int(page.cursor)
        return Slice((start, start + 1), None if start == 4 else str(start + 2))

    assert list(every_item(read)) == [0, 1, 2, 3, 4, 5]


def test_a_participant_with_more_partners_than_a_page_holds_has_them_all_counted(reader, world):
    for number in range(3):
        world.publishes(f"c{number}@1", "pricing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("broker.web.dashboard.exports.LARGEST_LIMIT", 2)
        found = reader.json("/participants")["participants"]

    assert {each["participant"]["name"]: each["consumers"] for each in found}["pricing"] == 3


def test_a_command_of_a_name_with_blanks_can_be_copied_into_a_shell(reader, history):
    history.publishes("web shop@1", "pricing", branch="main")

    assert "--participant &#39;web shop&#39; --version 1.0.0" in reader.text(
        "/participants/web%20shop?tab=environments"
    )
    assert "tally matrix --consumer &#39;web shop&#39; --producer pricing" in reader.text(
        "/integrations/web%20shop/pricing/matrix"
    )


@pytest.mark.parametrize(
    ("path", "clear"),
    [
        (
            "/integrations/shop/pricing/matrix?env=empty&branch=gone",
            "/integrations/shop/pricing/matrix?branch=gone",
        ),
        ("/verifications?consumer=shop&producer=nobody-yet", "/verifications?consumer=shop"),
        ("/evidence?kind=canary&participant=shop", "/evidence?kind=canary"),
    ],
)
def test_filters_that_leave_nothing_are_named_and_cleared_one_by_one(reader, history, path, clear):
    history.has_environment("empty", production=False)
    history.publishes("late@1", "nobody-yet")

    text = reader.text(path).replace("&amp;", "&")

    assert f'<a href="{clear}">clear' in text
    assert "Clear all filters" in text
