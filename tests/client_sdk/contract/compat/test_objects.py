"""Objects: members by name, names by class, sizes, and members that bring others."""

from __future__ import annotations

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_same

from client_sdk.contract.compat import Budget


def obj(**keywords):
    return {"type": "object", **keywords}


def closed(*required, **members):
    schema = obj(properties=members, additionalProperties=False)
    return {**schema, "required": list(required)} if required else schema


BIT = {"type": "boolean"}
TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (closed(a=BIT), obj(maxProperties=1)),
        (closed(a=BIT, b=BIT) | {"minProperties": 2}, obj(required=["a", "b"])),
        (closed(a=False) | {"minProperties": 1}, False),
        (obj(required=["a", "b"], maxProperties=1), False),
        (obj(required=["a", "b"]), obj(minProperties=2)),
        (obj(propertyNames={"maxLength": 1, "pattern": "^[ab]$"}), obj(maxProperties=2)),
        (obj(propertyNames={"enum": ["a"]}), obj(additionalProperties=True, maxProperties=1)),
        (obj(propertyNames=TEXT), obj()),
        (obj(patternProperties={"^x": BIT}, additionalProperties=False), obj(propertyNames={"pattern": "^x"})),
        (obj(patternProperties={"^x": BIT}), obj(properties={"xy": BIT})),
        (obj(patternProperties={"": BIT}), obj(additionalProperties=BIT)),
        (obj(additionalProperties=BIT), obj(patternProperties={"^x": BIT})),
        (obj(patternProperties={"^x": {"minimum": 5}, "z$": {"type": "integer", "maximum": 4}}), obj(properties={"xz": False})),
        (obj(dependentRequired={"a": ["b"], "b": ["c"]}), obj(dependentRequired={"a": ["c"]})),
        (obj(dependentSchemas={"a": {"required": ["b"]}}), obj(dependentRequired={"a": ["b"]})),
        (obj(minProperties=3, maxProperties=2), False),
        (closed("a", a={"enum": [1, 2]}), {"enum": [{"a": 1}, {"a": 2}]}),
        (closed(a=BIT), {"enum": [{}, {"a": True}, {"a": False}]}),
        (obj(additionalProperties={"enum": []}), obj(maxProperties=0)),
    ],
)  # fmt: skip
def test_these_objects_are_among_those(a, b):
    assert_contained(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (obj(), obj(maxProperties=2)),
        (obj(), obj(propertyNames={"pattern": "^a"})),
        (obj(), obj(properties={"a": TEXT})),
        (closed(a=BIT, b=BIT), obj(maxProperties=1)),
        (closed(a=BIT, b=BIT) | {"minProperties": 1}, obj(required=["a"])),
        (obj(additionalProperties=TEXT, minProperties=4), obj(required=["a"])),
        (obj(patternProperties={"^x": BIT}), obj(additionalProperties=BIT)),
        (obj(patternProperties={"^x": BIT}, additionalProperties=False), obj(maxProperties=3)),
        (obj(propertyNames={"pattern": "^[ab]$"}), obj(maxProperties=1)),
        (obj(propertyNames={"pattern": "^[a-e]$"}, minProperties=4), obj(required=["a"])),
        (obj(dependentRequired={"a": ["b"]}), obj(dependentRequired={"b": ["a"]})),
        (obj(), {"enum": [{}, {"a": 1}]}),
        (closed(a=BIT), {"enum": [{}, {"a": True}]}),
        (obj(required=["a"]), {"not": {"const": {"a": None}}}),
        (obj(required=["a"], properties={"a": {"const": 1}}), {"not": {"const": {"a": 1}}}),
        (obj(not_={}), {"not": {"const": {}}}),
        (obj(minProperties=2, maxProperties=2, additionalProperties=BIT), obj(minProperties=3)),
    ],
)  # fmt: skip
def test_this_object_escapes(a, b):
    assert_escapes(a, b)


def test_two_demands_share_one_member_when_there_is_room_for_only_one():
    small = {"not": obj(patternProperties={"^a": {"minimum": 1}})}
    also = {"not": obj(patternProperties={"b$": {"maximum": 1}})}
    narrow = obj(maxProperties=1, allOf=[small, also])

    assert_contained({**narrow, "additionalProperties": {"type": "integer"}}, False)
    assert_contained(
        {**narrow, "additionalProperties": {"type": "integer"}, "maxProperties": 2},
        obj(minProperties=2),
    )


