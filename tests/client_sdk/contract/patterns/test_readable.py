"""Every code point has one place in the order of what a reader likes to see."""

import itertools

from client_sdk.contract.patterns import language
from client_sdk.contract.patterns.alphabet import READABLE


def test_every_code_point_but_surrogates_has_exactly_one_place():
    covered = sorted(READABLE)

    assert covered[0][0] == 0
    assert covered[-1][1] == 0x10FFFF
    gaps = [
        (high + 1, low - 1)
        for (_, high), (low, _) in itertools.pairwise(covered)
        if low != high + 1
    ]
    assert gaps == [(0xD800, 0xDFFF)]


def test_line_breaks_are_listed_once_each():
    breaks = language("^[^.]$").difference(language("^.$"))

    assert breaks.words(9) == ("\n", "\u2028", "\u2029", "\r")
    assert breaks.size(9) == 4
