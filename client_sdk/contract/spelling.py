"""Near misses: which known name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MOST_EDITS: Final = 2
_TOO_MANY: Final = _MOST_EDITS + 1
_SHORT: Final = 4  # letters; two edits would make half of a short word


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Find the known name within two edits of `name` (one, for short names), or None.

    An edit inserts, drops or changes a letter, or swaps two neighbours.
    """
    letters = set(name)
    near = [
        (count, candidate)
        for candidate in known
        if abs(len(candidate) - len(name)) <= _MOST_EDITS
        and len(letters.symmetric_difference(candidate)) <= 2 * _MOST_EDITS
        and (count := edits(name, candidate)) <= _allowed(candidate)
    ]
    return min(near)[1] if near else None


def edits(left: str, right: str) -> int:
    """Count the edits between two words; more than two count as three."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, row, last = row, [i] + [_TOO_MANY] * len(right), before
        # Two edits never leave the diagonal by more than two.
        for j in range(max(1, i - _MOST_EDITS), min(len(right), i + _MOST_EDITS) + 1):
            other = right[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            swapped = i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other
            row[j] = min(cost, last[j - 2] + 1) if swapped else cost
        if min(row) > _MOST_EDITS:
            return _TOO_MANY
    return min(row[-1], _TOO_MANY)


def _allowed(candidate: str) -> int:
    return 1 if len(candidate) <= _SHORT else _MOST_EDITS
