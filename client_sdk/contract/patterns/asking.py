"""Questions to a described language, each answered with an automaton of its own."""

from client_sdk.contract.patterns.alphabet import Alphabet, alphabet_of
from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.derivatives import Derivatives, Left
from client_sdk.contract.patterns.exploring import Automaton, Exhausted, State, shortest_path
from client_sdk.contract.patterns.formulas import (
    AllOf,
    Expression,
    OfLength,
    formula_of,
    lengths_of,
    trees_of,
)
from client_sdk.contract.patterns.lengths import Lengths


def automaton_of(expression: Expression, lengths: Lengths, budget: int) -> Automaton:
    """Build the automaton, to be walked only up to the longest of ``lengths``."""
    derivatives = Derivatives(Arena(alphabet_of(trees_of(expression))))
    # The upper bound is kept by whoever walks; only the lower one has to be part of the states.
    floor = OfLength(Lengths(lengths.least, None))
    own = lengths_of(expression)
    known = lengths if own is None else own.overlap(Lengths(0, lengths.most))
    arena = derivatives.arena
    if known is None:
        formula = arena.nothing
    else:
        formula = formula_of(arena, AllOf((expression, floor)), known)
    return Automaton(derivatives, State(formula, Left.START), budget)


def shortest_word(
    expression: Expression, lengths: Lengths, budget: int, *, seed: int = 0
) -> str | None | Exhausted:
    """Find a shortest text, the most readable among them, or say that there is none.

    Another ``seed`` picks other characters where the path leaves a choice.
    """
    automaton = automaton_of(expression, lengths, budget)
    path = shortest_path(automaton, lengths.most)
    if path is None or isinstance(path, Exhausted):
        return path
    return _spelled(automaton.alphabet, path, seed)


def _spelled(alphabet: Alphabet, path: list[int], seed: int) -> str:
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
    """Return up to 62 of the most readable characters of a set, all of one kind or kinds."""
    choices: list[str] = []
    for low, high in alphabet.readable(mask):
        choices.extend(map(chr, range(low, min(high, low + 61 - len(choices)) + 1)))
        if len(choices) > 61:  # noqa: PLR2004 — letters and digits
            break
    return "".join(choices)
