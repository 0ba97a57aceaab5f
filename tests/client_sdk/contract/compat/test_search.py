"""Searches that end only because a part of them can be given up."""

from __future__ import annotations

from decimal import Decimal

from compat_claims import assert_contained, assert_escapes, assert_open

from client_sdk.contract.compat.verdicts import Budget

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
LONG = {"type": "string", "minLength": 2}
ENDLESS = {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/$defs/endless"}}}
WITH_ENDLESS = {"$defs": {"endless": ENDLESS}}
# A multiple of 2 ** -50 is every point that is tried between two bounds.
FINE = Decimal("8.8817841970012523233890533447265625E-16")
NEVER_FOUND = {"type": "number", "minimum": 0, "maximum": 1, "not": {"multipleOf": FINE}}


def some_member(pattern, schema):
    """Objects with a member of such a name that fits the schema."""
    return {"not": {"patternProperties": {pattern: {"not": schema}}}}


def test_a_find_can_only_be_where_items_are():
    short = {"type": "array", "maxItems": 2, "prefixItems": [TEXT, {"type": "null"}]}

    assert_contained({**short, "contains": NUMBER}, False)
    assert_escapes({**short, "maxItems": 3, "contains": NUMBER}, {"maxItems": 2})


def test_two_members_that_differ_do_not_share_a_name():
    both = {"allOf": [some_member("^a", TEXT), some_member("^a", NUMBER)], "type": "object"}

    assert_contained({**both, "maxProperties": 1}, False)
    witness = assert_escapes({**both, "maxProperties": 2}, False)
    assert sorted(map(type, witness.values()), key=str) == [int, str]


def test_members_that_only_endless_values_fit_do_not_fill_an_object():
    shut = {"type": "object", "additionalProperties": {"$ref": "#/$defs/endless"}, **WITH_ENDLESS}

    assert_contained({**shut, "minProperties": 1}, False)
    assert_escapes(shut, False)


def test_members_that_nothing_fits_make_no_second_object():
    nothing = {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "^b"}]}
    items = {"type": "object", "additionalProperties": nothing}
    alone = {"type": "array", "uniqueItems": True, "items": items}

    assert_contained({**alone, "minItems": 2}, False)
    assert assert_escapes({**alone, "minItems": 1}, False) == [{}]


def test_a_name_that_is_ruled_out_by_name_leaves_the_other_names():
    barred = {"not": {"anyOf": [{"enum": ["a"]}, {"pattern": "^x"}]}}
    shut = {"type": "object", "propertyNames": barred, "minProperties": 1}

    (name,) = assert_escapes(shut, False)
    assert name != "a"
    assert not name.startswith("x")
    assert_contained(shut, {"properties": {"a": False}, "patternProperties": {"^x": False}})


def test_classes_of_the_same_names_are_all_kept():
    same = [{"patternProperties": {"^x": each}} for each in (TEXT, {"minLength": 2}, LONG)]
    named = {"type": "object", "propertyNames": {"pattern": "^x"}, "minProperties": 1}

    (value,) = assert_escapes({**named, "allOf": same}, False).values()
    assert len(value) >= 2
    assert_contained({**named, "allOf": same}, {"additionalProperties": LONG})


def test_a_value_that_is_not_found_leaves_arrays_open():
    hard = {"type": "array", "items": NEVER_FOUND}

    assert_open({**hard, "minItems": 1}, False, "search-too-wide")
    assert_open(
        {"type": "array", "prefixItems": [TEXT, TEXT, NEVER_FOUND], "minItems": 3},
        {"uniqueItems": True},
        "search-too-wide",
    )


def test_more_cases_of_what_is_evaluated_than_can_be_weighed_stay_open():
    cases = [{"properties": {f"p{index}": TEXT}} for index in range(1_001)]
    schema = {"type": "object", "anyOf": cases, "unevaluatedProperties": False}

    assert_open(
        {"type": "object"}, schema, "unevaluated-too-many-cases", budget=Budget(wall_seconds=120)
    )


def test_a_definition_that_says_what_its_complement_denies_leaves_no_value():
    name = {"minLength": 3, "properties": {"next": {"$ref": "#/$defs/name"}}}
    schema = {"$defs": {"name": name}, "type": "string", "minLength": 3}

    assert_contained({**schema, "not": {"$ref": "#/$defs/name"}}, False)


def test_an_option_with_room_for_fewer_members_than_are_required_is_dropped():
    two = {"type": "object", "required": ["a", "b"]}
    three = {"minProperties": 3}

    assert_contained({**two, "anyOf": [{"maxProperties": 1}, {"required": ["c"]}]}, three)
    assert_escapes({**two, "anyOf": [{"maxProperties": 2}, {"required": ["c"]}]}, three)
