"""A directed graph on a plane: boxes in columns, lines from port to port, parts beside each other.

A line leaves its box level, past the room for its label, and bends only between that and the next
column: no line crosses a label. All numbers are whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from broker.web.dashboard.view_models.layering import Edge, Layered, Vertex, layered
from broker.web.dashboard.view_models.levels import LANE, Levels, levels

BOX_WIDTH = 184
LABEL_ROOM = 122  # right of a box, where its lines are level
WIDEST = 1180  # of parts beside each other; one part alone may be wider
_NEAREST, _FARTHEST = 64, 180  # what the bends between two columns take
_BETWEEN_PARTS = 34


@dataclass(frozen=True, slots=True)
class Box:
    """A node; `x` and `y` are its upper left corner."""

    name: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a line is level: from `x` to `end` at `y`."""

    x: int
    end: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge from left to right; a `turned` one points to where its stops begin.

    That of a node to itself leaves at the first of two stops and comes back at the second.
    """

    edge: Edge
    stops: tuple[Stop, ...]
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands where, from (0, 0) to (`width`, `height`); boxes and lines by their names."""

    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    width: int = 0
    height: int = 0


def plan(nodes: Iterable[str], edges: Iterable[Edge]) -> Plan:
    """The graph; the same for the same nodes and edges in any order."""
    wanted = sorted({*edges})
    names = {*nodes, *(name for edge in wanted for name in edge)}
    parts = [_part(some, wanted) for some in _parts(names, wanted)]
    return _beside_each_other(sorted(parts, key=_largest_first))


def _parts(names: Iterable[str], edges: Sequence[Edge]) -> list[frozenset[str]]:
    """The nodes that hang together."""
    near: dict[str, set[str]] = {name: {name} for name in sorted(names)}
    for source, target in edges:
        near[source].add(target)
        near[target].add(source)
    found: list[frozenset[str]] = []
    left = dict.fromkeys(near)
    while left:
        part: set[str] = set()
        edge = {next(iter(left))}
        while edge:
            part |= edge
            edge = {each for name in edge for each in near[name]} - part
        found.append(frozenset(part))
        for name in part:
            del left[name]
    return found


def _part(names: frozenset[str], edges: Sequence[Edge]) -> Plan:
    mine = [edge for edge in edges if edge[0] in names]
    graph = layered(names, mine)
    looping = frozenset(graph.names.index(source) for source, target in mine if source == target)
    heights = levels(graph, looping)
    columns = _columns(graph, heights)
    boxes = [
        _box(graph.names[vertex], columns[layer], vertex, heights)
        for layer, column in enumerate(graph.layers)
        for vertex in column
        if vertex < len(graph.names)
    ]
    at = {vertex: columns[layer] for layer, each in enumerate(graph.layers) for vertex in each}
    lines = [
        Line(edge, _stops(edge, chain, at, heights), edge in graph.turned)
        for edge, chain in graph.chains.items()
    ]
    lines += [_loop(graph.names[vertex], vertex, at[vertex], heights) for vertex in looping]
    return _at_the_corner(boxes, lines)


def _largest_first(part: Plan) -> tuple[int, str]:
    return -len(part.boxes), part.boxes[0].name


def _beside_each_other(parts: Iterable[Plan]) -> Plan:
    """The parts in rows as wide as allowed, in their order."""
    boxes: list[Box] = []
    lines: list[Line] = []
    x = y = width = height = 0
    for part in parts:
        if x and x + part.width > WIDEST:
            x, y = 0, height + _BETWEEN_PARTS
        boxes += [_moved_box(box, x, y) for box in part.boxes]
        lines += [_moved_line(line, x, y) for line in part.lines]
        width, height = max(width, x + part.width), max(height, y + part.height)
        x += part.width + 2 * _BETWEEN_PARTS
    return Plan(
        boxes=tuple(sorted(boxes, key=lambda box: box.name)),
        lines=tuple(sorted(lines, key=lambda line: line.edge)),
        width=width,
        height=height,
    )


def _columns(graph: Layered, heights: Levels) -> list[int]:
    """Where each layer begins; the steeper the bends before it, the more room they have."""
    steepest = [0] * len(graph.layers)
    layer_of = {vertex: index for index, layer in enumerate(graph.layers) for vertex in layer}
    for edge, chain in graph.chains.items():
        for left, right in pairwise(chain):
            rise = abs(_level(left, edge, heights) - _level(right, edge, heights))
            steepest[layer_of[right]] = max(steepest[layer_of[right]], rise)
    columns = [0]
    for rise in steepest[1:]:
        bend = min(_FARTHEST, max(_NEAREST, rise // 3))
        columns.append(columns[-1] + BOX_WIDTH + LABEL_ROOM + bend)
    return columns


def _level(vertex: Vertex, edge: Edge, heights: Levels) -> int:
    return heights.middles[vertex] + heights.ports[vertex, edge]


def _box(name: str, x: int, vertex: Vertex, heights: Levels) -> Box:
    height = heights.heights[vertex]
    return Box(name, x, heights.middles[vertex] - height // 2, height)


def _stops(
    edge: Edge, chain: Sequence[Vertex], at: Mapping[Vertex, int], heights: Levels
) -> tuple[Stop, ...]:
    """Level beside the first box, through the columns between, and at the last."""
    first, last = at[chain[0]] + BOX_WIDTH, at[chain[-1]]
    return (
        Stop(first, first + LABEL_ROOM, _level(chain[0], edge, heights)),
        *(
            Stop(at[vertex], at[vertex] + BOX_WIDTH + LABEL_ROOM, heights.middles[vertex])
            for vertex in chain[1:-1]
        ),
        Stop(last, last, _level(chain[-1], edge, heights)),
    )


def _loop(name: str, vertex: Vertex, x: int, heights: Levels) -> Line:
    leaves, returns = (heights.middles[vertex] + port for port in heights.loops[vertex])
    begin, end = x + BOX_WIDTH, x + BOX_WIDTH + LABEL_ROOM
    return Line((name, name), (Stop(begin, end, leaves), Stop(begin, end, returns)))


def _at_the_corner(boxes: Sequence[Box], lines: Sequence[Line]) -> Plan:
    """The part moved to where its highest box and line are at 0, with what it takes."""
    stops = [stop for line in lines for stop in line.stops]
    top = min([box.y for box in boxes] + [stop.y - LANE // 2 for stop in stops])
    low = max([box.y + box.height for box in boxes] + [stop.y + LANE // 2 for stop in stops])
    right = [
        stop.end + LANE for line in lines if line.edge[0] == line.edge[1] for stop in line.stops
    ]
    return Plan(
        boxes=tuple(sorted((_moved_box(box, 0, -top) for box in boxes), key=lambda box: box.name)),
        lines=tuple(_moved_line(line, 0, -top) for line in lines),
        width=max([box.x + BOX_WIDTH for box in boxes] + right),
        height=low - top,
    )


def _moved_box(box: Box, x: int, y: int) -> Box:
    return replace(box, x=box.x + x, y=box.y + y)


def _moved_line(line: Line, x: int, y: int) -> Line:
    stops = (Stop(stop.x + x, stop.end + x, stop.y + y) for stop in line.stops)
    return replace(line, stops=tuple(stops))
