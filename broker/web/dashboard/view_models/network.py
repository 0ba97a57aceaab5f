"""The network as a drawing: consumers to the left of their producers, the same for the same rows.

Layers are longest paths once the edges that close a circle are turned away; within a layer a
participant stands near those it is connected with.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from broker.domain.overview import OverviewRow

LARGEST = 150  # participants; more cannot be read, and the table says it all
BOX = (190, 40)
_COLUMN, _ROW, _MARGIN, _BEND = 330, 64, 20, 70
_LONGEST_NAME = 20
_PART = 0.35
_PART_LEFT = 1 - _PART

Edges = Mapping[str, tuple[str, ...]]  # consumer -> its producers, in order


@dataclass(frozen=True, slots=True)
class Box:
    """One participant; `x` and `y` are its upper left corner, `shown` as much of it as has room."""

    name: str
    shown: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """One integration, from the consumer's right side to the producer's left; words at `x`, `y`."""

    row: OverviewRow
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Network:
    """What is drawn; `lines` are in the order of the rows."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def neighbourhood(
    rows: Sequence[OverviewRow], focus: str, depth: int | None
) -> tuple[OverviewRow, ...]:
    """The rows among participants at most `depth` steps from `focus`; all it reaches for `None`."""
    near, edge = {focus}, {focus}
    steps = len(rows) if depth is None else depth
    while edge and steps > 0:
        beyond = {side for row in rows for side in _sides(row) if edge & set(_sides(row))}
        edge = beyond - near
        near |= edge
        steps -= 1
    return tuple(row for row in rows if near.issuperset(_sides(row)))


def network_of(rows: Sequence[OverviewRow]) -> Network | None:
    """The rows as a drawing; `None` when there are none, or too many participants to see any."""
    names = sorted({side for row in rows for side in _sides(row)})
    if not names or len(names) > LARGEST:
        return None
    edges = {
        name: tuple(sorted({row.producer for row in rows if row.consumer == name}))
        for name in names
    }
    columns = _in_order(_layers(edges), edges)
    boxes = {
        name: Box(name, _shortened(name), _MARGIN + _COLUMN * x, _MARGIN + _ROW * y)
        for x, column in enumerate(columns)
        for y, name in enumerate(column)
    }
    return Network(
        boxes=tuple(boxes[name] for name in names),
        lines=tuple(_line(row, boxes[row.consumer], boxes[row.producer]) for row in rows),
        width=2 * _MARGIN + _COLUMN * (len(columns) - 1) + BOX[0],
        height=2 * _MARGIN + _ROW * (max(map(len, columns)) - 1) + BOX[1],
    )


def _sides(row: OverviewRow) -> tuple[str, str]:
    return row.consumer, row.producer


def _layers(edges: Edges) -> dict[str, int]:
    """The longest way to each participant, in an order in which every consumer comes first."""
    order, forward = _sorted_without_circles(edges)
    layers = dict.fromkeys(order, 0)
    for name in order:
        for producer in forward[name]:
            layers[producer] = max(layers[producer], layers[name] + 1)
    return layers


def _sorted_without_circles(edges: Edges) -> tuple[list[str], dict[str, list[str]]]:
    """A topological order, and the edges without those that lead back to where one came from."""
    forward: dict[str, list[str]] = {name: [] for name in edges}
    done: list[str] = []
    finished: set[str] = set()
    for start in edges:
        way: dict[str, Iterable[str]] = {} if start in finished else {start: iter(edges[start])}
        while way:
            name = next(reversed(way))
            producer = next(iter(way[name]), None)
            if producer is None:
                del way[name]
                finished.add(name)
                done.append(name)
            elif producer not in way:  # else it closes a circle
                forward[name].append(producer)
                if producer not in finished:
                    way[producer] = iter(edges[producer])
    return done[::-1], forward


def _in_order(layers: Mapping[str, int], edges: Edges) -> list[list[str]]:
    """Columns of names, each name near the middle of those in earlier columns that lead to it."""
    columns: list[list[str]] = [[] for _ in range(max(layers.values()) + 1)]
    place: dict[str, float] = {}
    for name in sorted(layers):
        columns[layers[name]].append(name)
    for column in columns:
        before = {name: [place[each] for each in place if name in edges[each]] for name in column}
        middle = {name: sum(at) / len(at) if at else 0.0 for name, at in before.items()}
        column.sort(key=lambda name: (middle[name], name))
        place |= {name: float(index) for index, name in enumerate(column)}
    return columns


def _line(row: OverviewRow, consumer: Box, producer: Box) -> Line:
    x1, y1 = consumer.x + BOX[0], consumer.y + BOX[1] // 2
    x2, y2 = producer.x, producer.y + BOX[1] // 2
    sag = _ROW if x2 <= x1 and y1 == y2 else 0  # back along its own row: below the boxes
    xs, ys = (x1, x1 + _BEND, x2 - _BEND, x2), (y1, y1 + sag, y2 + sag, y2)
    path = f"M{xs[0]} {ys[0]}C{xs[1]} {ys[1]} {xs[2]} {ys[2]} {xs[3]} {ys[3]}"
    return Line(row, path, _along(xs), _along(ys))


def _along(points: tuple[int, int, int, int]) -> int:
    """A place on a Bézier curve before its middle, where lines that cross are still apart."""
    weights = (_PART_LEFT**3, 3 * _PART_LEFT**2 * _PART, 3 * _PART_LEFT * _PART**2, _PART**3)
    return round(sum(weight * point for weight, point in zip(weights, points, strict=True)))


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
