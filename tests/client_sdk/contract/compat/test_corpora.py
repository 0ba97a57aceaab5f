"""The engine on pairs whose answer is known: never wrong, and seldom undecided."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from client_sdk.contract.compat import Proved, Refuted, Undecided, is_contained

CORPUS = Path(__file__).parents[3] / "data" / "compat-corpus"
FILES = ("handwritten-open", "peer-tests-sample", "suite-derived-sample")
VALIDATORS = {
    "draft4": jsonschema.Draft4Validator,
    "draft6": jsonschema.Draft6Validator,
    "draft7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}
# Labelled "contained" although "\n" is a value of A in which B's `.` finds nothing.
OVERLOOKED_LINE_BREAK = {
    "jsonsubschema/more/test_equiv_multiple_case/16",
    "jsonsubschema/more/test_equiv_multiple_case/27",
    "jsonsubschema/string/test_equiv_multiple_case/19",
    "jsonsubschema/string/test_equiv_multiple_case/23",
    "jsonsubschema/string/test_equiv_multiple_case/34",
}


@cache
def answered(file):
    """Read a corpus and put every pair to the engine, once per test run."""
    lines = (CORPUS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    return [(pair, is_contained(pair["a"], pair["b"], dialect=pair["draft"])) for pair in pairs]


def is_expected(pair):
    return pair["expected"] and pair["id"] not in OVERLOOKED_LINE_BREAK


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_proved_that_is_not_so(file):
    wrong = [p["id"] for p, v in answered(file) if isinstance(v, Proved) and not is_expected(p)]

    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_refuted_that_is_so(file):
    wrong = [p["id"] for p, v in answered(file) if isinstance(v, Refuted) and is_expected(p)]

    assert wrong == []


@pytest.mark.parametrize("id_", sorted(OVERLOOKED_LINE_BREAK))
def test_a_line_break_shows_that_the_label_is_mistaken(id_):
    pair = next(p for p, _ in answered("peer-tests-sample") if p["id"] == id_)
    a, b = (VALIDATORS[pair["draft"]](pair[side]) for side in "ab")

    assert a.is_valid("\n")
    assert not b.is_valid("\n")


@pytest.mark.parametrize(
    ("file", "proved", "refuted"),
    [
        ("handwritten-open", 1.0, 1.0),
        ("peer-tests-sample", 0.995, 1.0),
        ("suite-derived-sample", 1.0, 1.0),
    ],
)
def test_at_least_this_share_is_decided(file, proved, refuted):
    contained = [v for p, v in answered(file) if is_expected(p)]
    others = [v for p, v in answered(file) if not is_expected(p)]

    assert sum(isinstance(v, Proved) for v in contained) / len(contained) >= proved
    assert sum(isinstance(v, Refuted) for v in others) / len(others) >= refuted


@pytest.mark.parametrize("file", FILES)
def test_an_open_question_carries_a_reason_and_a_path(file):
    undecided = [v for _, v in answered(file) if isinstance(v, Undecided)]

    assert all(v.reason and isinstance(v.path, str) for v in undecided)
