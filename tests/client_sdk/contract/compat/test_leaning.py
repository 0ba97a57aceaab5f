"""Answers kept apart while they lean on a question under way."""

from __future__ import annotations

from random import Random

import pytest

from client_sdk.contract.compat.meter import Meter
from client_sdk.contract.compat.solving.leaning import Leaning
from client_sdk.contract.compat.solving.models import EMPTY
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.verdicts import Budget

ARENA = Arena(Meter(Budget()))
NODES = [ARENA.variable(f"v{number}") for number in range(400)]


def nested(random, kept, plain, depth=1):
    """Open a question, answer some inside it, and close it; the plain list is the reference."""
    mark, lowest = len(kept), depth
    for _ in range(random.randrange(4)):
        if depth < 6 and random.random() < 0.6:
            lowest = min(lowest, nested(random, kept, plain, depth + 1))
        elif len(kept) < len(NODES):
            leans_on = random.randrange(depth)
            kept.keep(NODES[len(kept)], EMPTY, leans_on)
            plain.append(leans_on)
            lowest = min(lowest, leans_on)
    if lowest < depth:
        kept.lower_since(mark, lowest)
        plain[mark:] = [min(each, lowest) for each in plain[mark:]]
    elif random.random() < 0.5:
        kept.forget_since(mark)
        del plain[mark:]
    else:
        taken = [node for node, _ in kept.take_since(mark)]
        assert taken == NODES[mark : len(plain)][::-1]
        del plain[mark:]
    return min(lowest, depth)


@pytest.mark.parametrize("seed", range(60))
def test_ranges_lean_as_if_every_answer_had_been_lowered(seed):
    random, kept, plain = Random(seed), Leaning(), []
    for _ in range(6):
        nested(random, kept, plain)

        assert len(kept) == len(plain)
        assert [kept.get(node) for node in NODES[: len(plain)]] == [
            (EMPTY, depth) for depth in plain
        ]


def test_what_was_never_given_is_not_known():
    assert Leaning().get(NODES[0]) is None
