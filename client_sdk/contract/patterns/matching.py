"""Finds a pattern in a text, in time linear in the text.

A look-ahead is answered before it is asked: its body is read backwards over the whole text once,
which tells for every place whether it holds there, and the answers travel with the characters
of the pass that needs them. Deriving look-aheads in step with the rest, as languages do, would
let a hostile pattern collect ever more open conditions.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from client_sdk.contract.patterns.looking import backwards, without_looks
from client_sdk.contract.patterns.scanning import Scanner, Symbol
from client_sdk.contract.patterns.syntax import Look, Tree


class Matcher:
    """Searches texts for one pattern."""

    __slots__ = ("_answers", "_scanner")

    def __init__(self, tree: Tree) -> None:
        plain, tests = without_looks(tree)
        self._answers = _Answers(tests)
        self._scanner = Scanner(plain, tests=len(tests), open_end=True)

    def finds(self, text: str) -> bool:
        """Tell whether the pattern is found in the text."""
        state = self._scanner.start
        answers = self._answers.at_each_place(text)
        symbols: Iterable[Symbol] = zip(text, answers, strict=False) if answers else text
        for symbol in symbols:
            state = state[symbol]
        found = self._scanner.ends(state, answers[-1] if answers else 0)
        self._scanner.trim()
        return found

    def steps(self) -> int:
        """Return how many derivatives have been worked out so far, as a measure of effort."""
        return self._scanner.steps() + self._answers.steps()


class _Answers:
    """Where the look-aheads of one level hold."""

    __slots__ = ("_tests",)

    def __init__(self, tests: tuple[tuple[Look, ...], ...]) -> None:
        self._tests = [[(_Ahead(look.body), look.negative) for look in test] for test in tests]

    def at_each_place(self, text: str) -> list[int]:
        """Return one number for each place of the text, a bit for each test; or nothing."""
        columns = [
            [bit << number for bit in _all_hold(test, text)]
            for number, test in enumerate(self._tests)
        ]
        return [reduce(or_, bits) for bits in zip(*columns, strict=True)]

    def steps(self) -> int:
        """Return the effort so far."""
        return sum(ahead.steps() for test in self._tests for ahead, _ in test)


class _Ahead:
    """The body of one look-ahead."""

    __slots__ = ("_answers", "_scanner")

    def __init__(self, body: Tree) -> None:
        plain, tests = without_looks(body)
        self._answers = _Answers(tests)
        self._scanner = Scanner(backwards(plain), tests=len(tests), open_end=False)

    def places(self, text: str) -> list[int]:
        """Return 1 for every place from which the body can be read, else 0."""
        answers = self._answers.at_each_place(text)
        # Read backwards, the character before a place comes after the place's answers.
        symbols: list[Symbol] = list(zip(text, answers[1:], strict=True)) if answers else list(text)
        scanner = self._scanner
        state = scanner.start
        found = [0] * (len(text) + 1)
        for place in range(len(text), 0, -1):
            symbol = symbols[place - 1]
            found[place] = scanner.passes(state, symbol)
            state = state[symbol]
        found[0] = int(scanner.ends(state, answers[0] if answers else 0))
        scanner.trim()
        return found

    def steps(self) -> int:
        """Return the effort so far."""
        return self._scanner.steps() + self._answers.steps()


def _all_hold(test: list[tuple[_Ahead, bool]], text: str) -> Iterable[int]:
    columns = [
        [bit ^ 1 for bit in ahead.places(text)] if negative else ahead.places(text)
        for ahead, negative in test
    ]
    return (
        columns[0]
        if len(columns) == 1
        else (reduce(and_, each) for each in zip(*columns, strict=True))
    )
