"""A directed graph in layers: every edge leads to the next layer, long ones by way of stops.

The method is Sugiyama's: turn edges until no circle is left, give every node a layer, put a stop
into each layer that an edge passes, and order the layers so that few edges cross.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_SWEEPS = 8
_MANY = 3000  # vertices, from where on half of the sweeps must do

Edge = tuple[str, str]
Vertex = int  # a node is its place in `names`, a stop comes after all of them
Links = Mapping[Vertex, Sequence[Vertex]]


@dataclass(frozen=True, slots=True)
class Layered:
    """`chains` lead from left to right: that of a turned edge begins at the edge's target.

    An edge from a node to itself has no chain and is neither turned nor in a layer.
    """

    names: tuple[str, ...]
    layers: tuple[tuple[Vertex, ...], ...]
    chains: Mapping[Edge, tuple[Vertex, ...]]
    turned: frozenset[Edge]


@dataclass(slots=True)
class _Network:
    """The chains as neighbours: who is next to whom in the layer before and in the one after."""

    before: dict[Vertex, list[Vertex]] = field(default_factory=dict)
    after: dict[Vertex, list[Vertex]] = field(default_factory=dict)


def layered(nodes: Iterable[str], edges: Iterable[Edge]) -> Layered:
    """The graph in layers; the same for the same nodes and edges in any order."""
    names = tuple(sorted({*nodes}))
    index = {name: place for place, name in enumerate(names)}
    wanted = sorted({edge for edge in edges if edge[0] != edge[1]})
    place = _places(len(names), [(index[source], index[target]) for source, target in wanted])
    turned = frozenset(edge for edge in wanted if place[index[edge[0]]] > place[index[edge[1]]])
    rightwards = (edge[::-1] if edge in turned else edge for edge in wanted)
    ends = [(index[left], index[right]) for left, right in rightwards]
    depth = _depths(sorted(range(len(names)), key=place.__getitem__), ends)
    layers, chains = _with_stops(depth, ends)
    return Layered(
        names=names,
        layers=_ordered(layers, _network(chains)),
        chains=dict(zip(wanted, map(tuple, chains), strict=True)),
        turned=turned,
    )


def crossings(left: Sequence[Vertex], right: Sequence[Vertex], after: Links) -> int:
    """How many of the links between two layers cross."""
    place = {vertex: index for index, vertex in enumerate(right)}
    passed: list[int] = []
    found = 0
    for vertex in left:
        targets = sorted(place[each] for each in after.get(vertex, ()))
        found += sum(len(passed) - bisect_right(passed, target) for target in targets)
        for target in targets:
            insort(passed, target)
    return found


def _places(size: int, pairs: Sequence[tuple[Vertex, Vertex]]) -> list[int]:
    """A place for each node, such that few edges lead back and none does where no circle is.

    Eades, Lin and Smyth: sinks go to the end, sources to the begin, else whoever has the largest
    surplus of edges that leave.
    """
    leaving: list[set[Vertex]] = [set() for _ in range(size)]
    coming: list[set[Vertex]] = [set() for _ in range(size)]
    for source, target in pairs:
        leaving[source].add(target)
        coming[target].add(source)
    first: list[Vertex] = []
    last: list[Vertex] = []
    left = dict.fromkeys(range(size))
    while left:
        sink = next((node for node in left if not leaving[node]), None)
        node = _most_leaving(left, leaving, coming) if sink is None else sink
        (first if sink is None else last).append(node)
        del left[node]
        for target in leaving[node]:
            coming[target].discard(node)
        for source in coming[node]:
            leaving[source].discard(node)
    place = [0] * size
    for index, node in enumerate([*first, *reversed(last)]):
        place[node] = index
    return place


def _most_leaving(
    left: Iterable[Vertex], leaving: Sequence[set[Vertex]], coming: Sequence[set[Vertex]]
) -> Vertex:
    """A source if there is one, else the largest surplus; the first of equals."""
    return max(left, key=lambda node: (not coming[node], len(leaving[node]) - len(coming[node])))


def _depths(order: Sequence[Vertex], ends: Sequence[tuple[Vertex, Vertex]]) -> list[int]:
    """The longest way to each node; who calls more than calls it stands close to whom it calls."""
    after: dict[Vertex, list[Vertex]] = {}
    before: dict[Vertex, list[Vertex]] = {}
    for source, target in ends:
        after.setdefault(source, []).append(target)
        before.setdefault(target, []).append(source)
    depth = [0] * len(order)
    for node in order:
        depth[node] = max((depth[each] + 1 for each in before.get(node, ())), default=0)
    for node in reversed(order):
        targets = after.get(node, ())
        if len(targets) > len(before.get(node, ())):
            depth[node] = min(depth[each] for each in targets) - 1
    return depth


def _with_stops(
    depth: Sequence[int], ends: Sequence[tuple[Vertex, Vertex]]
) -> tuple[list[list[Vertex]], list[list[Vertex]]]:
    """The layers with a stop for each edge that passes, and each edge as a chain of vertices."""
    layers: list[list[Vertex]] = [[] for _ in range(max(depth, default=-1) + 1)]
    for node, layer in enumerate(depth):
        layers[layer].append(node)
    chains = []
    vertex = len(depth)
    for source, target in ends:
        chain = [source]
        for layer in range(depth[source] + 1, depth[target]):
            layers[layer].append(vertex)
            chain.append(vertex)
            vertex += 1
        chains.append([*chain, target])
    return layers, chains


def _network(chains: Iterable[Sequence[Vertex]]) -> _Network:
    network = _Network()
    for chain in chains:
        for left, right in pairwise(chain):
            network.after.setdefault(left, []).append(right)
            network.before.setdefault(right, []).append(left)
    return network


def _ordered(layers: list[list[Vertex]], network: _Network) -> tuple[tuple[Vertex, ...], ...]:
    """Each vertex near the middle of its neighbours, forth and back; the best that was seen."""
    current = [list(layer) for layer in layers]
    best, fewest = [tuple(layer) for layer in current], _all_crossings(current, network)
    sweeps = _SWEEPS if sum(map(len, layers)) < _MANY else _SWEEPS // 2
    for sweep in range(sweeps):
        if not fewest:
            break
        _swept(current, network, backwards=bool(sweep % 2))
        found = _all_crossings(current, network)
        if found < fewest:
            best, fewest = [tuple(layer) for layer in current], found
    return tuple(best)


def _swept(layers: list[list[Vertex]], network: _Network, *, backwards: bool) -> None:
    neighbours = network.after if backwards else network.before
    path = layers[::-1] if backwards else layers
    for fixed, moving in pairwise(path):
        place = {vertex: index for index, vertex in enumerate(fixed)}
        middle = {
            vertex: _mean([place[each] for each in neighbours.get(vertex, ())], float(index))
            for index, vertex in enumerate(moving)
        }
        moving.sort(key=middle.__getitem__)


def _mean(values: Sequence[int], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _all_crossings(layers: Sequence[Sequence[Vertex]], network: _Network) -> int:
    return sum(crossings(left, right, network.after) for left, right in pairwise(layers))
