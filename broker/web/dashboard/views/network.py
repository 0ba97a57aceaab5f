"""The network of all integrations, or of those around one participant; the same as a table."""

from dataclasses import dataclass

from flask import Response

from broker.domain.environment import Environment
from broker.domain.overview import OverviewFilter, OverviewRow, State
from broker.domain.paging import Page, Slice
from broker.services.environments import list_environments
from broker.services.overview import overview as read_overview
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.exports import every_item
from broker.web.dashboard.marks import mark_of
from broker.web.dashboard.queries import choice_in_query, name_in_query, word_in_query
from broker.web.dashboard.rendering import templates
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.network import Network, neighbourhood, network_of
from client_sdk.contract.names import fold_name

_DEPTHS = ("1", "2", "3", "all")


@dataclass(frozen=True, slots=True)
class NetworkScreen:
    """`drawing` is `None` when nothing passes the filters, or too much to be drawn."""

    focus: str | None
    depth: str
    environment: str | None
    state: State | None
    environments: tuple[Environment, ...]
    rows: tuple[OverviewRow, ...]
    drawing: Network | None


def graph() -> Shown:
    """GET the network."""
    return Shown("graph.html", _screen())


def graph_svg() -> Response:
    """GET the drawing by itself."""
    text = templates().get_template("graph.svg.html").render(drawing=_screen().drawing)
    return Response(text, content_type="image/svg+xml; charset=utf-8")


def graph_mermaid() -> Response:
    """GET the network as text that Mermaid draws."""
    rows = _screen().rows
    names = sorted({name for row in rows for name in (row.consumer, row.producer)})
    number = {name: f"n{index}" for index, name in enumerate(names)}
    lines = [
        "flowchart LR",
        *(f'  {number[name]}["{name}"]' for name in names),
        *(
            f"  {number[row.consumer]} -->|{mark_of(row.state).word}| {number[row.producer]}"
            for row in rows
        ),
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _screen() -> NetworkScreen:
    focus, depth = name_in_query("focus", kind="participant"), choice_in_query("depth", _DEPTHS)
    environment, state = name_in_query("env"), word_in_query("status", State)
    rows = tuple(_rows(environment))
    if focus is not None:
        known = {fold_name(name): name for row in rows for name in (row.consumer, row.producer)}
        steps = None if depth == "all" else int(depth)
        rows = neighbourhood(rows, known.get(fold_name(focus), focus), steps)
    rows = tuple(row for row in rows if state in {None, row.state})
    return NetworkScreen(
        focus=focus,
        depth=depth,
        environment=environment,
        state=state,
        environments=list_environments(context().store),
        rows=rows,
        drawing=network_of(rows),
    )


def _rows(environment: str | None) -> list[OverviewRow]:
    """Every integration; with an environment those of which both sides stand there."""
    wanted = OverviewFilter(environment=environment)

    def read(page: Page) -> Slice[OverviewRow]:
        found = read_overview(context().store, wanted, page)
        return Slice(found.rows, found.next)

    return [
        row
        for row in every_item(read)
        if environment is None
        or (row.facts.consumer_in_environment and row.facts.producer_in_environment)
    ]


SCREENS = (Screen("/graph", graph),)
EXPORTS = (("/graph.svg", graph_svg), ("/graph.mmd", graph_mermaid))
