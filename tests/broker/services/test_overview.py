"""What the screens show, from histories."""

import pytest
from builders import World, a_tool, failed, not_tested

from broker.domain.errors import CursorInvalid, EnvironmentUnknown, IntegrationUnknown
from broker.domain.overview import OverviewFilter, State
from broker.domain.paging import Page, cursor_from_key
from broker.services.overview import (
    attention,
    board,
    integration_page,
    overview,
    participant_page,
    version_page,
)


@pytest.fixture
def broker(world: World) -> World:
    """One integration in each state."""
    world.has_environment()
    world.publishes("fine@1", "pricing", branch="main")
    world.verifies("pricing@1", "fine@1", branch="main")
    world.publishes("broken@1", "pricing", branch="main")
    world.verifies("pricing@1", "broken@1", failed())
    world.publishes("moved@1", "pricing", branch="main")
    world.verifies("pricing@1", "moved@1")
    world.publishes("moved@2", "pricing", [a_tool(version="2")], branch="main")
    world.publishes("fresh@1", "pricing")
    world.publishes("half@1", "pricing")
    world.verifies("pricing@1", "half@1", not_tested())
    return world


def states(found) -> dict[str, State]:
    return {row.consumer: row.state for row in found.rows}


def test_every_integration_has_one_state(broker):
    found = overview(broker.store, OverviewFilter(), Page())
    assert states(found) == {
        "broken": State.FAILED,
        "moved": State.STALE,
        "half": State.UNKNOWN,
        "fresh": State.PENDING,
        "fine": State.VERIFIED,
    }
    assert [row.consumer for row in found.rows] == ["broken", "moved", "half", "fresh", "fine"]
    assert dict(found.counts) == dict.fromkeys(State, 1)
    assert (found.total, found.matching) == (5, 5)


def test_what_needs_somebody_comes_worst_first(broker):
    assert [row.consumer for row in attention(broker.store)] == ["broken", "moved", "half"]
    assert attention(broker.store)[0].because == "pricing@1 failed it: quote."


def test_what_is_deployed_is_never_pending(broker):
    broker.deploys("fresh@1")
    found = overview(broker.store, OverviewFilter(environment="production"), Page())
    assert states(found)["fresh"] is State.UNKNOWN
    (row,) = (row for row in found.rows if row.consumer == "fresh")
    assert row.facts.consumer_in_environment == ("1",)


def test_content_that_only_other_versions_verified_is_unknown(world):
    world.publishes("shop@1", "pricing")
    world.verifies("pricing@1", "shop@1")
    world.publishes("web@1", "pricing", branch="main")
    world.verifies("pricing@2", "web@1", branch="main")
    found = overview(world.store, OverviewFilter(), Page())
    assert states(found) == {"shop": State.UNKNOWN, "web": State.VERIFIED}
    assert found.rows[0].because == "pricing@2 never verified this content; pricing@1 did."


def test_an_integration_whose_producer_never_showed_up_is_pending(world):
    world.publishes("shop@1", "pricing")
    (row,) = overview(world.store, OverviewFilter(), Page()).rows
    assert row.because == "No version of pricing has been recorded yet."


def test_the_overview_is_filtered_and_counts_all(broker):
    failing = overview(broker.store, OverviewFilter(state=State.FAILED), Page())
    assert list(states(failing)) == ["broken"]
    assert (failing.total, failing.matching) == (5, 1)
    of_one = overview(broker.store, OverviewFilter(participant="FINE"), Page())
    assert list(states(of_one)) == ["fine"]
    with pytest.raises(EnvironmentUnknown):
        overview(broker.store, OverviewFilter(environment="moon"), Page())


@pytest.mark.parametrize("worst_first", [True, False])
def test_pages_of_the_overview_follow_each_other(broker, worst_first):
    wanted = OverviewFilter(worst_first=worst_first)
    first = overview(broker.store, wanted, Page(limit=3))
    rest = overview(broker.store, wanted, Page(first.next, 3))
    assert rest.next is None
    together = [row.consumer for row in (*first.rows, *rest.rows)]
    everything = overview(broker.store, wanted, Page())
    assert together == [row.consumer for row in everything.rows]


def test_a_cursor_of_another_order_is_refused(broker):
    with pytest.raises(CursorInvalid):
        overview(broker.store, OverviewFilter(), Page(cursor_from_key(("a", "b"))))


def test_a_participant_is_shown_with_both_roles_and_its_versions(broker):
    broker.deploys("pricing@1")
    page = participant_page(broker.store, "Pricing", Page())
    assert page.participant.name == "pricing"
    assert page.as_consumer == ()
    assert len(page.as_producer) == 5
    (version,) = page.versions
    assert (version.passed, version.failed) == (2, 1)
    assert [place.environment for place in version.placements] == ["production"]
    assert [branch.name for branch in page.branches] == ["main"]


def test_a_version_is_shown_with_contracts_results_and_decisions(broker):
    broker.deploys("pricing@1")
    page = version_page(broker.store, "broken", "1")
    assert [each.producer for each in page.publications] == ["pricing"]
    assert [result.version for result in page.published_results[0]] == ["1"]
    assert [decision.answer.value for decision in page.decisions] == ["no"]
    assert len(version_page(broker.store, "pricing", "1").verifications) == 4


def test_an_integration_is_shown_with_its_history_and_places(broker):
    broker.deploys("moved@1")
    broker.deploys("pricing@1")
    page = integration_page(broker.store, "MOVED", "pricing", Page())
    assert page.row.state is State.STALE
    assert [each.version for each in page.publications] == ["2", "1"]
    assert [each.version for each in page.verifications] == ["1"]
    (pair,) = page.environments
    assert (pair.consumer_versions, pair.producer_versions) == (("1",), ("1",))
    assert pair.state is State.VERIFIED


def test_participants_without_contract_have_no_integration_page(broker):
    with pytest.raises(IntegrationUnknown):
        integration_page(broker.store, "pricing", "fine", Page())


def test_the_board_shows_states_and_drift(broker):
    broker.has_environment("test", production=False)
    broker.deploys("pricing@1")
    broker.deploys("broken@1")
    broker.deploys("fine@1")
    broker.deploys("pricing@2", to="test")
    shown = board(broker.store)
    summaries = {each.environment.name: each for each in shown.environments}
    assert (summaries["production"].participants, summaries["production"].state) == (
        3,
        State.FAILED,
    )
    assert summaries["test"].state is None
    rows = {row.participant: row for row in shown.rows}
    assert rows["pricing"].drift == 2
    assert rows["fine"].drift == 1
    cells = {cell.environment: cell.state for cell in rows["fine"].cells}
    assert cells == {"production": State.VERIFIED, "test": None}
    assert rows["broken"].cells[0].state is State.FAILED


def test_the_board_of_the_past_shows_what_stood_there(broker):
    deployment = broker.deploys("pricing@1")
    broker.deploys("pricing@2")
    past = board(broker.store, at=deployment.deployed_at)
    assert [place.version for place in past.rows[0].cells[0].placements] == ["1"]
    assert past.rows[0].cells[0].state is None


def test_an_integration_stands_nowhere_until_one_side_is_deployed(broker):
    assert integration_page(broker.store, "fine", "pricing", Page()).environments == ()
    broker.deploys("fine@1")
    (pair,) = integration_page(broker.store, "fine", "pricing", Page()).environments
    assert (pair.producer_versions, pair.state) == ((), None)


def test_an_empty_broker_has_an_empty_board(world):
    world.has_environment()
    shown = board(world.store)
    assert shown.rows == ()
    assert shown.environments[0].participants == 0
