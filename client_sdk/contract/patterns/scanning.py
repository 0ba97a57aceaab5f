"""An automaton that grows out of derivatives while it reads, within bounds.

A state is a dictionary from symbols to states, so that reading a text it has seen the like of
costs one look-up a character.
"""

from client_sdk.contract.patterns.alphabet import alphabet_of
from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.compiling import expression_from_tree
from client_sdk.contract.patterns.derivatives import Derivatives
from client_sdk.contract.patterns.moves import Left
from client_sdk.contract.patterns.nodes import Node
from client_sdk.contract.patterns.syntax import Tree

# A character, with the answers of the look-aheads at this place where the pattern has any.
Symbol = str | tuple[str, int]

# What one scan may remember before it starts over, and what it leaves to the next one.
MOST_REMEMBERED = 100_000
MOST_KEPT = 6_000


class State(dict[Symbol, "State"]):
    """A place in the automaton; looking up a symbol yields the next one.

    ``passing`` holds the letters before which, and the ends at which, the tree may stop here;
    ``None`` until it is asked for.
    """

    __slots__ = ("formula", "left", "passing", "scanner")

    def __init__(self, scanner: "Scanner", formula: Node, left: Left) -> None:
        super().__init__()
        self.scanner = scanner
        self.formula = formula
        self.left = left
        self.passing: int | None = None

    def __missing__(self, symbol: Symbol) -> "State":
        return self.scanner.advance(self, symbol)


class Scanner:
    """Reads texts for one tree without look-aheads; may be shared between threads.

    With ``open_end`` the tree may be followed by anything; either way anything may precede it.
    """

    __slots__ = ("_derivatives", "_remembered", "_states", "start")

    def __init__(self, tree: Tree, *, tests: int, open_end: bool) -> None:
        arena = Arena(alphabet_of([tree], tests=tests))
        self._derivatives = Derivatives(arena)
        formula = expression_from_tree(arena, tree)
        if open_end:
            formula = arena.cat(formula, arena.any_text)
        self._states: dict[tuple[int, Left], State] = {}
        self._remembered = 0
        self.start = self._state(arena.cat(arena.any_text, formula), Left.START)

    def advance(self, state: State, symbol: Symbol) -> State:
        """Work out the state after one more symbol, and remember it."""
        if self.size() > MOST_REMEMBERED:
            self._forget()
        letter = self._letter(symbol)
        formula = self._derivatives.after(state.formula, state.left, letter)
        following = self._state(formula, self._derivatives.left_of(formula, letter))
        self._remembered += 1
        state[symbol] = following
        return following

    def passes(self, state: State, symbol: Symbol) -> int:
        """Return 1 if the tree may stop in this state, before this symbol; else 0."""
        passing = self._passing(state)
        return passing >> self._letter(symbol) & 1 if passing else 0

    def ends(self, state: State, answers: int) -> bool:
        """Tell whether the text may end in this state, with these answers at its end."""
        return bool(self._passing(state) & self._derivatives.arena.alphabet.end_with(answers))

    def trim(self) -> None:
        """Let go of what is more than a scanner may keep between texts."""
        if self.size() > MOST_KEPT:
            self._forget()

    def size(self) -> int:
        """Return how many nodes, results and transitions are remembered."""
        return self._remembered + self._derivatives.size()

    def steps(self) -> int:
        """Return how many derivatives have been worked out so far."""
        return self._derivatives.steps

    def _passing(self, state: State) -> int:
        if state.passing is None:
            state.passing = self._derivatives.passing(state.formula, state.left)
        return state.passing

    def _letter(self, symbol: Symbol) -> int:
        character, answers = (symbol, 0) if isinstance(symbol, str) else symbol
        return self._derivatives.arena.alphabet.letter(character, answers)

    def _state(self, formula: Node, left: Left) -> State:
        key = (formula.number, left)
        known = self._states.get(key)
        if known is None:
            known = self._states.setdefault(key, State(self, formula, left))
        return known

    def _forget(self) -> None:
        """Drop everything that can be worked out again."""
        for state in list(self._states.values()):
            state.clear()
        self._states = {(self.start.formula.number, self.start.left): self.start}
        self._remembered = 0
        self._derivatives.forget()
