"""Arrays: places, the rest, counting what they contain, and telling items apart."""

from __future__ import annotations

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_same

from client_sdk.contract.compat import Proved, is_contained


def array(**keywords):
    return {"type": "array", **keywords}


def pick(*values):
    return {"enum": list(values)}


BIT = {"type": "boolean"}
FLAGGED = {
    "type": "object",
    "properties": {"on": BIT},
    "required": ["on"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            array(prefixItems=[{"type": "integer"}], items=BIT),
            array(prefixItems=[{"type": "number"}]),
        ),
        (array(items=BIT, minItems=1), array(prefixItems=[BIT], contains=BIT)),
        (array(prefixItems=[{}, {}], items=False), array(maxItems=2)),
        (array(maxItems=1), array(uniqueItems=True)),
        (array(contains={"type": "string"}, items=BIT), False),
        (array(contains=pick(1), minContains=2, uniqueItems=True), False),
        (array(contains=pick(1), maxContains=1, items=pick(1)), array(maxItems=1)),
        (array(contains=pick(1), minContains=2), array(minItems=2)),
        (
            array(items=pick(1, 2), contains=pick(2), minContains=0, maxContains=0),
            array(items=pick(1)),
        ),
        (
            array(prefixItems=[pick("a", "b"), pick("a")], uniqueItems=True, minItems=2),
            array(prefixItems=[pick("b")]),
        ),
        (array(items=FLAGGED, uniqueItems=True), array(maxItems=2)),
        (array(items=array(items=BIT, maxItems=1), uniqueItems=True), array(maxItems=3)),
        (array(items=BIT, uniqueItems=False, minItems=3), {"not": {"uniqueItems": True}}),
        (array(items=pick(1, 2, 3), minItems=4), {"not": {"uniqueItems": True}}),
    ],
)
def test_these_arrays_are_among_those(a, b):
    assert_contained(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (array(), array(maxItems=3)),
        (array(), array(minItems=1)),
        (array(items={"type": "number"}), array(items={"type": "integer"})),
        (array(prefixItems=[{}, BIT]), array(maxItems=1)),
        (array(items=BIT), array(uniqueItems=True)),
        (array(prefixItems=[pick(1), pick(2)]), array(uniqueItems=True)),
        (array(items=FLAGGED, uniqueItems=True), array(maxItems=1)),
        (array(items=array(items=BIT, maxItems=1), uniqueItems=True), array(maxItems=2)),
        (array(contains=pick(1)), array(contains=pick(1), maxContains=1)),
        (array(contains=pick(1), allOf=[{"contains": pick(2)}]), array(maxItems=2)),
        (array(uniqueItems=True, items={"type": "integer"}), array(maxItems=30)),
        (array(), {"enum": [[], [None]]}),
        (array(items=BIT, maxItems=2), {"not": {"const": [True, False]}}),
        (array(minItems=2), {"not": {"enum": [[0, 0]]}}),
        (array(contains={"type": "integer"}, minContains=300), array(contains=BIT)),
    ],
)
def test_this_array_escapes(a, b):
    assert_escapes(a, b)


def test_finitely_many_arrays_can_be_excluded_one_by_one():
    pairs = [[x, y] for x in (True, False) for y in (True, False)]

    assert_contained(array(items=BIT, minItems=2, maxItems=2), {"enum": pairs})
    assert_escapes(array(items=BIT, minItems=2, maxItems=2), {"enum": pairs[1:]})


def test_a_place_passes_its_value_on_to_another():
    chain = [pick("a", "b"), pick("b", "c"), pick("c", "a"), pick("a")]

    assert_contained(array(prefixItems=chain, items=False, uniqueItems=True, minItems=4), False)
    assert_same(
        array(
            prefixItems=[pick("a", "b"), pick("b", "c"), pick("a")],
            items=False,
            uniqueItems=True,
            minItems=3,
        ),
        {"const": ["b", "c", "a"]},
    )


def test_two_counts_share_a_place_only_where_one_value_fits_both():
    both = array(maxItems=1, contains={"multipleOf": 2}, allOf=[{"contains": {"multipleOf": 3}}])

    assert_contained({**both, "items": {"type": "integer", "minimum": 1, "maximum": 5}}, False)
    assert_escapes({**both, "items": {"type": "integer", "minimum": 1, "maximum": 6}}, False)


