"""Questions to a described language, each answered with an automaton of its own."""

from collections.abc import Callable

from client_sdk.contract.patterns.alphabet import Alphabet, alphabet_of
from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.counting import all_edges, count, longest_text, spelled
from client_sdk.contract.patterns.derivatives import Derivatives
from client_sdk.contract.patterns.exploring import Automaton, Exhausted, State, shortest_path
from client_sdk.contract.patterns.formulas import (
    Expression,
    bounded_formula,
    bounds_of,
    trees_of,
)
from client_sdk.contract.patterns.lengths import EVERY_LENGTH, Lengths
from client_sdk.contract.patterns.moves import Left

MOST_CHOICES = 62


def automaton_of(expression: Expression, lengths: Lengths, budget: int) -> Automaton:
    """Build the automaton of the described texts within the lengths."""
    derivatives = Derivatives(Arena(alphabet_of(trees_of(expression))))
    own = bounds_of(expression)
    known = None if own is None else own.overlap(lengths)
    if known is None:
        start = State(derivatives.arena.nothing, Left.START)
        return Automaton(derivatives, start, budget, most=0)
    formula = bounded_formula(derivatives.arena, expression, known)
    return Automaton(derivatives, State(formula, Left.START), budget, known.most)


def shortest_word(
    expression: Expression,
    lengths: Lengths,
    budget: int,
    *,
    seed: int = 0,
    watch: Callable[[], None] | None = None,
) -> tuple[str | Exhausted | None, int]:
    """Find a shortest text, the most readable among them, or say that there is none.

    Another ``seed`` picks other characters where the path leaves a choice. The second value is
    the cost in states. ``watch`` is called now and then, and may raise.
    """
    automaton = automaton_of(expression, lengths, budget)
    automaton.watch = watch
    path = shortest_path(automaton)
    if path is None or isinstance(path, Exhausted):
        return path, automaton.cost
    return _written(automaton.alphabet, path, seed), automaton.cost


def finite(expression: Expression, budget: int) -> bool | Exhausted:
    """Tell whether there is a longest text."""
    automaton = automaton_of(expression, EVERY_LENGTH, budget)
    edges = all_edges(automaton)
    return edges if isinstance(edges, Exhausted) else longest_text(automaton, edges) is not None


def word_count(expression: Expression, lengths: Lengths, cap: int, budget: int) -> int | Exhausted:
    """Count the texts within the lengths, stopping at ``cap``."""
    automaton = automaton_of(expression, lengths, budget)
    edges = all_edges(automaton)
    return edges if isinstance(edges, Exhausted) else count(automaton, edges, cap)


def word_list(
    expression: Expression, lengths: Lengths, limit: int, budget: int
) -> tuple[str, ...] | Exhausted:
    """List up to ``limit`` texts within the lengths, shortest first."""
    automaton = automaton_of(expression, lengths, budget)
    edges = all_edges(automaton)
    if isinstance(edges, Exhausted):
        return edges
    return tuple(spelled(automaton, edges, limit))


def _written(alphabet: Alphabet, path: list[int], seed: int) -> str:
    """Write a path in characters; seed 0 takes the most readable one at each place."""
    if seed == 0:
        return "".join(chr(alphabet.favourite(mask)[1]) for mask in path)
    written: list[str] = []
    state = seed
    for mask in path:
        choices = _readable_choices(alphabet, mask)
        # A plain linear congruence: the same everywhere, and nothing here is a secret.
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        written.append(choices[(state >> 33) % len(choices)])
    return "".join(written)


def _readable_choices(alphabet: Alphabet, mask: int) -> str:
    """Return the letters and digits of a set, or else the first kind of character it has."""
    found = list(alphabet.readable(mask))
    plain = [(low, high) for low, high in found if chr(low).isascii() and chr(low).isalnum()]
    return "".join(
        chr(code_point)
        for low, high in plain or found[:1]
        for code_point in range(low, min(high, low + MOST_CHOICES) + 1)
    )
