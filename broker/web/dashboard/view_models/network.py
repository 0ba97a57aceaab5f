"""The network as a drawing: participants as boxes, integrations as lines with a word for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from broker.domain.network import Connection
from broker.domain.overview import State
from broker.web.dashboard.view_models.levels import LANE
from broker.web.dashboard.view_models.placing import BOX_WIDTH, LABEL_ROOM, Box, Line, plan

MOST_NODES = 150  # more cannot be read, and the table says it all
MOST_LINES = 300
MARGIN = 20
_LABEL_HEIGHT = 20
_LABEL_WIDTH = LABEL_ROOM - 26  # "unverified" in the widest of our fonts
_LABEL_WIDTHS = {State.FAILED: 72, State.STALE: 64, State.PENDING: 84, State.VERIFIED: 84}
_TIP = 10  # how long the head of an arrow is
_TEXT_WIDTH = BOX_WIDTH - 26
_NAME_SIZES = (
    ("ijl.:' ", 5.0),
    ("ftrI-", 6.4),
    ("mwMW@", 13.0),
    ("ABCDEFGHJKLNOPQRSTUVXYZ_+", 10.0),
)
_USUAL = 8.8  # px of any other character of a name, in the widest of our fonts
_VERSION = 7.0


@dataclass(frozen=True, slots=True)
class Node:
    """One participant; `shown` and `versions` are cut to what fits into the box.

    Without versions `versions` says so.
    """

    name: str
    shown: str
    versions: str
    title: str
    x: int
    y: int
    width: int
    height: int
    is_focus: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """One integration: the line, the head at the producer, and the corner of its label."""

    connection: Connection
    path: str
    head: str
    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: in the order one reads and tabs, a participant before what it needs.

    `left_out` are the integrations, the best, that would have been too much.
    """

    parts: tuple[tuple[Node, tuple[Arrow, ...]], ...]
    width: int
    height: int
    left_out: int


def drawing_of(
    connections: Sequence[Connection],
    *,
    focus: str | None = None,
    absent: str = "no version yet",
    most_nodes: int = MOST_NODES,
    most_lines: int = MOST_LINES,
) -> Drawing | None:
    """The connections, worst first, as far as they can be read; `None` when there are none.

    `absent` is said of who has no version.
    """
    drawn = _as_many(connections, most_nodes, most_lines)
    if not drawn:
        return None
    found = plan((), [(each.consumer, each.producer) for each in drawn])
    lines = {line.edge: line for line in found.lines}
    arrows: dict[str, list[Arrow]] = {box.name: [] for box in found.boxes}
    for each in drawn:
        arrow = _arrow(each, lines[each.consumer, each.producer])
        arrows[each.consumer].append(arrow)
    versions = _versions(drawn)
    boxes = sorted(found.boxes, key=lambda box: (box.x, box.y))
    return Drawing(
        parts=tuple(
            (
                _node(box, versions[box.name], absent, is_focus=box.name == focus),
                tuple(sorted(arrows[box.name], key=lambda arrow: arrow.y)),
            )
            for box in boxes
        ),
        width=found.width + 2 * MARGIN,
        height=found.height + 2 * MARGIN,
        left_out=len(connections) - len(drawn),
    )


def cut(text: str, width: float, sizes: Mapping[str, float], usual: float) -> str:
    """The text, or as much of its begin as fits, with three dots; sizes are px per character."""
    room = width
    for index, character in enumerate(text):
        room -= sizes.get(character, usual)
        if room < 0:
            return text[: max(1, index - 1)].rstrip(" ,") + "…"
    return text


def _as_many(
    connections: Sequence[Connection], most_nodes: int, most_lines: int
) -> list[Connection]:
    """The first of them, until there are too many participants."""
    names: set[str] = set()
    drawn = []
    for each in connections[:most_lines]:
        if len(names | each.sides) <= most_nodes:
            names |= each.sides
            drawn.append(each)
    return drawn


def _versions(connections: Sequence[Connection]) -> dict[str, tuple[str, ...]]:
    """The versions of each participant that its lines are about."""
    found: dict[str, dict[str, None]] = {}
    for each in connections:
        found.setdefault(each.consumer, {}).update(dict.fromkeys(each.consumer_versions))
        found.setdefault(each.producer, {}).update(dict.fromkeys(each.producer_versions))
    return {name: tuple(versions) for name, versions in found.items()}


def _node(box: Box, versions: Sequence[str], absent: str, *, is_focus: bool) -> Node:
    sizes = {character: size for characters, size in _NAME_SIZES for character in characters}
    joined = ", ".join(versions) or absent
    return Node(
        name=box.name,
        shown=cut(box.name, _TEXT_WIDTH, sizes, _USUAL),
        versions=cut(joined, _TEXT_WIDTH, {}, _VERSION),
        title=f"{box.name} at {joined}" if versions else f"{box.name}, {absent}",
        x=box.x + MARGIN,
        y=box.y + MARGIN,
        width=BOX_WIDTH,
        height=box.height,
        is_focus=is_focus,
    )


def _arrow(connection: Connection, line: Line) -> Arrow:
    first, last = line.stops[0], line.stops[-1]
    is_loop = connection.consumer == connection.producer
    backwards = line.turned or is_loop
    x, y = (first.x, last.y if is_loop else first.y) if backwards else (last.x, last.y)
    by = _TIP if backwards else -_TIP
    return Arrow(
        connection=connection,
        path=_loop(line) if is_loop else _path(line),
        head=f"M{x + MARGIN} {y + MARGIN}l{by}-5v10z",
        x=first.x + MARGIN + _TIP + 6,
        y=first.y + MARGIN - _LABEL_HEIGHT // 2,
        width=_LABEL_WIDTHS.get(connection.state, _LABEL_WIDTH),
    )


def _path(line: Line) -> str:
    """Level at every stop, a bend between two; it ends inside the head of the arrow."""
    first, last = line.stops[0], line.stops[-1]
    begin = first.x + MARGIN + (_TIP - 2 if line.turned else 0)
    path = f"M{begin} {first.y + MARGIN}H{first.end + MARGIN}"
    for one, two in pairwise(line.stops):
        middle = (one.end + two.x) // 2 + MARGIN
        end = two.x + MARGIN - (_TIP - 2 if two is last and not line.turned else 0)
        y = two.y + MARGIN
        path += f"C{middle} {one.y + MARGIN} {middle} {y} {end} {y}"
        path += "" if two is last else f"H{two.end + MARGIN}"
    return path


def _loop(line: Line) -> str:
    leaves, returns = line.stops
    x, y = leaves.x + MARGIN, leaves.y + MARGIN
    end, far = leaves.end + MARGIN, leaves.end + MARGIN + LANE
    back = returns.y + MARGIN
    return f"M{x} {y}H{end}C{far} {y} {far} {back} {end} {back}H{x + _TIP - 2}"
