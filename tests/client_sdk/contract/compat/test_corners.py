"""Corners of the search that everyday schemas do not reach."""

from __future__ import annotations

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_same

from client_sdk.contract.compat.meter import Meter
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.kinds import ARRAY, EVERY, OBJECT, STRING
from client_sdk.contract.compat.verdicts import Budget

TEXT = {"type": "string"}
NOTHING = {"not": {}}


def test_an_empty_array_keeps_every_upper_limit():
    shut = {"type": "array", "maxItems": 0}

    assert assert_escapes(shut, {"contains": TEXT, "minContains": 2}) == []
    assert_contained(shut, {"contains": TEXT, "minContains": 0, "maxContains": 1})


def test_a_place_that_nothing_fits_leaves_no_array_of_different_items():
    endless = {
        "$defs": {
            "t": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/$defs/t"}}}
        },
        "type": "array",
        "uniqueItems": True,
        "minItems": 2,
    }

    assert_contained({**endless, "items": {"$ref": "#/$defs/t"}}, False)
    assert_contained({**endless, "prefixItems": [{}, {"$ref": "#/$defs/t"}]}, False)


def test_two_equal_items_need_a_value_that_fits_both_places():
    apart = {"type": "array", "prefixItems": [TEXT, {"type": "null"}], "maxItems": 2}
    alike = {"type": "array", "prefixItems": [TEXT, {"type": ["null", "string"]}], "maxItems": 2}

    assert_contained(apart, {"uniqueItems": True})
    assert assert_escapes(alike, {"uniqueItems": True}) == ["", ""]


def test_a_find_beyond_the_last_place_is_no_find():
    short = {"type": "array", "maxItems": 2, "prefixItems": [{"type": "null"}, {"type": "null"}]}

    assert_contained({**short, "contains": TEXT}, False)
    assert_contained({**short, "allOf": [{"contains": TEXT}, {"contains": {"const": "a"}}]}, False)


def test_numbers_without_a_bound_on_one_side_avoid_every_step():
    steps = [{"not": {"multipleOf": each}} for each in (1, 0.5, 0.25)]

    assert_escapes({"type": "number", "minimum": 3, "allOf": steps}, {"maximum": 2})
    assert_escapes({"type": "number", "maximum": -3, "allOf": steps}, {"minimum": 2})
    assert_escapes({"type": "integer", "minimum": -2, "maximum": 2}, {"enum": [0, 1, -1, 2]})
    assert_contained({"type": "integer", "minimum": -2, "maximum": 1}, {"enum": [0, 1, -1, -2]})


def test_members_of_a_class_that_nothing_fits_do_not_fill_an_object():
    shut = {"patternProperties": {"^x": NOTHING}, "propertyNames": {"pattern": "^x"}}

    assert_contained({"type": "object", **shut}, {"maxProperties": 0})
    assert_contained({"type": "object", **shut, "minProperties": 1}, False)


def test_an_object_is_filled_up_with_optional_members():
    some = {"type": "object", "properties": dict.fromkeys("abc", TEXT)}

    assert set(assert_escapes({**some, "minProperties": 2}, {"maxProperties": 1})) <= set("abc")


def test_references_to_what_is_no_schema_stay_open():
    assert_open(
        {"$ref": "#/$defs/x/enum/0", "$defs": {"x": {"enum": ["word"]}}},
        TEXT,
        "reference-unresolved",
    )


def test_complements_of_every_form_are_taken_back():
    arena = Arena(Meter(Budget()))
    word = arena.values(["a", "b"])
    every = [
        word,
        arena.place(1, word),
        arena.has_place(1, word),
        arena.items(1, word),
        arena.count(0, word, 2, upper=False),
        arena.member("m", word),
        arena.has("m", word),
        arena.each(arena.matches("^a"), word),
        arena.exists(arena.matches("^a"), word),
        arena.both(arena.member("m", word), arena.member("n", word)),
    ]

    for node in every:
        assert arena.negate(arena.negate(node)) is node
        fresh = arena.negate(node)
        fresh.opposite = None  # as if the complement had been made first
        for value in ("a", ["c", "a"], ["a", "c"], {"m": "c"}, {"m": "a"}, {"a": "c"}, {}, 1):
            assert fits(arena, arena.negate(fresh), value) is fits(arena, node, value)


def test_what_is_impossible_says_so_at_once():
    arena = Arena(Meter(Budget()))

    assert arena.size(STRING, -1, upper=True) is arena.types(EVERY & ~STRING)
    assert arena.has_place(3, arena.never) is arena.types(EVERY & ~ARRAY)
    assert arena.has_place(3, arena.anything) is arena.size(ARRAY, 4, upper=False)
    assert arena.exists(arena.never, arena.anything) is arena.types(EVERY & ~OBJECT)
    assert isinstance(arena.exists(arena.values(["a"]), arena.anything), nodes.Has)


@pytest.mark.parametrize("dialect", ["draft7", "2019-09", "2020-12"])
def test_equal_meaning_in_other_words(dialect):
    assert_same(
        {"not": {"required": ["a"]}, "type": "object"},
        {"type": "object", "properties": {"a": False}},
        dialect,
    )
    assert_same({"contains": {}, "type": "array"}, {"type": "array", "minItems": 1}, dialect)


def test_what_is_said_of_places_that_cannot_be_holds():
    far = {"anyOf": [{"prefixItems": [{}, {}, TEXT]}, {"minItems": 5}]}

    assert assert_escapes({"type": "array", "maxItems": 1, **far}, {"minItems": 1}) == []
    assert_contained({"type": "array", "maxItems": 1}, far)


def test_what_is_said_of_a_place_twice_holds():
    words = {"type": "array", "items": TEXT, "maxItems": 3}
    again = {"anyOf": [{"prefixItems": [{}, TEXT]}, {"minItems": 5}]}

    assert assert_escapes({**words, **again}, {"minItems": 3}) == []
    assert_contained(words, again)
