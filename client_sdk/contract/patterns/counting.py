"""Counts and lists the texts of an automaton, shortest first."""

from collections.abc import Iterator

from client_sdk.contract.patterns.exploring import Automaton, Edge, Exhausted, State


class Layers:
    """The states from which a text of exactly ``n`` more characters ends well, for growing n.

    Each entry says how many texts those are, with counts above ``cap`` cut off.
    """

    def __init__(self, automaton: Automaton, edges: dict[State, list[Edge]], cap: int) -> None:
        self._automaton = automaton
        self._edges = edges
        self._cap = cap
        self.layers = [{state: 1 for state in edges if automaton.ends(state)}]

    def grow(self) -> None:
        """Add the layer for texts one character longer."""
        shorter = self.layers[-1]
        layer: dict[State, int] = {}
        breadth = self._automaton.alphabet.breadth
        for state, edges in self._edges.items():
            total = sum(
                shorter[edge.target] * breadth(edge.mask)
                for edge in edges
                if edge.target in shorter
            )
            if total:
                layer[state] = min(total, self._cap)
        self.layers.append(layer)


def all_edges(automaton: Automaton) -> dict[State, list[Edge]] | Exhausted:
    """Walk every state that the start can reach and that can still end well."""
    edges: dict[State, list[Edge]] = {}
    pending = [automaton.start]
    while pending:
        state = pending.pop()
        if state in edges:
            continue
        if automaton.spent():
            return Exhausted(automaton.budget)
        edges[state] = automaton.edges(state)
        pending.extend(edge.target for edge in edges[state])
    return _alive(automaton, edges)


def longest_text(automaton: Automaton, edges: dict[State, list[Edge]]) -> int | None:
    """Return a length that no text exceeds; None when texts have no longest.

    Takes away the states one after the other that lead nowhere else: what remains is a loop.
    """
    waiting = {state: len(found) for state, found in edges.items()}
    sources = _sources(edges)
    height = dict.fromkeys(edges, 0)
    ready = [state for state, left in waiting.items() if not left]
    for state in ready:  # grows while it is walked
        for source in sources.get(state, ()):
            height[source] = max(height[source], height[state] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    if len(ready) < len(edges):
        return automaton.most
    tallest = max(height.values(), default=0)
    return tallest if automaton.most is None else min(tallest, automaton.most)


def count(automaton: Automaton, edges: dict[State, list[Edge]], cap: int) -> int | Exhausted:
    """Count the texts, stopping at ``cap``."""
    last = longest_text(automaton, edges)
    if last is None:
        return cap
    layers = Layers(automaton, edges, cap)
    total = layers.layers[0].get(automaton.start, 0)
    for length in range(last):
        if total >= cap:
            break
        if length * len(edges) > automaton.budget * 10:
            return Exhausted(automaton.budget)
        layers.grow()
        layers.layers[-2].clear()
        total += layers.layers[-1].get(automaton.start, 0)
    return min(total, cap)


def spelled(automaton: Automaton, edges: dict[State, list[Edge]], limit: int) -> Iterator[str]:
    """Yield up to ``limit`` texts, shortest first."""
    layers = Layers(automaton, edges, limit)
    last = longest_text(automaton, edges)
    length = 0
    while limit and edges and (last is None or length <= last):
        for text in _of_length(automaton, edges, layers, length):
            yield text
            limit -= 1
            if not limit:
                return
        layers.grow()
        length += 1


def _of_length(
    automaton: Automaton, edges: dict[State, list[Edge]], layers: Layers, length: int
) -> Iterator[str]:
    """Yield the texts of one length in reading order, by a walk that never runs dry."""
    if automaton.start not in layers.layers[length]:
        return
    path: list[Iterator[tuple[str, State]]] = []
    written: list[str] = []
    state = automaton.start
    while True:
        if len(written) == length:
            yield "".join(written)
        else:
            useful = layers.layers[length - len(written) - 1]
            path.append(_choices(automaton, [e for e in edges[state] if e.target in useful]))
        step = None
        while path and step is None:
            del written[len(path) - 1 :]
            step = next(path[-1], None)
            if step is None:
                path.pop()
        if step is None:
            return
        written.append(step[0])
        state = step[1]


def _choices(automaton: Automaton, edges: list[Edge]) -> Iterator[tuple[str, State]]:
    for edge in edges:
        for low, high in automaton.alphabet.readable(edge.mask):
            for code_point in range(low, high + 1):
                yield chr(code_point), edge.target


def _alive(automaton: Automaton, edges: dict[State, list[Edge]]) -> dict[State, list[Edge]]:
    """Drop the states from which no text ends well."""
    sources = _sources(edges)
    alive = {state for state in edges if automaton.ends(state)}
    pending = list(alive)
    while pending:
        for source in sources.get(pending.pop(), ()):
            if source not in alive:
                alive.add(source)
                pending.append(source)
    return {
        state: [edge for edge in found if edge.target in alive]
        for state, found in edges.items()
        if state in alive
    }


def _sources(edges: dict[State, list[Edge]]) -> dict[State, list[State]]:
    sources: dict[State, list[State]] = {}
    for state, found in edges.items():
        for edge in found:
            sources.setdefault(edge.target, []).append(state)
    return sources
