"""The second judge: exact where the plain library is not, silent where it is not to be trusted."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from client_sdk.contract.compat import Undecided, is_contained
from client_sdk.contract.compat.judging import Judgement, judged
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation import accepts
from client_sdk.contract.evaluation import second_opinion as module
from client_sdk.contract.evaluation.second_opinion import second_opinion
from client_sdk.contract.shape import SchemaResource, Shape

CORPUS = Path(__file__).parents[3] / "data/compat-corpus"


def opinion(schema, value, dialect=Dialect.D2020):
    return second_opinion(SchemaResource(schema, dialect), value)


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "integer"}, Decimal("1.0"), True),
        ({"type": "integer"}, True, False),
        ({"type": "number"}, Decimal("0.1"), True),
        ({"enum": [1]}, Decimal("1.0"), True),
        ({"enum": [1]}, True, False),
        ({"enum": [[False]]}, [0], False),
        ({"multipleOf": Decimal("0.01")}, Decimal("19.99"), True),
        ({"multipleOf": Decimal("0.01")}, Decimal("19.995"), False),
        ({"minimum": Decimal("0.1")}, Decimal("0.1"), True),
        ({"maximum": 3}, 4, False),
        ({"uniqueItems": True}, [1, True, {"a": 1}, {"a": 2}], True),
        ({"uniqueItems": True}, [1, Decimal("1.0")], False),
        ({"pattern": "^\\d$"}, "٣", False),
        ({"pattern": "b$"}, "b\n", False),
        ({"patternProperties": {"^\\p{Lu}": {"type": "string"}}}, {"Ä": 1}, False),
        ({"patternProperties": {"^a": {}}, "additionalProperties": False}, {"ab": 1}, True),
        ({"patternProperties": {"^a": {}}, "additionalProperties": False}, {"b": 1}, False),
        ({"properties": {"b": {}}, "additionalProperties": {"type": "string"}}, {"c": 1}, False),
        ({"type": "string", "format": "date"}, "never", True),
    ],
)
def test_numbers_patterns_and_equality_are_exact_in_every_dialect(dialect, schema, value, expected):
    assert opinion(schema, value, dialect) is expected
    assert accepts(SchemaResource(schema, dialect), value) is expected


def test_the_bounds_of_draft_4_have_flags():
    schema = {"minimum": 1, "exclusiveMinimum": True, "maximum": 3}

    assert [opinion(schema, each, Dialect.DRAFT4) for each in (1, 2, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]


def test_beside_a_reference_old_dialects_read_nothing():
    schema = {
        "definitions": {"d": {"minimum": 1}},
        "properties": {"a": {"$ref": "#/definitions/d", "maximum": 1}},
    }

    assert opinion(schema, {"a": 2}, Dialect.DRAFT7) is True
    assert opinion(schema, {"a": 2}, Dialect.D2019) is False


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.org/schema"},
        {"$ref": "file:///etc/hostname"},
        {"$ref": "#"},
        {"multipleOf": 0},
        {"type": "text"},
        {"pattern": "(?<=a)b"},
        {"properties": {"a": {}}, "unevaluatedProperties": False},
    ],
)
def test_where_it_cannot_say_it_has_no_opinion_and_never_raises(schema):
    assert opinion(schema, "b" if "pattern" in schema else 1) is None


def test_a_judgement_without_end_is_not_begun():
    doubled = {
        f"d{index}": {"allOf": [{"$ref": f"#/$defs/d{index + 1}"}] * 2} for index in range(40)
    }

    assert opinion({"$defs": {**doubled, "d40": {}}, "$ref": "#/$defs/d0"}, 1) is None


def test_a_witness_that_the_library_contradicts_is_not_used(monkeypatch):
    a, b = (Shape((SchemaResource(each, Dialect.D2020),)) for each in ({}, {"maximum": 3}))
    assert judged(a, b, 4) is Judgement.SEPARATES
    monkeypatch.setattr("client_sdk.contract.compat.judging.second_opinion", lambda *_: True)

    assert judged(a, b, 4) is Judgement.FAILS
    assert is_contained({}, {"maximum": 3}) == Undecided("judge-disagrees", "")


def test_both_judges_agree_on_the_published_instances():
    lines = (CORPUS / "suite-derived-sample.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    values = [1, "a", None, [], {}, {"foo": 1}, {"foo": "bar"}, [1, "a"], Decimal("1.5"), True]
    disagreements = [
        (pair["id"], side, value)
        for pair in pairs
        for side in "ab"
        for value in values
        for resource in [SchemaResource(pair[side], Dialect(pair["draft"]))]
        if second_opinion(resource, value) not in {None, accepts(resource, value)}
    ]

    assert disagreements == []


def test_no_pattern_of_a_schema_reaches_python(monkeypatch):
    monkeypatch.setattr(re, "search", None)
    module._judge.cache_clear()

    assert opinion({"pattern": "^a", "propertyNames": {"pattern": "b"}}, "ab") is True
