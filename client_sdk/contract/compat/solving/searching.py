"""Searches a value of one term: kind by kind, alternative by alternative.

The alternatives of a kind are explored as a tableau: literals go into a `State`, disjunctions wait
as clauses. A clause loses the options that clash and vanishes when one holds; a clause with one
option left is taken. Only then the search branches, on the clause with the fewest options,
telling later options that the earlier ones failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.compat.solving.arrays import ArrayState
from client_sdk.contract.compat.solving.models import Collected, Models, Search
from client_sdk.contract.compat.solving.numbers import NumberState
from client_sdk.contract.compat.solving.objects import ObjectState
from client_sdk.contract.compat.solving.state import State
from client_sdk.contract.compat.solving.strings import StringState
from client_sdk.contract.compat.terms import kinds, nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue

MOST_TRIALS: Final = 40_000  # options beside options that are looked at before splitting
_ATOMS: Final[dict[int, JsonValue]] = {kinds.NULL: None, kinds.FALSE: False, kinds.TRUE: True}
_STATES: Final[dict[int, type[State]]] = {
    kinds.NUMBER: NumberState,
    kinds.STRING: StringState,
    kinds.ARRAY: ArrayState,
    kinds.OBJECT: ObjectState,
}


def search(arena: Arena, node: Node, want: int) -> Search[Models]:
    """Search up to `want` values of a term, of any kind."""
    collected = Collected(want, arena.meter)
    for kind in kinds.SEARCHED:
        if not node.mask & kind:
            continue
        part = arena.restrict(node, kind)
        if part is arena.never:
            continue
        if collected.missing <= 0:
            collected.complete = False
            break
        if kind in _ATOMS:
            collected.extend([_ATOMS[kind]])
        else:
            collected.add((yield from _search_kind(arena, kind, part, collected.missing)))
    return collected.models()


@dataclass(slots=True)
class _Alternative:
    """One way to go: what is known, what is still to be taken in, and the open clauses."""

    state: State
    todo: list[Node]
    clauses: list[tuple[Node, ...]]

    def settle(self) -> bool:
        """Take in all that is forced; False when it clashes."""
        while True:
            if not self._take_all():
                return False
            self.clauses.extend(self.state.spelled_out())
            if not self._reduce():
                return False
            if not self.todo:
                return True

    def _take_all(self) -> bool:
        while self.todo:
            node = self.todo.pop()
            if isinstance(node, nodes.All):
                self.todo.extend(reversed(node.parts))
            elif isinstance(node, nodes.AnyOf):
                self.clauses.append(node.parts)
            elif node is self.state.arena.never or (
                node is not self.state.arena.anything and not self.state.add(node)
            ):
                return False
        return True

    def _reduce(self) -> bool:
        """Drop options that clash and clauses that hold; put what is forced to be taken in."""
        open_clauses: list[tuple[Node, ...]] = []
        for clause in self.clauses:
            self.state.arena.meter.spend()
            options = self._open_options(clause)
            if options is None:
                continue
            if not options:
                return False
            if len(options) == 1:
                self.todo.append(options[0])
            else:
                open_clauses.append(options)
        self.clauses = open_clauses
        return True

    def _open_options(self, clause: tuple[Node, ...]) -> tuple[Node, ...] | None:
        options: list[Node] = []
        for option in clause:
            screened = screened_term(self.state, option)
            if screened is True:
                return None
            if screened is None:
                options.append(option)
        return tuple(options)


def screened_term(state: State, node: Node) -> bool | None:
    """Say whether a term already holds in a state, clashes with it, or neither."""
    if isinstance(node, nodes.All):
        answers = [screened_term(state, part) for part in node.parts]
        if False in answers:
            return False
        return None if None in answers else True
    if isinstance(node, nodes.AnyOf):
        answers = [screened_term(state, part) for part in node.parts]
        if True in answers:
            return True
        return None if None in answers else False
    return state.screened(node)


def _search_kind(arena: Arena, kind: int, part: Node, want: int) -> Search[Models]:
    collected = Collected(want, arena.meter)
    waiting = [_Alternative(_STATES[kind](arena), [part], [])]
    first = True
    while waiting:
        if collected.missing <= 0:
            collected.complete = False
            break
        arena.meter.spend()
        alternative = waiting.pop()
        if not alternative.settle():
            continue
        if alternative.clauses and (yield from _closed(alternative, everything=first)):
            continue
        first = False
        if alternative.state.listed is not None:
            collected.add(alternative.state.candidates(_as_terms(arena, alternative.clauses)))
        elif alternative.clauses:
            waiting.extend(reversed(_branched(arena, alternative)))
        else:
            # As many as are wanted in all: another alternative may have given the same ones.
            collected.add((yield from alternative.state.models(want)))
    return collected.models()


def _closed(alternative: _Alternative, *, everything: bool) -> Search[bool]:
    """Look one level into parts: say whether the state, or some whole clause, is hopeless.

    With `everything` each option of each clause is tried, first on its own, then beside the
    other clauses; the options that fail go. So a union on the left is paired with the
    branches on the right that cover it before anything is split.
    """
    if (yield from alternative.state.refuted()):
        return True
    if not everything:
        return False
    if (yield from _thinned_out(alternative, beside=False)):
        return True
    options = sum(map(len, alternative.clauses))
    if len(alternative.clauses) < 2 or options**2 > MOST_TRIALS:  # noqa: PLR2004 - no others
        return False
    return (yield from _thinned_out(alternative, beside=True))


def _thinned_out(alternative: _Alternative, *, beside: bool) -> Search[bool]:
    """Drop every option that is hopeless; say whether a clause has none left."""
    clauses = alternative.clauses
    for position, clause in enumerate(clauses):
        others = clauses[:position] + clauses[position + 1 :] if beside else []
        options: list[Node] = []
        for option in clause:
            trial = _Alternative(alternative.state.copied(), [option], list(others))
            hopeless = not trial.settle() or (yield from trial.state.refuted())
            options.extend(() if hopeless else (option,))
        if not options:
            return True
        clauses[position] = tuple(options)
    return not alternative.settle()


def _branched(arena: Arena, alternative: _Alternative) -> list[_Alternative]:
    """Split on the clause with the fewest options; later ones know that earlier ones failed."""
    clauses = alternative.clauses
    chosen = min(range(len(clauses)), key=lambda index: len(clauses[index]))
    rest = clauses[:chosen] + clauses[chosen + 1 :]
    failed: list[Node] = []
    branches: list[_Alternative] = []
    for option in clauses[chosen]:
        branches.append(
            _Alternative(alternative.state.copied(), [option, *reversed(failed)], list(rest))
        )
        if isinstance(option, nodes.Literal):
            failed.append(arena.dual(option))
    return branches


def _as_terms(arena: Arena, clauses: Iterable[tuple[Node, ...]]) -> list[Node]:
    return [arena.any_of(clause) for clause in clauses]
