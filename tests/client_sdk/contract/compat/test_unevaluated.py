"""unevaluated*: what the branches that hold have looked at."""

from __future__ import annotations

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_same

CLOSED = {"type": "object", "unevaluatedProperties": False}
SHUT = {"type": "array", "unevaluatedItems": False}


def names(*allowed):
    return {"propertyNames": {"enum": list(allowed)}}


@pytest.mark.parametrize(
    ("seen", "allowed"),
    [
        ({"properties": {"a": {}}}, ["a"]),
        ({"patternProperties": {"^a$": {}}}, ["a"]),
        ({"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}, ["a", "b"]),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"properties": {"a": {}}}}}, ["a"]),
        ({"anyOf": [{"properties": {"a": {}}, "required": ["a"]}, True]}, ["a"]),
        ({"oneOf": [{"properties": {"a": {}}, "required": ["a"]}, {"type": "null"}]}, ["a"]),
        ({"if": {"properties": {"a": {}}, "required": ["a"]}}, ["a"]),
        ({"if": {"required": ["a"]}, "then": {"properties": {"a": {}}}, "else": {"properties": {"b": {}}}}, ["a", "b"]),
        ({"dependentSchemas": {"a": {"properties": {"a": {}, "b": {}}}}}, ["a", "b"]),
        ({"not": {"not": {"properties": {"a": {}}}}}, []),
        ({"not": {"properties": {"a": {"type": "string"}}}}, []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dialect", ["2019-09", "2020-12"])
def test_only_these_members_are_left(seen, allowed, dialect):
    assert_contained({**CLOSED, **seen}, names(*allowed), dialect)


@pytest.mark.parametrize(
    "seen",
    [
        {"additionalProperties": True},
        {"allOf": [{"unevaluatedProperties": True}]},
        {"allOf": [{"additionalProperties": {}}]},
    ],
)
def test_everything_else_was_looked_at(seen):
    assert_same({**CLOSED, **seen}, {"type": "object"})


def test_cousins_are_not_seen():
    nephew = {"allOf": [{"properties": {"a": {}}}, {"unevaluatedProperties": False}]}

    assert_contained({"type": "object", **nephew}, {"maxProperties": 0})


def test_a_branch_that_holds_allows_its_members():
    either = {
        "anyOf": [
            {"properties": {"a": {"const": 1}}, "required": ["a"]},
            {"properties": {"b": {"const": 2}}, "required": ["b"]},
        ]
    }

    assert_escapes({**CLOSED, **either}, {"maxProperties": 1})
    assert_contained({**CLOSED, **either}, {"maxProperties": 2})
    assert_contained({**CLOSED, **either, "required": ["b"]}, {"properties": {"b": {"const": 2}}})


def test_a_branch_of_a_condition_counts_only_when_it_is_taken():
    a_or_b = {"if": {"properties": {"a": {}}, "required": ["a"]}, "else": {"properties": {"b": {}}}}

    assert_contained({**CLOSED, **a_or_b}, {"not": {"required": ["a", "b"]}})
    assert_escapes({**CLOSED, **a_or_b}, {"not": {"required": ["b"]}})


@pytest.mark.parametrize(
    ("seen", "most", "dialect"),
    [
        ({"prefixItems": [{}, {}]}, 2, "2020-12"),
        ({"allOf": [{"prefixItems": [{}]}, {"prefixItems": [{}, {}]}]}, 2, "2020-12"),
        ({"items": [{}, {}]}, 2, "2019-09"),
        ({"items": [{}], "allOf": [{"additionalItems": True}]}, 1, "2019-09"),
        ({"if": {"prefixItems": [{}]}, "else": False}, 1, "2020-12"),
    ],
)
def test_items_beyond_those_looked_at_are_refused(seen, most, dialect):
    assert_same({**SHUT, **seen}, {"type": "array", "maxItems": most, **seen}, dialect)


@pytest.mark.parametrize(
    ("seen", "dialect"),
    [
        ({"items": {}}, "2020-12"),
        ({"items": {}}, "2019-09"),
        ({"items": [{}], "additionalItems": True}, "2019-09"),
        ({"allOf": [{"unevaluatedItems": True}]}, "2020-12"),
    ],
)
def test_every_item_was_looked_at(seen, dialect):
    assert_same({**SHUT, **seen}, {"type": "array"}, dialect)


def test_contains_looks_at_items_since_2020_12_only():
    found = {"contains": {"type": "string"}}

    assert_same({**SHUT, **found}, {"type": "array", "minItems": 1, "items": {"type": "string"}})
    assert_contained({**SHUT, **found}, False, "2019-09")


def test_a_dependent_schema_says_nothing_about_an_array():
    branches = {"dependentSchemas": {"a": {"prefixItems": [{}]}}}

    assert_contained({**SHUT, **branches}, {"maxItems": 0})


@pytest.mark.parametrize("count", [9, 20])
def test_any_number_of_branches_may_hold_together(count):
    """Cases by subset of branches would be 2 ** count; regions of names are as many as names."""
    some = {"anyOf": [{"properties": {f"p{i}": {}}, "required": [f"p{i}"]} for i in range(count)]}

    assert_contained({**CLOSED, **some}, {"maxProperties": count, "minProperties": 1})
    assert_contained({**CLOSED, **some}, names(*(f"p{i}" for i in range(count))))
    assert_contained({**CLOSED, **some, "required": ["p0"]}, {**CLOSED, **some})
    assert_escapes({**CLOSED, **some}, {"maxProperties": count - 1})


def test_conditions_in_a_row_each_allow_their_own_members():
    chosen = {
        "properties": {"kind": {"enum": list(range(15))}},
        "required": ["kind"],
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": i}}},
                "then": {"properties": {f"p{i}": {"type": "string"}}},
            }
            for i in range(15)
        ],
    }

    assert_contained({**CLOSED, **chosen}, {"maxProperties": 2})
    assert_contained({**CLOSED, **chosen}, {"properties": {"p3": {"type": "string"}}})
    assert_escapes({**CLOSED, **chosen}, {"maxProperties": 1})


def test_items_found_by_a_branch_count_only_when_it_holds():
    found = {"anyOf": [{"contains": {"type": "string"}}, {"contains": {"type": "null"}}]}

    assert_contained({**SHUT, **found}, {"items": {"type": ["string", "null"]}})
    assert_contained({**SHUT, **found}, {"minItems": 1})
    assert_escapes({**SHUT, **found}, {"items": {"type": "string"}})


def test_patterns_that_overlap_in_too_many_ways_stay_open():
    many = {
        "anyOf": [{"patternProperties": {f"p{i}": {}}, "required": [f"p{i}"]} for i in range(12)]
    }

    assert_open({**CLOSED, **many}, {"maxProperties": 20}, "unevaluated-too-many-cases")


def test_more_finders_than_can_be_told_apart_stay_open():
    many = {"anyOf": [{"contains": {"const": i}} for i in range(9)]}

    assert_open({**SHUT, **many}, {"maxItems": 20}, "unevaluated-too-many-cases")
