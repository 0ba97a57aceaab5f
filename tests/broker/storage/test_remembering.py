"""A transaction asks for nothing twice, and remembers nothing that it has changed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from builders import World, a_tool
from sqlalchemy import event

from broker.domain.participant import VersionRef

AT = datetime(2026, 1, 1, tzinfo=UTC)
# Nine reads to look and to see that it still holds, nine writes; one more is a choice somebody makes.
MOST_STATEMENTS = 18


@pytest.fixture
def statements(store):
    """Every statement that the store sends."""
    sent = []

    def note(_connection, _cursor, statement, *_others):
        sent.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    return sent


def test_a_change_is_published_in_few_statements(store, statements):
    world = World(store)
    for number in (1, 2):
        world.publishes(
            f"shop@{number}", "pricing", [a_tool(description=str(number))], branch="main"
        )
    statements.clear()

    world.publishes("shop@3", "pricing", [a_tool(description="3")], branch="main")

    asked = [each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


def test_a_main_branch_that_was_taken_away_can_be_claimed_in_the_same_transaction(store):
    with store.writing() as work:
        work.participants.ensure(("shop",), AT)
        assert work.participants.claim_main_branch("shop", "main")
        claimed = work.participants.find(("shop",))["shop"]
        assert not work.participants.claim_main_branch("shop", "trunk")
        work.participants.save(replace(claimed, main_branch=None))
        assert work.participants.claim_main_branch("shop", "trunk")

    with store.reading() as work:
        assert work.participants.find(("shop",))["shop"].main_branch == "trunk"


def test_a_participant_that_was_deleted_is_made_anew_in_the_same_transaction(store):
    with store.writing() as work:
        work.participants.ensure(("shop",), AT)
        work.participants.delete("shop")
        assert work.participants.ensure(("Shop",), AT)["Shop"].name == "Shop"


def test_what_a_version_published_is_on_a_branch_that_it_joins_in_the_same_transaction(store):
    world = World(store)
    world.publishes("shop@1", "pricing", branch="main")
    world.publishes("shop@1", "shipping")

    with store.writing() as work:
        work.versions.join_branch(VersionRef("shop", "1"), "release", AT)

    with store.reading() as work:
        for producer in ("pricing", "shipping"):
            assert work.publications.latest("shop", producer, branch="release", environment=None)
