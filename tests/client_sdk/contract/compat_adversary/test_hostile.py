"""Schemas made to exhaust the engine: each question ends within its budget, and always alike."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time

import pytest

from client_sdk.contract.compat import Proved, Refuted, Undecided, is_contained

SECONDS = 10  # of the processor; the wall backstop is 2, a busy machine adds to it
GROWTH = 200 * 1024  # kibibytes


def nested(depth, leaf):
    schema = leaf
    for _ in range(depth):
        schema = {"type": "object", "required": ["a"], "properties": {"a": schema}}
    return schema


def doubling(levels, leaf):
    definitions = {"L0": leaf}
    for level in range(1, levels + 1):
        below = {"$ref": f"#/$defs/L{level - 1}"}
        definitions[f"L{level}"] = {"properties": {"l": below, "r": below}}
    return {"$defs": definitions, "$ref": f"#/$defs/L{levels}"}


def chain(length, leaf):
    definitions = {f"C{index}": {"$ref": f"#/$defs/C{index + 1}"} for index in range(length)}
    return {"$defs": {**definitions, f"C{length}": leaf}, "$ref": "#/$defs/C0"}


def members(count, schema):
    names = [f"m{index}" for index in range(count)]
    return {"type": "object", "properties": dict.fromkeys(names, schema), "required": names}


def clauses(count, width, offset=0):
    return {
        "allOf": [
            {"anyOf": [{"required": [f"p{row}_{col + offset}"]} for col in range(width)]}
            for row in range(count)
        ]
    }


def overlapping(count, wide):
    return {
        "anyOf": [
            {"type": "integer", "minimum": 3 * each, "maximum": 3 * each + 2 + wide}
            for each in range(count)
        ]
    }


def dependent(count):
    return {"dependentRequired": {f"d{each}": [f"d{each + 1}"] for each in range(count)}}


HOSTILE = {
    "all of any of": (clauses(12, 4), clauses(12, 4, 1)),
    "any of any of": (
        {"anyOf": [clauses(3, 4, each) for each in range(8)]},
        clauses(3, 4),
    ),
    "binary tree of references": (doubling(30, {"type": "integer"}), doubling(30, {"minimum": 0})),
    "chain of references": (chain(400, {"type": "integer"}), chain(400, {"type": "number"})),
    "conditions": (
        {
            "allOf": [
                {"if": {"required": [f"c{n}"]}, "then": {"minProperties": n}} for n in range(16)
            ]
        },
        {
            "allOf": [
                {"if": {"required": [f"c{n}"]}, "then": {"minProperties": n}} for n in range(1, 17)
            ]
        },
    ),
    "contains": (
        {"allOf": [{"contains": {"multipleOf": n}} for n in (2, 3, 5, 7, 11, 13)], "maxItems": 3},
        {"contains": {"multipleOf": 17}, "uniqueItems": True},
    ),
    "dependencies in a row": (
        {"required": ["d0"], **dependent(300)},
        {"required": ["d300"]},
    ),
    "huge bounds": ({"type": "integer", "minimum": 10**300}, {"multipleOf": 10**18}),
    "huge length": ({"type": "string", "minLength": 10**6}, {"pattern": "^a"}),
    "huge array": ({"type": "array", "minItems": 10**9}, {"items": {"type": "string"}}),
    "huge object": ({"type": "object", "minProperties": 10**6}, {"additionalProperties": False}),
    "many contained values": (
        {"enum": [{"id": n, "tags": [n, str(n)]} for n in range(2_000)]},
        {"type": "object", "properties": {"id": {"maximum": 1_998}}},
    ),
    "many members": (members(1_000, {"type": "integer"}), members(1_000, {"type": "number"})),
    "many branches": (overlapping(200, 0), overlapping(200, 1)),
    "many branches backwards": (overlapping(200, 1), overlapping(200, 0)),
    "negations": (
        nested(1, {"not": {"anyOf": [{"not": clauses(6, 3)}, {"not": clauses(5, 3, 1)}]}}),
        nested(1, clauses(6, 4)),
    ),
    "nested": (nested(60, {"type": "integer"}), nested(60, {"type": "number"})),
    "nested too deep": (nested(500, {"type": "integer"}), nested(500, {"type": "number"})),
    "one of many": (
        {"oneOf": [{"multipleOf": n} for n in range(2, 40)]},
        {"oneOf": [{"multipleOf": n} for n in range(2, 41)]},
    ),
    "patterns counted": (
        {"pattern": "^(a{1,500}b{1,500}){1,20}$"},
        {"pattern": "^(a|b){2,20000}$"},
    ),
    "patterns nested": ({"pattern": "^(((a+)+)+)+$"}, {"pattern": "^(a|aa|aaa)*$"}),
    "patterns with memory": ({"pattern": "(a|b)*a(a|b){16}$"}, {"pattern": "(a|b)*b(a|b){16}$"}),
    "small steps": (
        {"multipleOf": 0.000001, "minimum": 0, "maximum": 1},
        {"anyOf": [{"multipleOf": 0.001 * n} for n in range(1, 30)]},
    ),
    "unevaluated": (
        {
            "anyOf": [{"properties": {f"u{n}": True}, "required": [f"u{n}"]} for n in range(10)],
            "unevaluatedProperties": False,
        },
        {"maxProperties": 9},
    ),
    "unique": (
        {"uniqueItems": True, "minItems": 40, "items": {"enum": list(range(39))}},
        {"type": "string"},
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_question_ends(name):
    a, b = HOSTILE[name]
    memory = getrusage(RUSAGE_SELF).ru_maxrss
    began = process_time()

    verdict = is_contained(a, b)

    assert isinstance(verdict, Proved | Refuted | Undecided)
    assert process_time() - began < SECONDS
    assert getrusage(RUSAGE_SELF).ru_maxrss - memory < GROWTH


@pytest.mark.parametrize(
    "name", ["dependencies in a row", "many members", "chain of references", "nested"]
)
def test_what_is_only_long_is_decided(name):
    a, b = HOSTILE[name]

    assert is_contained(a, b) == Proved()


def test_branches_by_the_dozen_of_dozens_are_spread_without_a_wrong_proof():
    rows = [{"enum": [one, two]} for one, two in product("abcd", "efgh")]

    assert is_contained({"anyOf": rows}, {"enum": list("abcdefgh")}) == Proved()
    assert isinstance(is_contained({"anyOf": rows}, {"enum": list("abcdefg")}), Refuted)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import generating
from client_sdk.contract.compat import Budget, is_contained
for seed in range(60):
    dialect, a, b = generating.pair(seed)
    print(is_contained(a, b, dialect=dialect, budget=Budget(wall_seconds=60)))
"""


def test_the_verdict_does_not_depend_on_hash_seeds():
    answers = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    ]

    assert answers[0]
    assert answers[0] == answers[1] == answers[2]
