"""The first screen: every integration in a grid, and what needs somebody."""

from dataclasses import dataclass

from flask import Response

from broker.domain.overview import Overview, OverviewFilter, OverviewRow, State
from broker.domain.paging import LARGEST_LIMIT, Page, Slice
from broker.domain.states import NEEDS_ATTENTION
from broker.services.overview import overview as read_overview
from broker.web.context import context
from broker.web.dashboard.addresses import LIVE
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.exports import csv_answer, every_item
from broker.web.dashboard.queries import (
    choice_in_query,
    name_in_query,
    page_in_query,
    text_in_query,
    word_in_query,
)
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.grid import Grid, grid_of

_VIEWS = ("grid", "list")
_ORDERS = ("worst", "names")
_LIST_SIZE = 100
_COLUMNS = (
    "consumer", "consumer_version", "producer", "producer_version", "state", "because", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OverviewScreen:
    """`grid` is `None` when a list is wanted, or the grid would not fit into a page."""

    wanted: OverviewFilter
    overview: Overview
    grid: Grid | None

    @property
    def needy(self) -> int:
        """How many integrations need somebody; `overview.attention` holds the most urgent."""
        return sum(count for state, count in self.overview.counts if state in NEEDS_ATTENTION)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Those that are set, as (parameter, value)."""
        wanted = self.wanted
        given = (
            ("env", wanted.environment),
            ("branch", wanted.branch),
            ("status", wanted.state.value if wanted.state else None),
            ("participant", wanted.participant),
        )
        return tuple((name, value) for name, value in given if value is not None)


def overview() -> Shown:
    """GET the overview."""
    return Shown("overview.html", _screen())


def overview_live() -> Shown:
    """GET the part of the overview that is asked for again and again."""
    return Shown("overview_live.html", _screen())


def overview_csv() -> Response:
    """GET the integrations that pass the filters, as CSV."""
    wanted = _wanted()

    def read(page: Page) -> Slice[OverviewRow]:
        found = read_overview(context().store, wanted, page)
        return Slice(found.rows, found.next)

    rows = (
        (
            row.consumer,
            row.facts.newest.version,
            row.producer,
            row.facts.producer_version,
            row.state.value,
            row.because,
            row.facts.newest.digest,
        )
        for row in every_item(read)
    )
    return csv_answer("overview", _COLUMNS, rows)


def _screen() -> OverviewScreen:
    wanted = _wanted()
    store = context().store
    as_list = choice_in_query("view", _VIEWS) == "list" or text_in_query("cursor") is not None
    page = page_in_query(_LIST_SIZE if as_list else LARGEST_LIMIT)
    found = read_overview(store, wanted, page)
    grid = None if as_list or found.next else grid_of(found.rows)
    if grid is None and len(found.rows) > _LIST_SIZE:
        found = read_overview(store, wanted, Page(limit=_LIST_SIZE))
    return OverviewScreen(wanted, found, grid)


def _wanted() -> OverviewFilter:
    return OverviewFilter(
        environment=name_in_query("env"),
        branch=name_in_query("branch"),
        state=word_in_query("status", State),
        participant=name_in_query("participant"),
        worst_first=choice_in_query("order", _ORDERS) == "worst",
    )


SCREENS = (
    Screen("/", overview),
    Screen(LIVE, overview_live, is_live=True),
)
EXPORTS = (("/overview.csv", overview_csv),)
