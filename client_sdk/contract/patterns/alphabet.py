"""The alphabet of one computation: code points that no pattern in it tells apart are one letter.

A letter is a small number; a set of letters is an integer with one bit each. One more bit,
``END``, stands for the place behind the last character, so that "what may come next" is one
integer too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from client_sdk.contract.patterns.charset import (
    LAST_CODE_POINT,
    SURROGATES,
    WORD,
    CharSet,
    Interval,
)
from client_sdk.contract.patterns.syntax import Anchor, Chars, Choice, Look, Repeat, Sequence, Tree

# The code points of a text, those that a reader likes to see first: letters, digits, the rest
# of printable ASCII, what lies beyond it, then whatever is invisible or breaks lines.
READABLE: tuple[Interval, ...] = (
    (0x61, 0x7A),
    (0x41, 0x5A),
    (0x30, 0x39),
    (0x21, 0x2F),
    (0x3A, 0x40),
    (0x5B, 0x60),
    (0x7B, 0x7E),
    (0x20, 0x20),
    (0xA1, 0xAC),
    (0xAE, 0x1FFF),
    (0x2010, 0x2027),
    (0x2030, 0xD7FF),
    (0xE000, 0xFEFE),
    (0xFF00, 0xFFFD),
    (0x10000, 0x10FFFF),
    (0xA0, 0xA0),
    (0xAD, 0xAD),
    (0x2000, 0x200F),
    (0x0A, 0x0A),
    (0x2028, 0x202F),
    (0xFEFF, 0xFEFF),
    (0xFFFE, 0xFFFF),
    (0x00, 0x09),
    (0x0B, 0x1F),
    (0x7F, 0x9F),
)


class Alphabet:
    """Code points folded into letters by the sets that a family of trees mentions.

    With ``tests``, every letter comes once for each combination of their outcomes, and so
    does the end.
    """

    __slots__ = (
        "_blocks",
        "_favourites",
        "_letter_of_run",
        "_masks",
        "_starts",
        "_width",
        "end",
        "letters",
        "surrogates",
        "word",
    )

    def __init__(self, charsets: Iterable[CharSet], *, splits_words: bool, tests: int = 0) -> None:
        distinct = set(charsets) | {SURROGATES}
        if splits_words:
            distinct.add(WORD)
        ordered = sorted(distinct, key=lambda each: each.intervals)
        self._starts, signatures = _signatures(ordered)
        letter_of = {signature: each for each, signature in enumerate(dict.fromkeys(signatures))}
        self._letter_of_run = [letter_of[signature] for signature in signatures]
        self._width = len(letter_of)
        self._blocks = 1 << tests
        self._masks = {
            charset: self._in_each_block(
                sum(1 << letter for sign, letter in letter_of.items() if sign >> bit & 1)
            )
            for bit, charset in enumerate(ordered)
        }
        self.letters = (1 << (self._width * self._blocks)) - 1
        self.end = ((1 << self._blocks) - 1) << (self._width * self._blocks)
        self.word = self._masks.get(WORD, 0)
        self.surrogates = self._masks[SURROGATES]
        self._favourites: list[tuple[int, int]] = []

    def mask(self, charset: CharSet) -> int:
        """Return the letters of a set that the alphabet was made from."""
        return self._masks[charset]

    def letter(self, character: str, answers: int = 0) -> int:
        """Return the letter that stands for a character where the tests have these outcomes."""
        run = bisect_right(self._starts, ord(character)) - 1
        return self._letter_of_run[run] + answers * self._width

    def end_with(self, answers: int) -> int:
        """Return the end at which the tests have these outcomes."""
        return 1 << (self._width * self._blocks + answers)

    def answered(self, test: int) -> int:
        """Return every letter and end at which a test holds."""
        block = (1 << self._width) - 1
        holding = [answers for answers in range(self._blocks) if answers >> test & 1]
        letters = sum(block << (answers * self._width) for answers in holding)
        return letters | sum(self.end_with(answers) for answers in holding)

    def favourite(self, letters: int) -> tuple[int, int]:
        """Return the most readable character of a set, as (rank of its kind, code point)."""
        if not self._favourites:
            self._favourites = self._find_favourites()
        return min(self._favourites[letter] for letter in _bits(letters))

    def readable(self, letters: int) -> Iterator[Interval]:
        """Yield the code points of a set of letters, the most readable first."""
        found = [(low, high) for low, high, letter in self._runs() if letters >> letter & 1]
        for first, last in READABLE:
            for low, high in found:
                if max(first, low) <= min(last, high):
                    yield max(first, low), min(last, high)

    def breadth(self, letters: int) -> int:
        """Return how many code points a set of letters stands for."""
        return sum(high - low + 1 for low, high, at in self._runs() if letters >> at & 1)

    def _runs(self) -> Iterator[tuple[int, int, int]]:
        """Yield the runs of code points with the letter of each, ascending."""
        ends = [*(start - 1 for start in self._starts[1:]), LAST_CODE_POINT]
        return zip(self._starts, ends, self._letter_of_run, strict=True)

    def _in_each_block(self, mask: int) -> int:
        return sum(mask << (block * self._width) for block in range(self._blocks))

    def _find_favourites(self) -> list[tuple[int, int]]:
        favourites = [(len(READABLE), 0)] * self._width
        for low, high, letter in self._runs():
            for rank, (first, last) in enumerate(READABLE[: favourites[letter][0]]):
                if max(first, low) <= min(last, high):
                    favourites[letter] = (rank, max(first, low))
                    break
        return favourites


def alphabet_of(trees: Iterable[Tree], *, tests: int = 0) -> Alphabet:
    """Make the coarsest alphabet that all trees can be read over."""
    charsets: set[CharSet] = set()
    splits_words = False
    for tree in trees:
        for leaf in _leaves(tree):
            if isinstance(leaf, Chars):
                charsets.add(leaf.charset)
            elif leaf in {Anchor.BOUNDARY, Anchor.NOT_BOUNDARY}:
                splits_words = True
    return Alphabet(charsets, splits_words=splits_words, tests=tests)


def _signatures(charsets: list[CharSet]) -> tuple[list[int], list[int]]:
    """Cut the code points where any set begins or ends; say which sets hold each run."""
    changes: dict[int, int] = {0: 0}
    for bit, charset in enumerate(charsets):
        for low, high in charset.intervals:
            changes[low] = changes.get(low, 0) ^ (1 << bit)
            changes[high + 1] = changes.get(high + 1, 0) ^ (1 << bit)
    changes.pop(LAST_CODE_POINT + 1, None)
    starts = sorted(changes)
    signatures: list[int] = []
    current = 0
    for start in starts:
        current ^= changes[start]
        signatures.append(current)
    return starts, signatures


def _leaves(tree: Tree) -> Iterator[Tree]:
    pending = [tree]
    while pending:
        current = pending.pop()
        match current:
            case Sequence(parts):
                pending.extend(parts)
            case Choice(options):
                pending.extend(options)
            case Repeat(body) | Look(body):
                pending.append(body)
            case _:
                yield current


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
