"""Structural descent: nothing is taken away from a question that could be missed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from compat_schemas import schemas
from hypothesis import given, settings

from client_sdk.contract.compat import Proved, Refuted, Undecided, is_contained
from client_sdk.contract.compat.deciding import readably_contained, shape_contained
from client_sdk.contract.compat.descent import left_open
from client_sdk.contract.compat.verdicts import DEFAULT_BUDGET
from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.shape import SchemaResource, Shape

sys.path.insert(0, str(Path(__file__).parents[1] / "compat_adversary"))
import generating

REF = {"$ref": "#/$defs/x"}
DEFS = {"x": {"type": "string"}}


def shape(*parts, dialect=Dialect.D2020):
    return Shape(tuple(SchemaResource(part, dialect) for part in parts))


def rest(a, b, dialect=Dialect.D2020):
    """What is left of schema `b`; `True` when nothing is."""
    parts = left_open(shape(a, dialect=dialect), shape(b, dialect=dialect)).parts
    return parts[0].schema if parts else True


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (False, {"type": "string"}),
        ({"title": "new"}, {"title": "old", "description": "words", "format": "date"}),
        ({"type": "integer"}, {"type": ["number", "string"]}),
        ({"const": "x"}, {"type": "string"}),
        ({"enum": [1, 2]}, {"type": "number"}),
        ({"enum": [1, 2.0]}, {"enum": [2, 1, 3]}),
        ({"const": 1}, {"enum": [1.0]}),
        ({"enum": [{"a": 1}]}, {"const": {"a": 1}}),
        ({"minLength": 2}, {"minLength": 2}),
        ({"minLength": 3}, {"minLength": 2.0}),
        ({}, {"minLength": 0}),
        ({"maxItems": 2}, {"maxItems": 3}),
        ({"maxLength": 2}, {"maxLength": 2}),
        ({"minimum": 2}, {"minimum": 1.5}),
        ({"exclusiveMinimum": 1}, {"minimum": 1}),
        ({"exclusiveMaximum": 1}, {"exclusiveMaximum": 1}),
        ({"maximum": 1}, {"maximum": 1.5}),
        ({"multipleOf": 6}, {"multipleOf": 3}),
        ({"multipleOf": 0.1}, {"multipleOf": 0.1}),
        ({"pattern": "^a"}, {"pattern": "^a"}),
        ({"uniqueItems": True}, {"uniqueItems": True}),
        ({}, {"uniqueItems": False}),
        ({"required": ["a", "b"]}, {"required": ["b"]}),
        ({"properties": {"a": {"minimum": 1}}}, {"properties": {"a": {"minimum": 0}, "b": True}}),
        ({"additionalProperties": False}, {"properties": {"a": {"type": "string"}}}),
        ({"additionalProperties": {"const": 1}}, {"properties": {"a": {"enum": [0, 1]}}}),
        (
            {"properties": {"a": True}, "additionalProperties": False},
            {"properties": {"a": True, "b": True}, "additionalProperties": False},
        ),
        (
            {"patternProperties": {"^a": {"const": 1}}, "additionalProperties": False},
            {"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": False},
        ),
        (
            {"properties": {"a": {"const": 1}}, "additionalProperties": {"const": 2}},
            {"additionalProperties": {"type": "integer"}},
        ),
        ({"propertyNames": {"maxLength": 2}}, {"propertyNames": {"maxLength": 3}}),
        ({"items": {"const": 1}}, {"items": {"type": "number"}}),
        (
            {"prefixItems": [{"const": 1}, True], "items": False},
            {"prefixItems": [{"type": "number"}, True], "items": {"const": 9}},
        ),
        (
            {"prefixItems": [True], "items": {"const": 1}},
            {"prefixItems": [True, True], "items": {"const": 1}},
        ),
        ({"type": "string"}, {"allOf": [{"type": "string"}, True]}),
        ({"const": 1}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        (
            {"anyOf": [{"const": 1}, {"const": "a"}]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        ),
        ({"oneOf": [{"const": 1}, {"minimum": 0}]}, {"oneOf": [{"const": 1}, {"minimum": 0}]}),
        ({"not": {"const": 1}, "type": "integer"}, {"not": {"const": 1}}),
        ({"if": {"const": 1}, "then": False}, {"if": {"const": 1}, "then": False}),
        (
            {"contains": {"const": 1}, "minContains": 2},
            {"contains": {"const": 1}, "minContains": 2},
        ),
        ({"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"a": ["b"]}}),
    ],
)
def test_what_follows_keyword_by_keyword_needs_no_search(a, b):
    retitled = a and {**a, "title": "equal schemas are not even looked at"}

    assert rest(retitled, b) is True
    assert readably_contained(shape(a), shape(b), budget=DEFAULT_BUDGET) == Proved()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"enum": [1]}, {"enum": [True]}),
        ({"type": ["number", "string"]}, {"type": "number"}),
        ({"enum": [1, "a"]}, {"type": "number"}),
        ({"minimum": 1}, {"exclusiveMinimum": 1}),
        ({"exclusiveMinimum": 1}, {"minimum": 2}),
        ({"maxLength": 3}, {"maxLength": 2}),
        ({}, {"minLength": 1}),
        ({"multipleOf": 3}, {"multipleOf": 6}),
        ({"pattern": "^a"}, {"pattern": "^b"}),
        ({"uniqueItems": False}, {"uniqueItems": True}),
        ({"required": ["a"]}, {"required": ["a", "b"]}),
        (
            {"patternProperties": {"^b": {"const": 2}}, "additionalProperties": {"const": 1}},
            {"properties": {"b": {"const": 1}}},
        ),
        (
            {"properties": {"a": {"const": 2}}, "additionalProperties": {"const": 1}},
            {"additionalProperties": {"const": 1}},
        ),
        (
            {"patternProperties": {"^a": {"const": 2}}, "additionalProperties": False},
            {"additionalProperties": {"const": 1}},
        ),
        ({"properties": {"a": {"const": 1}}}, {"properties": {"a": True, "b": {"const": 1}}}),
        ({"properties": {"a": True}}, {"properties": {"a": True}, "additionalProperties": False}),
        ({"propertyNames": {"maxLength": 3}}, {"propertyNames": {"maxLength": 2}}),
        (
            {"prefixItems": [True, True], "items": {"const": 1}},
            {"prefixItems": [True], "items": {"const": 1}},
        ),
        ({"prefixItems": [{"const": 1}]}, {"prefixItems": [{"const": 1}, {"const": 1}]}),
        ({"items": {"const": 1}}, {"prefixItems": [{"const": 2}]}),
        ({"type": "string"}, {"allOf": [{"type": "string"}, {"minLength": 1}]}),
        ({"type": ["integer", "string"]}, {"anyOf": [{"type": "string"}, {"const": 1}]}),
        (
            {"anyOf": [{"type": "null"}, {"const": "a"}]},
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        ),
        ({"oneOf": [{"const": 1}]}, {"oneOf": [{"const": True}]}),
        ({"if": {"const": 1}, "then": False}, {"if": {"const": 1}, "then": False, "else": False}),
        ({"contains": {"const": 1}}, {"contains": {"const": 1}, "minContains": 2}),
        ({"not": {"const": 1}}, {"not": {"const": 2}}),
        ({"type": "object"}, {"type": "object", "unevaluatedProperties": False}),
        ({**REF, "$defs": DEFS}, {**REF, "$defs": {"x": {"type": "null"}}}),
        ({"not": REF, "$defs": DEFS}, {"not": REF, "$defs": {"x": {"type": "null"}}}),
    ],
)
def test_what_does_not_follow_is_left_and_refuted(a, b):
    assert rest(a, b) is not True
    assert isinstance(shape_contained(shape(a), shape(b)), Refuted)


def test_only_what_changed_is_left():
    old = {
        "type": "object",
        "properties": {
            "amount": {"type": "string", "pattern": "^[0-9]+$"},
            "note": {"type": "string", "maxLength": 100},
        },
        "required": ["amount"],
    }
    new = {**old, "properties": {**old["properties"], "note": {"type": "string"}}}

    assert rest(new, old) == {"properties": {"note": {"maxLength": 100}}}
    assert rest(old, new) is True


@pytest.mark.parametrize(
    ("a", "b", "left"),
    [
        (
            {"properties": {"a": {"const": 1}}},
            {"properties": {"a": {"const": 1}}, "additionalProperties": False, "type": "object"},
            {"properties": {"a": True}, "additionalProperties": False, "type": "object"},
        ),
        (
            {"patternProperties": {"^a": {"const": 1}}},
            {"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": False},
            {"patternProperties": {"^a": True}, "additionalProperties": False},
        ),
        (
            {"prefixItems": [{"const": 1}]},
            {"prefixItems": [{"const": 1}], "items": False},
            {"prefixItems": [True], "items": False},
        ),
        (
            {"minLength": 1},
            {"allOf": [{"minLength": 1}, {"maxLength": 2}]},
            {"allOf": [True, {"maxLength": 2}]},
        ),
        (
            {"contains": True},
            {"contains": True, "maxContains": 3, "minItems": 0},
            {"contains": True, "maxContains": 3},
        ),
    ],
)
def test_what_is_left_keeps_the_words_it_is_read_with_and_their_places(a, b, left):
    assert rest(a, b) == left


@pytest.mark.parametrize(
    "b",
    [
        {"type": "string", "minLength": 1, "allOf": [REF], "$defs": DEFS},
        {"type": "string", "minLength": 1, "unevaluatedProperties": False},
    ],
)
def test_what_hangs_together_is_asked_about_whole(b):
    assert rest({"type": "string"}, b) == b


def test_each_part_on_the_left_takes_its_share():
    a = shape({"type": "string"}, {"maxLength": 3})
    b = shape({"type": "string", "maxLength": 4, "minLength": 1}, {"maxLength": 3})

    assert [part.schema for part in left_open(a, b).parts] == [{"minLength": 1}]


def test_dialects_that_read_words_differently_are_not_mixed():
    tuples = {"items": [{"type": "string"}]}

    assert rest(tuples, tuples, Dialect.DRAFT7) is True
    assert rest({"items": True}, tuples, Dialect.DRAFT7) == tuples
    void = {"$ref": "#/definitions/x", "minimum": 1, "definitions": {"x": {}}}
    assert rest(void, {"minimum": 0}, Dialect.DRAFT7) == {"minimum": 0}
    assert rest({"minimum": 1}, {"minimum": 0}, Dialect.DRAFT4) == {"minimum": 0}
    named = {"$schema": "http://json-schema.org/draft-07/schema#", "minimum": 1}
    assert rest(named, {"minimum": 0}) == {"minimum": 0}
    assert rest(named, {**named, "minimum": 0}) is True
    inside = {"properties": {"a": named}}
    assert rest(inside, inside | {"title": "other"}) == inside


@pytest.mark.parametrize(
    "b",
    [
        {"required": "a"},
        {"required": [1]},
        {"type": "text"},
        {"enum": 1},
        {"minLength": "1"},
        {"minimum": "1"},
        {"multipleOf": 0},
        {"pattern": 1},
        {"properties": []},
        {"additionalProperties": 1},
        {"allOf": {}},
        {"anyOf": {}},
        {"prefixItems": {}},
        {"items": 1},
    ],
)
def test_what_has_no_meaning_is_left(b):
    assert rest({"type": "string", "required": ["a"], "items": {}}, b) == b


def test_looking_ends_in_deep_wide_and_branching_schemas():
    deep = {"minimum": 1}
    for _ in range(100):
        deep = {"properties": {"a": deep}}
    wide = {"properties": {f"p{index}": {"minimum": 1} for index in range(9_000)}}
    choice = {"anyOf": [{"const": index} for index in range(80)]}
    other = {"anyOf": [{"const": str(index)} for index in range(80)]}

    assert rest(deep, {**deep, "title": "x"}) is not True
    assert len(rest(wide, {**wide, "title": "x"})["properties"]) > 6_000
    assert rest({"allOf": [choice], "anyOf": choice["anyOf"]}, other) == other
    long = [f"word {index}" for index in range(100_000)]
    assert rest({"enum": long}, {"enum": long, "title": "x"}) == {"enum": long}


@given(a=schemas(), b=schemas())
@settings(max_examples=300, deadline=None)
def test_what_is_left_is_contained_where_the_whole_is(a, b):
    left, right = shape(a), shape(b)
    whole = readably_contained(left, right, budget=DEFAULT_BUDGET)

    found = shape_contained(left, right)

    assert type(found) is type(whole) or isinstance(whole, Undecided)


@pytest.mark.parametrize("first", range(11_000, 11_240, 8))
def test_versions_of_a_schema_are_decided_as_without_descent(first):
    for seed in range(first, first + 8):
        name, a, b = generating.pair(seed)
        one, two = (shape(each, dialect=dialect_from_uri(name)) for each in (a, b))
        for left, right in ((one, two), (two, one)):
            whole = readably_contained(left, right, budget=DEFAULT_BUDGET)

            assert type(shape_contained(left, right)) is type(whole), seed


@pytest.mark.parametrize(
    "lost", [{"$ref": "#/$defs/x"}, {"$ref": "#/nowhere"}, {"$ref": "https://example.com/x"}]
)
def test_no_branch_is_enough_beside_one_that_leads_nowhere(lost):
    choice = {"anyOf": [{"type": "string"}, lost], "$defs": {"x": {"$ref": "#/$defs/x"}}}

    assert isinstance(is_contained({"type": "string", "minLength": 1}, choice), Undecided)
    assert is_contained(choice, {**choice}) == Proved()
