"""Sets of code points as sorted, disjoint intervals."""

from collections.abc import Iterable
from dataclasses import dataclass

LAST_CODE_POINT = 0x10FFFF

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CharSet:
    """An immutable set of code points.

    ``intervals`` holds inclusive bounds in ascending order; neighbours never touch, so
    equal sets have equal intervals.
    """

    intervals: tuple[Interval, ...]

    def union(self, *others: "CharSet") -> "CharSet":
        """Hold what this set or any other holds."""
        return charset_from_intervals(
            interval for each in (self, *others) for interval in each.intervals
        )

    def complement(self) -> "CharSet":
        """Hold every code point that this set does not."""
        gaps: list[Interval] = []
        start = 0
        for low, high in self.intervals:
            if start < low:
                gaps.append((start, low - 1))
            start = high + 1
        if start <= LAST_CODE_POINT:
            gaps.append((start, LAST_CODE_POINT))
        return CharSet(tuple(gaps))


def charset_from_intervals(intervals: Iterable[Interval]) -> CharSet:
    """Normalise intervals that may overlap, touch or come in any order."""
    merged: list[Interval] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return CharSet(tuple(merged))


def charset_of(characters: str) -> CharSet:
    """Hold exactly these characters."""
    return charset_from_intervals((ord(each), ord(each)) for each in characters)


def single(code_point: int) -> CharSet:
    """Hold one code point."""
    return CharSet(((code_point, code_point),))


ANY = CharSet(((0, LAST_CODE_POINT),))
NOTHING = CharSet(())
DIGITS = CharSet(((0x30, 0x39),))
WORD = charset_from_intervals(((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)))
LINE_TERMINATORS = charset_of("\n\r\u2028\u2029")
# WhiteSpace and LineTerminator of ECMA-262 §12.2, §12.3: unlike Python's, with U+FEFF and
# without the separators U+001C to U+001F and U+0085.
SPACES = charset_of("\t\v\f \u00a0\ufeff\u1680\u202f\u205f\u3000").union(
    CharSet(((0x2000, 0x200A),)), LINE_TERMINATORS
)
DOT = LINE_TERMINATORS.complement()
SURROGATES = CharSet(((0xD800, 0xDFFF),))
