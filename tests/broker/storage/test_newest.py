"""The newest row of an owner, and what a screen asks about many owners at once."""

import pytest
from builders import World, failed, passed
from sqlalchemy import bindparam, event
from sqlalchemy.dialects import postgresql

from broker.domain.overview import IntegrationSelection
from broker.domain.paging import Page
from broker.domain.participant import VersionRef
from broker.storage import tables as t
from broker.storage.newest import newest_of
from broker.storage.overviews import _AT_MAIN
from broker.storage.publication_facts import _NEWEST, _PREDECESSORS


@pytest.fixture
def world(store):
    return World(store)


def newest_version_of(store, participant):
    """The row found for a participant's id, and the id."""
    statement = newest_of(t.versions.c.participant_id, bindparam("which"))
    with store.reading() as work:
        transaction = work.versions._transaction
        which = transaction.participant_id(participant)
        return transaction.row(statement, {"which": which}), which


def test_the_newest_row_of_an_owner_is_found_between_those_of_others(store, world):
    world.publishes("shop@1", "pricing", ["a"])
    world.publishes("desk@1", "pricing", ["a"])
    world.publishes("shop@2", "pricing", ["a"])
    world.publishes("desk@2", "pricing", ["a"])

    row, shop = newest_version_of(store, "shop")

    assert row.owner == shop
    with store.reading() as work:
        assert row.id == work.versions._transaction.version_id(VersionRef("shop", "2"))


def test_the_row_of_somebody_else_shows_by_its_owner(store, world):
    world.publishes("shop@1", "zoo", ["a"])

    row, zoo = newest_version_of(store, "zoo")  # has no version, and a higher id than shop

    with store.reading() as work:
        assert row.owner == work.versions._transaction.participant_id("shop")
    assert row.owner < zoo


def test_a_producer_without_versions_has_none_on_the_overview(store, world):
    world.publishes("desk@1", "stock", ["a"])
    world.publishes("shop@1", "zoo", ["a"])
    world.verifies("stock@7", "desk@1", passed("a"))

    with store.reading() as work:
        found = work.overviews.integrations(IntegrationSelection())

    versions = {each.integration.producer: each.producer_version for each in found}
    assert versions == {"stock": "7", "zoo": None}


def test_many_integrations_cost_as_many_statements_as_few(store, world):
    sent = []
    event.listen(store._engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    def asked():
        sent.clear()
        with store.reading() as work:
            work.overviews.integrations(IntegrationSelection())
        return len(sent)

    for number in range(3):
        world.publishes(f"shop-{number}@1", "pricing", [f"tool-{number}"])
    world.verifies("pricing@1", "shop-0@1", passed("tool-0"))
    few = asked()
    for number in range(3, 20):
        world.publishes(f"shop-{number}@1", "pricing", [f"tool-{number}"])
        world.verifies("pricing@1", f"shop-{number}@1", passed(f"tool-{number}"))

    assert asked() == few


def test_many_versions_of_a_participant_are_tallied_in_one_statement(store, world):
    for number in range(30):
        world.publishes(f"shop@{number}", "pricing", [f"tool-{number % 3}"])
    for number in range(3):
        outcome = failed if number == 2 else passed
        world.verifies("pricing@1", f"shop@{number}", outcome(f"tool-{number}"))
    sent = []
    event.listen(store._engine, "before_cursor_execute", lambda *given: sent.append(given[2]))

    with store.reading() as work:
        numbers = [each.number for each in work.versions.page("shop", Page()).items]
        sent.clear()
        found = work.overviews.tallies("shop", numbers)
        asked = len(sent)
        of_producer = work.overviews.tallies("pricing", ["1", "7"])

    assert (len(found), asked) == (30, 1)
    assert (found["0"], found["28"], found["29"]) == ((1, 0), (1, 0), (0, 1))
    assert of_producer == {"1": (2, 1), "7": (0, 0)}


def test_a_result_counts_once_for_a_version_that_is_on_both_sides_of_it(store, world):
    world.publishes("shop@1", "shop", ["a"])
    world.verifies("shop@1", "shop@1", passed("a"))

    with store.reading() as work:
        assert work.overviews.tallies("shop", ["1"]) == {"1": (1, 0)}


def test_verifiers_are_listed_newest_first_and_at_most_twenty_without_the_one_asked(store, world):
    world.publishes("shop@1", "pricing", ["a"])
    for number in range(25):
        world.verifies(f"pricing@{number}", "shop@1", passed("a"))

    with store.reading() as work:
        (facts,) = work.overviews.integrations(IntegrationSelection())

    assert facts.producer_version == "24"
    assert facts.verified_by == tuple(str(number) for number in range(23, 3, -1))


@pytest.mark.parametrize("statement", [_PREDECESSORS, _AT_MAIN, _NEWEST])
def test_a_limit_of_one_row_is_written_into_the_statement(statement):
    """As a parameter it would be planned anew for every publication."""
    written = str(statement.compile(dialect=postgresql.dialect()))

    assert "LIMIT 1" in written
    assert "LIMIT %" not in written
