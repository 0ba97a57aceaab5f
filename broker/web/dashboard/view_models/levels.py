"""How high everything of a layered graph stands: boxes, the stops between them, and their ports.

A box is as tall as its lines need, one lane each. It stands as near to its neighbours as the
order of its layer allows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from broker.web.dashboard.view_models.layering import Edge, Layered, Vertex

LOWEST_BOX = 44
LANE = 24  # what one line takes at a box, or passing one
_SPACE = 14  # between two boxes
_ROUNDS = 4
_STRAIGHT = 6.0  # a passing line stays straight before a box stands well
_STILL = 0.01

Link = tuple[Vertex, Edge]  # to a vertex, as a part of an edge
Links = dict[Vertex, list[Link]]
Ports = Mapping[Link, int]


@dataclass(frozen=True, slots=True)
class Levels:
    """`middles` are the heights of the vertices, ports are relative to them.

    A port is where an edge is at one of its ends, or passes. A loop has two, where it leaves and
    where it comes back.
    """

    middles: Mapping[Vertex, int]
    heights: Mapping[Vertex, int]
    ports: Ports
    loops: Mapping[Vertex, tuple[int, int]]


def levels(graph: Layered, looping: frozenset[Vertex]) -> Levels:
    """The levels of a graph; the edges of the `looping` to themselves are in none of its chains."""
    before, after = _links(graph)
    ports: dict[Link, int] = {}
    loops: dict[Vertex, tuple[int, int]] = {}
    heights: dict[Vertex, int] = {}
    for vertex in (each for layer in graph.layers for each in layer):
        coming, leaving = before.get(vertex, []), after.get(vertex, [])
        lanes = len(leaving) + 2 * (vertex in looping)
        ports |= {(vertex, edge): _port(i, len(coming)) for i, (_, edge) in enumerate(coming)}
        ports |= {(vertex, edge): _port(i, lanes) for i, (_, edge) in enumerate(leaving)}
        loops[vertex] = (_port(lanes - 2, lanes), _port(lanes - 1, lanes))
        is_box = vertex < len(graph.names)
        heights[vertex] = max(LOWEST_BOX, LANE * max(lanes, len(coming))) if is_box else LANE
    scene = _Scene(len(graph.names), heights, ports, before, after)
    return Levels(_middles(graph, scene), heights, ports, loops)


def spread(wanted: Sequence[tuple[float, float]], room: Sequence[int]) -> list[int]:
    """Places in order, each as near to the one it wants as `room` between neighbours allows.

    `wanted`, one at least, are (place, weight); `room[i]` is needed between i and i + 1. The least
    squares are found by pooling: who would come too close to the one before moves together with it.
    """
    shift = list(accumulate(room, initial=0))
    pools: list[tuple[float, float, int]] = []  # weighted sum, weight, how many
    for (place, weight), offset in zip(wanted, shift, strict=True):
        total, heft, count = (place - offset) * weight, weight, 1
        while pools and pools[-1][0] * heft >= total * pools[-1][1]:
            last = pools.pop()
            total, heft, count = last[0] + total, last[1] + heft, last[2] + count
        pools.append((total, heft, count))
    places = [round(total / heft) for total, heft, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(places, shift, strict=True)]


@dataclass(frozen=True, slots=True)
class _Scene:
    boxes: int  # vertices below this number are boxes
    heights: Mapping[Vertex, int]
    ports: Ports
    before: Links
    after: Links

    def room(self, upper: Vertex, lower: Vertex) -> int:
        """What lies between the middles of two that stand on each other."""
        space = _SPACE if max(upper, lower) < self.boxes else 0
        return (self.heights[upper] + self.heights[lower]) // 2 + space

    def wanted(
        self, vertex: Vertex, near: Sequence[Link], middles: Mapping[Vertex, int]
    ) -> tuple[float, float]:
        """Where the vertex would have its links level, and how much it wants it."""
        if not near:
            return float(middles[vertex]), _STILL
        level = (
            middles[each] + self.ports[each, edge] - self.ports[vertex, edge] for each, edge in near
        )
        weight = 1.0 if vertex < self.boxes else _STRAIGHT
        return sum(level) / len(near), weight * len(near)


def _links(graph: Layered) -> tuple[Links, Links]:
    """To the layer before and to the one after, each in the order of that layer."""
    before: Links = {}
    after: Links = {}
    for edge, chain in graph.chains.items():
        for left, right in pairwise(chain):
            after.setdefault(left, []).append((right, edge))
            before.setdefault(right, []).append((left, edge))
    place = {vertex: index for layer in graph.layers for index, vertex in enumerate(layer)}
    for links in (*before.values(), *after.values()):
        links.sort(key=lambda link: place[link[0]])
    return before, after


def _port(index: int, lanes: int) -> int:
    return LANE * index - LANE * (lanes - 1) // 2


def _middles(graph: Layered, scene: _Scene) -> dict[Vertex, int]:
    """Forth and back, then once by both sides, so that a box between two stands between them."""
    middles: dict[Vertex, int] = {}
    for layer in graph.layers:
        _place(layer, [(0.0, 1.0)] * len(layer), scene, middles)
    for _ in range(_ROUNDS):
        _pass(graph.layers, (scene.before,), scene, middles)
        _pass(graph.layers[::-1], (scene.after,), scene, middles)
    _pass(graph.layers, (scene.before, scene.after), scene, middles)
    return middles


def _pass(
    path: Sequence[Sequence[Vertex]],
    sides: Sequence[Links],
    scene: _Scene,
    middles: dict[Vertex, int],
) -> None:
    for layer in path:
        near = ([each for side in sides for each in side.get(vertex, ())] for vertex in layer)
        wanted = [
            scene.wanted(vertex, some, middles) for vertex, some in zip(layer, near, strict=True)
        ]
        _place(layer, wanted, scene, middles)


def _place(
    layer: Sequence[Vertex],
    wanted: Sequence[tuple[float, float]],
    scene: _Scene,
    middles: dict[Vertex, int],
) -> None:
    room = [scene.room(upper, lower) for upper, lower in pairwise(layer)]
    middles.update(zip(layer, spread(wanted, room), strict=True))
