"""More pairs whose answer is known, and pairs made by chance that plain validation judges."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from random import Random

import jsonschema
import pytest

from client_sdk.contract.compat import Proved, Refuted, Undecided, is_contained

sys.path.insert(0, str(Path(__file__).parent))
import generating

FILE = Path(__file__).parents[3] / "data" / "compat-more" / "handwritten.jsonl"
VALIDATORS = {
    "draft4": jsonschema.Draft4Validator,
    "draft6": jsonschema.Draft6Validator,
    "draft7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}
CHANCES = range(500)


@cache
def answered():
    pairs = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [(pair, is_contained(pair["a"], pair["b"], dialect=pair["draft"])) for pair in pairs]


@cache
def chance(seed):
    dialect, a, b = generating.pair(seed)
    return dialect, a, b, is_contained(a, b, dialect=dialect)


def plain(value):
    return json.loads(json.dumps(value, default=float))


def test_no_answer_on_the_written_pairs_is_wrong():
    wrong = [
        pair["id"]
        for pair, verdict in answered()
        if isinstance(verdict, Refuted if pair["expected"] else Proved)
    ]

    assert wrong == []


def test_nearly_every_written_pair_is_decided():
    undecided = [pair["id"] for pair, verdict in answered() if isinstance(verdict, Undecided)]

    assert len(undecided) <= len(answered()) // 100


@pytest.mark.parametrize("first", CHANCES[::50])
def test_no_value_contradicts_a_proof(first):
    for seed in range(first, first + 50):
        dialect, a, b, verdict = chance(seed)
        if isinstance(verdict, Proved):
            left, right = VALIDATORS[dialect](a), VALIDATORS[dialect](b)
            for value in generating.instances(Random(seed), dialect, a, b, 30):
                assert not left.is_valid(value) or right.is_valid(value), (seed, value)


@pytest.mark.parametrize("first", CHANCES[::50])
def test_every_witness_separates_under_plain_validation(first):
    for seed in range(first, first + 50):
        dialect, a, b, verdict = chance(seed)
        if isinstance(verdict, Refuted):
            witness = plain(verdict.witness)
            assert VALIDATORS[dialect](a).is_valid(witness), seed
            assert not VALIDATORS[dialect](b).is_valid(witness), seed
