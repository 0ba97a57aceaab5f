"""Near misses: which known name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_MOST_EDITS: Final = 2
_SHORT: Final = 4  # letters; two edits would make half of a short word


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Find the known name within two edits of `name` (one, for short names), or None.

    An edit inserts, drops or changes a letter, or swaps two neighbours.
    """
    ranked = ((edits(name, candidate), candidate) for candidate in sorted(known))
    near = [(count, candidate) for count, candidate in ranked if count <= _allowed(candidate)]
    return min(near)[1] if near else None


def edits(left: str, right: str) -> int:
    """Count the edits between two words; more than two count as three."""
    if abs(len(left) - len(right)) > _MOST_EDITS:
        return _MOST_EDITS + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        before, row, last = row, [i], before
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            swapped = i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other
            row.append(min(cost, last[j - 2] + 1) if swapped else cost)
    return min(row[-1], _MOST_EDITS + 1)


def _allowed(candidate: str) -> int:
    return 1 if len(candidate) <= _SHORT else _MOST_EDITS
