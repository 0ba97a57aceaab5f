"""When integrations make a grid, and what stands in it."""

from datetime import UTC, datetime

from broker.domain.overview import IntegrationFacts, OverviewRow, State
from broker.domain.publication import Integration, Publication
from broker.web.dashboard.view_models.grid import GridSide, grid_of


def row(consumer, producer, *, version="1", producer_version="7"):
    newest = Publication(consumer, version, producer, "d", (), datetime(2026, 1, 1, tzinfo=UTC))
    facts = IntegrationFacts(Integration(consumer, producer), newest, producer_version)
    return OverviewRow(facts, State.VERIFIED, "because")


def test_cells_stand_where_consumer_and_producer_meet():
    grid = grid_of([row("web", "orders"), row("batch", "users")])
    assert [side.name for side in grid.producers] == ["orders", "users"]
    assert [each.consumer.name for each in grid.rows] == ["web", "batch"]
    assert grid.rows[0].cells[0].consumer == "web"
    assert grid.rows[0].cells[1] is None


def test_a_version_stands_at_the_head_only_when_all_cells_agree():
    grid = grid_of([row("web", "orders"), row("web", "users", version="2")])
    assert grid.rows[0].consumer == GridSide("web", None)
    assert grid.producers[0] == GridSide("orders", "7")


def test_nothing_makes_no_grid():
    assert grid_of([]) is None


def test_two_hundred_on_a_side_are_a_grid_and_one_more_is_not():
    rows = [row(f"c{number}", "orders") for number in range(201)]
    assert grid_of(rows[:200]) is not None
    assert grid_of(rows) is None
