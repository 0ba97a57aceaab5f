"""Laws of containment on schemas made by chance: form does not matter, and proofs are an order."""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from random import Random

import jsonschema
import pytest

from client_sdk.contract.compat import Budget, Proved, Refuted, is_contained
from client_sdk.contract.compat.deciding import term_from_shape
from client_sdk.contract.compat.meter import Meter
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid

sys.path.insert(0, str(Path(__file__).parent))
import generating

SEEDS = range(5_000, 5_400, 8)
VALIDATORS = {
    "draft4": jsonschema.Draft4Validator,
    "draft6": jsonschema.Draft6Validator,
    "draft7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}


def families(first):
    """Give eight schema pairs with their dialects."""
    return [(seed, *generating.pair(seed)) for seed in range(first, first + 8)]


def turned(value, random):
    """Give the same value with the members of every object in another order."""
    if isinstance(value, dict):
        items = [(name, turned(each, random)) for name, each in value.items()]
        random.shuffle(items)
        return dict(items)
    return [turned(each, random) for each in value] if isinstance(value, list) else value


def renamed(schema):
    """Give the same schema with other names for its definitions."""
    text = json.dumps(schema)
    for name in ("D", "E"):
        text = text.replace(f'"{name}": ', f'"Other{name}": ')
        text = text.replace(f'defs/{name}"', f'defs/Other{name}"')
        text = text.replace(f'definitions/{name}"', f'definitions/Other{name}"')
    return json.loads(text)


def kind(a, b, dialect):
    return type(is_contained(a, b, dialect=dialect)).__name__


def free_of_references(*schemas):
    return not any("$ref" in json.dumps(schema) for schema in schemas)


@pytest.mark.parametrize("first", SEEDS)
def test_neither_order_nor_names_of_definitions_change_the_verdict(first):
    for seed, dialect, a, b in families(first):
        before = kind(a, b, dialect)
        random = Random(seed)

        assert kind(turned(a, random), turned(b, random), dialect) == before, seed
        assert kind(renamed(a), renamed(b), dialect) == before, seed


@pytest.mark.parametrize("first", range(9_000, 9_100, 4))
def test_a_term_accepts_what_the_validator_accepts(first):
    """Reading loses nothing: mostly about `unevaluated…`, which is rewritten on the way."""
    for seed in range(first, first + 4):
        random = Random(seed)
        dialect = random.choice(("2019-09", "2020-12"))
        maker = generating.Maker(random, dialect)
        schema = maker.root()
        for keyword in ("allOf", "anyOf", "oneOf", "if"):
            if random.random() < 0.4:
                maker.makers[keyword](schema, 1)
        closing = random.choice(("unevaluatedProperties", "unevaluatedItems"))
        schema[closing] = random.choice((False, maker.schema(2)))
        shape = Shape((SchemaResource(schema, Dialect(dialect)),))
        arena = Arena(Meter(Budget()))
        term = term_from_shape(arena, shape, "a")

        for value in generating.instances(random, dialect, schema, schema, 12):
            assert fits(arena, term, value) == is_valid(shape, value), (seed, value)


@pytest.mark.parametrize("first", SEEDS)
def test_a_schema_lies_between_both_and_either(first):
    for seed, dialect, a, b in families(first):
        if not free_of_references(a, b):
            continue

        assert kind(a, copy.deepcopy(a), dialect) == "Proved", seed
        assert kind(a, {"anyOf": [b, a]}, dialect) == "Proved", seed
        assert kind({"allOf": [b, a]}, a, dialect) == "Proved", seed
        assert kind({"allOf": [a, {"not": a}]}, b, dialect) == "Proved", seed


@pytest.mark.parametrize("first", SEEDS)
def test_proofs_follow_one_another_and_witnesses_stay_inside(first):
    for seed, dialect, a, b in families(first):
        c = (
            generating.mutated(
                Random(seed), generating.Maker(Random(seed), dialect), copy.deepcopy(b)
            )
            if free_of_references(b)
            else b
        )
        ab, bc, ac = (is_contained(*each, dialect=dialect) for each in ((a, b), (b, c), (a, c)))
        if ab == bc == Proved():
            assert not isinstance(ac, Refuted), seed
        if ab == Proved() and isinstance(ac, Refuted):
            witness = json.loads(json.dumps(ac.witness, default=float))
            assert VALIDATORS[dialect](b).is_valid(witness), seed
