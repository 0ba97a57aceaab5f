"""Finds a pattern in a text, in time linear in the text."""

from client_sdk.contract.patterns.alphabet import alphabet_of
from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.compiling import search_formula
from client_sdk.contract.patterns.derivatives import Derivatives, Left
from client_sdk.contract.patterns.nodes import Node
from client_sdk.contract.patterns.syntax import Tree

# What one search may remember before it starts over, and what it leaves to the next one.
MOST_REMEMBERED = 40_000
MOST_KEPT = 6_000


class _State(dict[str, "_State"]):
    """A place in the automaton; looking up a character yields the next one."""

    __slots__ = ("ends", "formula", "left", "machine")

    def __init__(self, machine: "Machine", formula: Node, left: Left) -> None:
        super().__init__()
        self.machine = machine
        self.formula = formula
        self.left = left
        self.ends = machine.derivatives.ends(formula, left)

    def __missing__(self, character: str) -> "_State":
        return self.machine.advance(self, character)


class Machine:
    """An automaton for one pattern that grows while it reads, within bounds.

    Safe to share between threads: a state is only ever replaced by an equal one.
    """

    __slots__ = ("_remembered", "_start", "_states", "derivatives")

    def __init__(self, tree: Tree) -> None:
        alphabet = alphabet_of([tree])
        self.derivatives = Derivatives(Arena(alphabet))
        formula = search_formula(self.derivatives.arena, tree)
        self._states: dict[tuple[int, Left], _State] = {}
        self._remembered = 0
        self._start = _State(self, formula, Left.START)

    def accepts(self, text: str) -> bool:
        """Tell whether the pattern is found in the text."""
        state = self._start
        for character in text:
            state = state[character]
        if self._weight() > MOST_KEPT:
            self._forget()
        return state.ends

    def advance(self, state: _State, character: str) -> _State:
        """Work out the state after one more character, and remember it."""
        if self._weight() > MOST_REMEMBERED:
            self._forget()
        letter = self.derivatives.arena.alphabet.letter(character)
        formula = self.derivatives.after(state.formula, state.left, letter)
        left = self.derivatives.left_of(formula, letter)
        key = (formula.number, left)
        following = self._states.get(key)
        if following is None:
            following = self._states.setdefault(key, _State(self, formula, left))
        self._remembered += 1
        state[character] = following
        return following

    def _weight(self) -> int:
        derivatives = self.derivatives
        return self._remembered + derivatives.size() + derivatives.arena.size()

    def _forget(self) -> None:
        """Drop everything that can be worked out again."""
        for state in [self._start, *self._states.values()]:
            state.clear()
        self._states = {}
        self._remembered = 0
        self.derivatives.forget()
