"""Strings: lengths in code points, patterns found and not found, words excluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice, product
from string import ascii_lowercase
from typing import ClassVar, Final

from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.compat.solving.models import EMPTY, UNKNOWN, Models, Search, at_once
from client_sdk.contract.compat.solving.sizes import screen_size, take_size
from client_sdk.contract.compat.solving.state import Rule, Rules, State
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.kinds import STRING
from client_sdk.contract.patterns import (
    Exhausted,
    Language,
    PatternRefused,
    every_text,
    language,
    literal,
)

LONGEST: Final = 20_000  # characters of a witness
MOST_WORDS: Final = 64  # asked of one automaton after the other
MANY_WORDS: Final = 8  # from where on all are listed from one automaton
MOST_LISTED: Final = 5_000
LISTED_STATES: Final = 500
REMEMBERED: Final = 4_096
STEPS_PER_STATE: Final = 10  # a state takes about as long as so many steps
# Printable ASCII: what a reader sees, and what no two pattern engines disagree about. Elsewhere
# lie line breaks before `$`, blanks that are none for `\s`, and digits that are none for `\d`.
PLAIN: Final = ("^[ -~]*$", False)


class StringState(State):
    """Lengths, and which patterns are found (False) or not found (True)."""

    KIND: ClassVar[int] = STRING
    _OWN: ClassVar[tuple[str, ...]] = ("patterns",)

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.least = 0
        self.most: int | None = None
        self.patterns: dict[tuple[str, bool], None] = {}

    def rules(self) -> Rules:
        """Give the table that says how each form of literal is dealt with."""
        return _RULES

    def models(self, want: int) -> Search[Models]:
        """List strings, shortest first."""
        if self.least > LONGEST:
            self.arena.meter.doubt(Reason.WITNESS_TOO_LARGE)
            return at_once(UNKNOWN)
        return at_once(self._matching(want) if self.patterns else self._plain(want))

    def _plain(self, want: int) -> Models:
        if self.most == 0:
            return Models(("",), complete=True) if self.allows("") else EMPTY
        words = (word for word in _words_from(self.least) if self.allows(word))
        fitting = (word for word in words if self.most is None or len(word) <= self.most)
        return Models(tuple(islice(fitting, want)), complete=False)

    def _matching(self, want: int) -> Models:
        without = frozenset(value for value in self.excluded.values() if isinstance(value, str))
        if want > MANY_WORDS:
            limit = min(want, MOST_LISTED) + len(without)
            listed = self._listed_words(limit)
            if listed is not None:
                fitting = tuple(word for word in listed if word not in without)
                complete = len(listed) < limit and len(fitting) <= want
                return Models(fitting[:want], complete)
        found: list[str] = []
        while len(found) < min(want, MOST_WORDS):
            word = self._next_word(without | frozenset(found))
            if word is None:
                return Models(tuple(found), complete=True)
            if isinstance(word, Exhausted):
                self.arena.meter.doubt(Reason.BUDGET_STATES)
                break
            found.append(word)
        return Models(tuple(found), complete=False)

    def _listed_words(self, limit: int) -> tuple[str, ...] | None:
        """List words from one automaton, plain ones first; None when it is too large."""
        self.arena.meter.spend(8 + limit)
        patterns, lengths = self._decided(), (self.least, self.most)
        words = word_list(patterns, lengths, limit)
        if isinstance(words, Exhausted) or all(map(_is_plain, words)):
            return None if isinstance(words, Exhausted) else words
        self.arena.meter.spend(8 + limit)
        plain = word_list(patterns | {PLAIN}, lengths, limit)
        odd = (word for word in words if not _is_plain(word))
        return words if isinstance(plain, Exhausted) else (*plain, *odd)[:limit]

    def _next_word(self, without: frozenset[str]) -> str | Exhausted | None:
        """Find a shortest word: a plain one where there is one, however long it is."""
        patterns = self._decided()
        word = self._shortest(patterns, without)
        if isinstance(word, str) and not _is_plain(word):
            plain = self._shortest(patterns | {PLAIN}, without)
            return plain if isinstance(plain, str) else word
        return word

    def _shortest(
        self, patterns: frozenset[tuple[str, bool]], without: frozenset[str]
    ) -> str | Exhausted | None:
        meter = self.arena.meter
        affordable = meter.steps_left * 3 // (4 * STEPS_PER_STATE)  # the rest of the search goes on
        states = min(meter.budget.states, max(affordable, 1))
        lengths = (self.least, self.most)
        word, cost = shortest_word(patterns, lengths, without, states, _Watch(meter.look))
        meter.spend(8 + STEPS_PER_STATE * cost)
        return word

    def _decided(self) -> frozenset[tuple[str, bool]]:
        return frozenset(each for each in self.patterns if self._is_usable(each[0]))

    def _is_usable(self, source: str) -> bool:
        """Say whether the pattern can be decided; one that cannot is left out, with a doubt."""
        if is_supported(source):
            return True
        self.arena.meter.doubt(Reason.PATTERN_UNSUPPORTED, self.arena.origins.get(source, ""))
        return False


class _Watch:
    """Looks at the clock; equal to every other, because it is no part of what is remembered."""

    __slots__ = ("look",)

    def __init__(self, look: Callable[[], None]) -> None:
        self.look = look

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Watch)

    def __hash__(self) -> int:
        return 0


def _take_pattern(state: StringState, literal: nodes.Matches) -> bool:
    state.patterns[(literal.source, literal.negative)] = None
    return True


def _screen_pattern(_state: StringState, _literal: nodes.Matches) -> bool | None:
    """Leave it open: whether patterns agree takes an automaton."""
    return None


@lru_cache(maxsize=REMEMBERED)
def is_supported(source: str) -> bool:
    """Say whether the pattern engine decides a pattern."""
    try:
        language(source)
    except PatternRefused:
        return False
    return True


@lru_cache(maxsize=REMEMBERED)
def shortest_word(
    patterns: frozenset[tuple[str, bool]],
    lengths: tuple[int, int | None],
    without: frozenset[str],
    states: int,
    watch: _Watch,
) -> tuple[str | Exhausted | None, int]:
    """Find a shortest string in which patterns are found, or with True beside them are not.

    The second value says how many states that cost, whether they were built now or before.
    """
    joint = _joint(patterns)
    if without:
        joint = joint.intersect(literal(*without).complement())
    return joint.with_length(*lengths).shortest_and_cost(states, watch.look)


@lru_cache(maxsize=REMEMBERED // 16)
def word_list(
    patterns: frozenset[tuple[str, bool]], lengths: tuple[int, int | None], limit: int
) -> tuple[str, ...] | Exhausted:
    """List up to so many strings in which the patterns are found or not, shortest first."""
    return _joint(patterns).with_length(*lengths).words(limit, LISTED_STATES)


def _joint(patterns: frozenset[tuple[str, bool]]) -> Language:
    return every_text().intersect(
        *(
            language(source).complement() if negative else language(source)
            for source, negative in sorted(patterns)
        )
    )


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isprintable()


def _words_from(least: int) -> Iterator[str]:
    """List words of at least so many letters; there are more than anybody asks for."""
    if least == 0:
        yield ""
        yield from ascii_lowercase
    head = "a" * max(least - 3, 0)
    length = max(least - len(head), 1 if least else 2)
    while True:
        for letters in product(ascii_lowercase, repeat=length):
            yield head + "".join(letters)
        length += 1


_RULES: Final[Rules] = {
    nodes.Matches: Rule(_take_pattern, _screen_pattern),
    nodes.Size: Rule(take_size, screen_size),
}
