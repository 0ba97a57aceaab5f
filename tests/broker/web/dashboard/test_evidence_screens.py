"""What the screens say about evidence (issue 4 point 9)."""

import pytest
from builders import a_tool

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def guarded(world):
    """`shop@1` fits `pricing@1` in `guarded`, which demands chaos evidence."""
    world.has_environment("guarded", requires=("chaos",))
    world.publishes("shop@1", "pricing", [a_tool(expectations={"max_bytes": 9})])
    world.verifies("pricing@1", "shop@1")
    world.deploys("pricing@1", to="guarded")
    return world


ASKED = "/can-i-deploy?participant=shop&version=1&to=guarded"


def test_the_list_of_an_empty_broker_shows_the_command_that_fills_it(reader):
    assert "tally evidence publish evidence.json --broker-url http://localhost" in reader.text(
        "/evidence"
    )


def test_the_list_filters_and_says_what_it_filtered_by(reader, guarded):
    found = guarded.finds("shop@1")

    listed = reader.text("/evidence?participant=shop&kind=chaos")
    nothing = reader.text("/evidence?participant=shop&kind=canary")

    assert f'href="/evidence/{found.id}"' in listed
    assert "kind: canary" in nothing
    assert 'href="/evidence"' in nothing


def test_a_kind_outside_its_grammar_is_a_problem_page(reader, guarded):
    assert reader.get("/evidence?kind=A+B").status_code == 400


def test_one_piece_of_evidence_is_shown_with_what_the_run_recorded(reader, guarded):
    found = guarded.finds("shop@1", "fail", numbers={"injections": 12}, note=HOSTILE)

    page = reader.text(f"/evidence/{found.id}")

    assert "injections" in page
    assert "fail" in page
    assert HOSTILE not in page
    assert "&lt;/script&gt;" in page
    data = reader.json(f"/evidence/{found.id}")
    assert data["evidence"]["payload"]["numbers"] == {"injections": 12}


@pytest.mark.parametrize(("path", "status"), [("/evidence/4711", 404), ("/evidence/x", 422)])
def test_evidence_that_is_not_there_is_a_problem_page(reader, guarded, path, status):
    assert reader.get(path).status_code == status


def test_a_payload_too_large_to_fold_is_shown_as_text(reader, guarded):
    found = guarded.finds("shop@1", numbers=list(range(5_000)))

    assert '<pre class="json"' in reader.text(f"/evidence/{found.id}")


def test_a_version_shows_the_latest_of_each_kind(reader, guarded):
    older = guarded.finds("shop@1", "fail", run=1)
    newer = guarded.finds("shop@1", "pass", run=2)

    page = reader.text("/participants/shop/versions/1")

    assert f'href="/evidence/{newer.id}"' in page
    assert f'href="/evidence/{older.id}"' not in page
    assert 'href="/evidence?participant=shop&amp;version=1"' in page


def test_a_version_without_evidence_shows_the_command_that_publishes_some(reader, guarded):
    page = reader.text("/participants/shop/versions/1")

    assert "tally evidence publish FILE --participant shop --version 1" in page


def test_can_i_deploy_says_what_is_required_and_missing(reader, guarded):
    page = reader.text(ASKED)

    assert "Cannot decide" in page
    assert "evidence-missing" in page
    assert "tally evidence publish FILE --participant shop --version 1 --kind chaos" in page
    assert "None was found." in page


def test_can_i_deploy_links_the_evidence_it_looked_at(reader, guarded):
    failed = guarded.finds("shop@1", "fail")
    slow = guarded.measures("pricing@1", max_bytes=10)

    page = reader.text(ASKED)

    for found in (failed, slow):
        assert f'<a class="inline" href="/evidence/{found.id}">' in page
    assert "expectation-broken" in page


def test_an_environment_that_demands_nothing_shows_no_evidence(reader, world):
    world.has_environment("open")
    world.publishes("shop@1", "pricing")
    world.finds("shop@1")

    assert "Evidence looked at" not in reader.text(
        "/can-i-deploy?participant=shop&version=1&to=open"
    )


def test_an_environment_says_what_it_demands(reader, guarded):
    assert 'href="/evidence?kind=chaos">chaos</a>' in reader.text("/environments/guarded")
