"""The graph of all integrations, or of those around one participant; the same as a table."""

from dataclasses import dataclass

from flask import Response, request

from broker.domain.network import Connection, Network, NetworkQuery
from broker.domain.overview import State
from broker.services.network import network
from broker.web.context import context
from broker.web.dashboard.addresses import origin
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.queries import (
    name_in_query,
    number_in_query,
    text_in_query,
    word_in_query,
)
from broker.web.dashboard.rendering import templates
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.mermaid import mermaid_of
from broker.web.dashboard.view_models.network import Drawing, drawing_of

_ALL = "all"
_USUAL_DEPTHS = (1, 2, 3, 4)
_DEEPEST = 99
_MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class NetworkScreen:
    """What was asked for, and what there is of it."""

    wanted: NetworkQuery
    network: Network

    @property
    def drawing(self) -> Drawing | None:
        """The picture; `None` when nothing passes the filters."""
        place = self.wanted.environment
        absent = "no version yet" if place is None else f"not in {place}"
        return drawing_of(self.network.connections, focus=self.network.focus, absent=absent)

    @property
    def listed(self) -> tuple[Connection, ...]:
        """The rows of the table: the worst of them, when there are more than a page can hold."""
        return self.network.connections[:_MOST_LISTED]

    @property
    def depths(self) -> tuple[int, ...]:
        """The steps to choose from, with the one that was chosen."""
        return tuple(sorted({*_USUAL_DEPTHS, self.wanted.depth or 1}))

    @property
    def filters(self) -> tuple[tuple[str, str, str | None], ...]:
        """(Parameter, label, value) of each."""
        wanted = self.wanted
        return (
            ("focus", "around", self.network.focus),
            ("env" if "env" in request.args else "environment", "environment", wanted.environment),
            ("status", "status", wanted.state.value if wanted.state else None),
        )


def graph() -> Shown:
    """GET the graph."""
    return Shown("graph.html", _screen())


def graph_svg() -> Response:
    """GET the drawing by itself; its links lead to this broker from wherever it is kept."""
    template = templates().get_template("graph.svg.html")
    root = origin().removesuffix(request.script_root)
    return _file("graph.svg", template.render(page=_screen(), root=root), "image/svg+xml")


def graph_mermaid() -> Response:
    """GET the graph as text that Mermaid draws."""
    return _file("graph.mmd", mermaid_of(_screen().network.connections), "text/plain")


def _screen() -> NetworkScreen:
    focus = name_in_query("focus", kind="participant")
    depth = _depth()
    wanted = NetworkQuery(
        focus=focus,
        depth=depth if focus else None,
        environment=name_in_query("env") or name_in_query("environment"),
        state=word_in_query("status", State),
    )
    return NetworkScreen(wanted, network(context().store, wanted))


def _depth() -> int | None:
    """One step unless the query says otherwise; `None` for all."""
    if text_in_query("depth") == _ALL:
        return None
    return number_in_query("depth", most=_DEEPEST, or_else=_ALL) or 1


def _file(name: str, text: str, kind: str) -> Response:
    """An answer to keep under this name."""
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


SCREENS = (Screen("/graph", graph),)
EXPORTS = (("/graph.svg", graph_svg), ("/graph.mmd", graph_mermaid))
