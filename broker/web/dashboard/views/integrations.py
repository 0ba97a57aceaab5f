"""One integration: its state, its versions against each other, what changed, and its history."""

from dataclasses import dataclass

from flask import Response

from broker.domain.matrix import MatrixQuery, MatrixRow
from broker.domain.overview import IntegrationPage
from broker.domain.paging import Page, Slice
from broker.domain.publication import StoredPublication
from broker.services.can_i_deploy import matrix as read_matrix
from broker.services.overview import integration_page
from broker.services.publications import get_publication
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.exports import csv_answer, every_item
from broker.web.dashboard.queries import name_in_query, page_in_query
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.version_grid import VersionGrid, version_grid_of

_MATRIX_SIZE = 200
_COLUMNS = (
    "consumer", "consumer_version", "producer", "producer_version", "outcome", "stale", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StateScreen:
    """How the integration stands; `newest` is what it is judged by."""

    integration: IntegrationPage
    newest: StoredPublication


@dataclass(frozen=True, slots=True)
class MatrixScreen:
    """Versions against versions, one page of them."""

    consumer: str
    producer: str
    environment: str | None
    branch: str | None
    grid: VersionGrid
    next: str | None


def integration_state(consumer: str, producer: str) -> Shown:
    """GET the newest state."""
    store = context().store
    found = integration_page(store, consumer, producer, Page(limit=10))
    shown = found.row.facts.newest
    newest = get_publication(store, shown.consumer, shown.producer, shown.version)
    return Shown("integration.html", StateScreen(found, newest))


def integration_history(consumer: str, producer: str) -> Shown:
    """GET every publication and the newest results."""
    found = integration_page(context().store, consumer, producer, page_in_query())
    return Shown("integration_history.html", found)


def integration_matrix(consumer: str, producer: str) -> Shown:
    """GET versions against versions."""
    found = _rows(consumer, producer, page_in_query(_MATRIX_SIZE))
    screen = MatrixScreen(
        consumer=consumer,
        producer=producer,
        environment=name_in_query("env"),
        branch=name_in_query("branch"),
        grid=version_grid_of(found.items),
        next=found.next,
    )
    return Shown("integration_matrix.html", screen)


def integration_matrix_csv(consumer: str, producer: str) -> Response:
    """GET the same rows as CSV."""
    rows = (
        (
            row.consumer.participant,
            row.consumer.number,
            row.producer,
            row.producer_version,
            row.outcome.value,
            row.stale,
            row.digest,
        )
        for row in every_item(lambda page: _rows(consumer, producer, page))
    )
    return csv_answer("matrix", _COLUMNS, rows)


def _rows(consumer: str, producer: str, page: Page) -> Slice[MatrixRow]:
    query = MatrixQuery(
        page=page,
        consumer=consumer,
        producer=producer,
        environment=name_in_query("env"),
        branch=name_in_query("branch"),
    )
    return read_matrix(context().store, query)


_PAIR = "/integrations/<consumer>/<producer>"
SCREENS = (
    Screen(_PAIR, integration_state),
    Screen(f"{_PAIR}/history", integration_history),
    Screen(f"{_PAIR}/matrix", integration_matrix),
)
EXPORTS = ((f"{_PAIR}/matrix.csv", integration_matrix_csv),)
