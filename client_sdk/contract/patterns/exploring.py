"""Walks the automaton of a formula breadth first, within a budget."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from client_sdk.contract.patterns.alphabet import Alphabet
from client_sdk.contract.patterns.derivatives import Derivatives
from client_sdk.contract.patterns.moves import Left
from client_sdk.contract.patterns.nodes import Node

DEFAULT_STATES = 20_000
# A state may be as wide as its pattern; working out this many parts is the price of a state.
STEPS_PER_STATE = 10
STATES_BETWEEN_LOOKS = 64


@dataclass(frozen=True, slots=True)
class Exhausted:
    """The budget ran out before the answer was known. Neither true nor false.

    ``states`` is the budget that was spent.
    """

    states: int

    def __bool__(self) -> NoReturn:
        raise TypeError("Exhausted is no answer: ask with isinstance before using it as one")


class State(NamedTuple):
    """What the rest of the text must fit, and what stands before it."""

    formula: Node
    left: Left


class Edge(NamedTuple):
    """Every letter of ``mask`` leads to ``target``."""

    mask: int
    target: State


@dataclass(slots=True)
class Automaton:
    """The states of a formula, worked out on demand.

    ``most`` is the length no text exceeds; the walker stops there. ``None`` means no bound.
    ``watch`` is called now and then, and may raise to end a walk that takes too long.
    Surrogates are no characters of a JSON text, so no edge carries them.
    """

    derivatives: Derivatives
    start: State
    budget: int
    most: int | None
    watch: Callable[[], None] | None = None
    _walked: int = 0

    @property
    def alphabet(self) -> Alphabet:
        """Return the alphabet the edges are labelled with."""
        return self.derivatives.arena.alphabet

    def spent(self) -> bool:
        """Tell whether the budget is used up."""
        return self._walked >= self.budget or self.derivatives.work >= self.budget * STEPS_PER_STATE

    @property
    def cost(self) -> int:
        """Return how many states the work done so far is worth."""
        return max(self._walked, self.derivatives.work // STEPS_PER_STATE)

    def ends(self, state: State) -> bool:
        """Tell whether a text may end here."""
        return self.derivatives.ends(state.formula, state.left)

    def edges(self, state: State) -> list[Edge]:
        """Return where the letters lead, the most readable first."""
        self._walked += 1
        if self.watch is not None and self._walked % STATES_BETWEEN_LOOKS == 0:
            self.watch()
        targets: dict[State, int] = {}
        for part in self._parts(state):
            letter = part.bit_length() - 1
            formula = self.derivatives.after(state.formula, state.left, letter)
            if formula is not self.derivatives.arena.nothing:
                target = State(formula, self.derivatives.left_of(formula, letter))
                targets[target] = targets.get(target, 0) | part
        edges = [Edge(mask, target) for target, mask in targets.items()]
        edges.sort(key=lambda edge: self.alphabet.favourite(edge.mask))
        return edges

    def _parts(self, state: State) -> list[int]:
        """Cut the letters into parts that all lead to one place each."""
        masks = self.derivatives.masks(state.formula, state.left)
        if self.alphabet.word:
            masks.add(self.alphabet.word)
        parts = [self.alphabet.letters & ~self.alphabet.surrogates]
        for mask in masks:
            cut = [piece for part in parts for piece in (part & mask, part & ~mask)]
            parts = [piece for piece in cut if piece]
        return parts


def shortest_path(automaton: Automaton) -> list[int] | Exhausted | None:
    """Find the letters (as masks) of a shortest text.

    ``None`` means there is no such text.
    """
    origin: dict[State, tuple[State, int] | None] = {automaton.start: None}
    frontier = [automaton.start]
    depth = 0
    while frontier:
        following: list[State] = []
        for state in frontier:
            if automaton.ends(state):
                return _walked(origin, state)
            if depth == automaton.most:
                continue
            if automaton.spent():
                return Exhausted(automaton.budget)
            for edge in automaton.edges(state):
                if edge.target not in origin:
                    origin[edge.target] = (state, edge.mask)
                    following.append(edge.target)
        frontier = following
        depth += 1
    return None


def _walked(origin: dict[State, tuple[State, int] | None], state: State) -> list[int]:
    masks: list[int] = []
    step = origin[state]
    while step is not None:
        state, mask = step
        masks.append(mask)
        step = origin[state]
    return masks[::-1]