def test_a_long_array_is_filled_with_what_no_count_minds():
    long = array(minItems=600, contains=pick("x"))

    assert_escapes(long, array(maxItems=599))
    assert_escapes(array(minItems=600, contains=pick("x"), maxContains=1), array(maxItems=599))


def test_a_long_array_whose_fillers_all_count_stays_open():
    a = array(minItems=600, items=pick("x", "y"), contains=pick("x"), maxContains=700)

    assert_open(
        {**a, "allOf": [{"contains": pick("y"), "maxContains": 550}]}, False, "search-too-wide"
    )


def test_tuples_close_by_their_additional_items():
    old = {"type": "array", "items": [BIT, BIT], "additionalItems": False}

    assert_contained(old, {"maxItems": 2}, "draft7")
    assert_same({"items": [BIT]}, {"items": [BIT], "additionalItems": True}, "draft7")
    assert_same({"items": BIT}, {"items": BIT, "additionalItems": False}, "draft7")


def test_additional_items_are_unknown_to_2020_12():
    assert_same({"prefixItems": [BIT]}, {"prefixItems": [BIT], "additionalItems": False})


@pytest.mark.parametrize(
    "items",
    [
        {"type": "string", "pattern": "^[a-z]{3}$"},
        {"type": "array", "items": {"const": 1}},
    ],
)
def test_more_values_than_are_listed_are_not_taken_for_missing(items):
    many = array(items=items, uniqueItems=True, minItems=70)

    assert is_contained(many, False) != Proved()


def test_open_objects_do_not_run_out():
    item = {"type": "object", "properties": {"a": BIT}, "required": ["a"]}

    assert_escapes(array(items=item, uniqueItems=True), array(maxItems=24))


@pytest.mark.parametrize("count", [3, 10, 14])
def test_so_many_different_finds_need_so_many_places(count):
    finds = {"type": "array", "allOf": [{"contains": {"const": i}} for i in range(count)]}

    assert_contained(finds, {"minItems": count})
    assert assert_escapes(finds, {"minItems": count + 1}) == list(range(count))


def test_every_item_counts_where_nothing_else_fits():
    """An upper limit that every item uses up is a limit of the length."""
    texts = {"type": "array", "items": {"type": "string"}}

    assert_contained(
        {**texts, "minItems": 1_000}, {"contains": {"type": "string"}, "minContains": 500}
    )
    assert_contained(
        {**texts, "maxItems": 700}, {"contains": {}, "minContains": 0, "maxContains": 700}
    )


def test_two_counts_share_the_places_of_a_long_array():
    mixed = {
        "type": "array",
        "items": {"type": ["integer", "string"]},
        "contains": {"type": "integer"},
        "minContains": 300,
        "maxItems": 500,
    }

    assert_contained(mixed, {"contains": {"type": "string"}, "minContains": 0, "maxContains": 200})
    assert_escapes(mixed, {"contains": {"type": "string"}, "minContains": 0, "maxContains": 199})


@pytest.mark.parametrize(
    ("item", "count"),
    [
        ({"type": "integer", "minimum": 0, "maximum": 1_500}, 1_501),
        ({"type": "string", "pattern": "^[0-9]{2}$"}, 100),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 2}, 7),
    ],
)
def test_different_items_are_no_more_than_there_are_values(item, count):
    different = {"type": "array", "uniqueItems": True, "items": item}

    assert_contained(different, {"maxItems": count})
    if count < 200:
        assert_escapes(different, {"maxItems": count - 1})


def test_different_items_come_from_values_that_several_branches_share():
    item = {
        "if": {"type": "integer", "minimum": 0, "maximum": 3},
        "then": {"type": "integer", "minimum": 1, "maximum": 3},
        "else": {"type": "integer", "minimum": 1, "maximum": 4},
    }
    array = {"type": "array", "items": item, "uniqueItems": True}

    assert_contained({**array, "minItems": 5}, False)
    assert sorted(assert_escapes({**array, "minItems": 4}, False)) == [1, 2, 3, 4]


def test_different_objects_come_from_few_names_with_several_values():
    item = {"type": "object", "propertyNames": {"pattern": "^[ac]$"}, "maxProperties": 1}

    witness = assert_escapes(
        {"type": "array", "items": item, "uniqueItems": True, "minItems": 5}, False
    )

    assert len(witness) == 5
