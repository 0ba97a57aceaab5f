"""Environments: the board of what stands where, and one environment."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response

from broker.domain.environment import Deployment, Environment, Release
from broker.domain.matrix import MatrixQuery, MatrixRow
from broker.domain.overview import Board
from broker.domain.paging import Page
from broker.services.can_i_deploy import matrix
from broker.services.environments import get_environment, list_deployments, list_releases
from broker.services.overview import board
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.exports import csv_answer
from broker.web.dashboard.queries import moment_in_query, page_in_query
from broker.web.dashboard.routing import Screen

_MOST_PAIRS = 200
_COLUMNS = ("participant", "environment", "version", "kind", "instance", "since", "state")


@dataclass(frozen=True, slots=True)
class BoardScreen:
    """The board now, or as it was at a time."""

    board: Board
    at: datetime | None


@dataclass(frozen=True, slots=True)
class EnvironmentScreen:
    """One environment: the pairs that meet there, what runs, what is supported, what ran."""

    environment: Environment
    pairs: tuple[MatrixRow, ...]
    deployments: tuple[Deployment, ...]
    releases: tuple[Release, ...]
    next: str | None


def environments() -> Shown:
    """GET the board."""
    at = moment_in_query("at")
    return Shown("environments.html", BoardScreen(board(context().store, at=at), at))


def environments_csv() -> Response:
    """GET the board as CSV, one line per version that stands somewhere."""
    found = board(context().store, at=moment_in_query("at"))
    rows = (
        (
            cell.participant,
            cell.environment,
            placement.version,
            placement.kind.value,
            placement.instance,
            placement.since.isoformat(),
            cell.state.value if cell.state else None,
        )
        for row in found.rows
        for cell in row.cells
        for placement in cell.placements
    )
    return csv_answer("environments", _COLUMNS, rows)


def environment(environment: str) -> Shown:
    """GET one environment."""
    store = context().store
    found = get_environment(store, environment)
    pairs = matrix(store, MatrixQuery(Page(limit=_MOST_PAIRS), environment=found.name))
    deployments = list_deployments(store, found.name, page_in_query(), ended=True)
    screen = EnvironmentScreen(
        environment=found,
        pairs=pairs.items,
        deployments=deployments.items,
        releases=list_releases(store, found.name, Page()).items,
        next=deployments.next,
    )
    return Shown("environment.html", screen)


SCREENS = (
    Screen("/environments", environments),
    Screen("/environments/<environment>", environment),
)
EXPORTS = (("/environments.csv", environments_csv),)