def test_the_same_member_can_break_two_rules():
    first = {"not": obj(patternProperties={"^a": BIT})}
    second = {"not": obj(patternProperties={"b$": TEXT})}

    witness = assert_escapes(obj(maxProperties=1, allOf=[first, second]), False)

    assert all(name.startswith("a") and name.endswith("b") for name in witness)


def test_fresh_names_of_a_finite_class_run_out():
    few = obj(propertyNames={"pattern": "^[abc]$"}, minProperties=4)

    assert_contained(few, False)
    assert_same(
        {**few, "minProperties": 3}, {**few, "minProperties": 3, "required": ["a", "b", "c"]}
    )


def test_names_may_be_described_by_the_schema_itself():
    named = {
        "$ref": "#/$defs/n",
        "$defs": {"n": {"maxLength": 1, "propertyNames": {"$ref": "#/$defs/n"}}},
    }

    assert_contained(named, {"propertyNames": {"maxLength": 1}})
    assert_escapes(named, {"propertyNames": {"maxLength": 0}})


def test_an_object_too_large_to_write_stays_open():
    assert_open(obj(minProperties=5_000), obj(maxProperties=10), "witness-too-large")


def test_a_member_beyond_what_anybody_can_decide_stays_open():
    odd = obj(propertyNames={"pattern": r"^(.)\1$"}, minProperties=1)

    assert_open(odd, obj(maxProperties=0), "pattern-unsupported")


def test_names_over_the_budget_of_states_stay_open():
    wide = obj(propertyNames={"pattern": "(a|b)*a(a|b){12}$"}, minProperties=1)

    assert_open(wide, obj(maxProperties=0), "budget-states", budget=Budget(states=20))


def test_a_closed_object_has_no_more_members_than_names():
    either = [{"properties": {f"p{i}": {"type": "string"}}} for i in range(15)]
    closed = {
        "type": "object",
        "properties": {f"p{i}": {} for i in range(15)},
        "additionalProperties": False,
        "anyOf": either,
    }

    assert_contained(closed, {"maxProperties": 15})
    assert_escapes(closed, {"maxProperties": 14})


def test_names_of_a_pattern_run_out():
    names = {"type": "object", "propertyNames": {"pattern": "^[a-z]{2}$"}}

    assert_contained(names, {"maxProperties": 26 * 26})


def test_a_member_of_a_closed_object_is_one_of_those_named():
    """Each name is tried beside the branches, so that 2 ** 16 choices need not be."""
    groups = [
        {"anyOf": [{"not": {"required": [f"p{i}"]}}, {"properties": {f"p{i}": {"maxLength": 9}}}]}
        for i in range(16)
    ]
    closed = {
        "type": "object",
        "propertyNames": {"enum": [f"p{i}" for i in range(16)]},
        "allOf": groups,
    }

    assert_contained(closed, {"additionalProperties": {"maxLength": 9}})
    assert_escapes(closed, {"additionalProperties": {"maxLength": 8}})


def test_a_name_that_nobody_chose_is_one_a_reader_can_see():
    assert assert_escapes({"type": "object"}, {"additionalProperties": False}) == {"a": None}
    assert assert_escapes({"propertyNames": {"maxLength": 0}}, {"maxProperties": 0}) == {"": None}


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"properties": {"a": {"type": "integer"}, "b": {"enum": ["b"]}}},
        {"properties": {"a": {"minProperties": 2, "type": "object"}}, "dependentRequired": {"a": ["b"]}},
    ],
)  # fmt: skip
def test_an_object_without_room_for_members_is_the_empty_one(members):
    assert_contained({"type": "object", "maxProperties": 0, **members}, {"const": {}})


def test_an_object_that_is_full_with_what_it_must_have_is_listed():
    full = {"type": "object", "required": ["a"], "maxProperties": 1, "properties": {"a": {"type": "boolean"}}}  # fmt: skip

    assert_contained(full, {"enum": [{"a": True}, {"a": False}]})
    assert assert_escapes(full, {"enum": [{"a": True}]}) == {"a": False}
