"""Eighteen ways in which containment engines have been wrong, and what is right."""

from __future__ import annotations

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_same

from client_sdk.contract.compat import Budget, Proved, Refuted, Undecided, is_contained

EVERY_DRAFT = ["draft4", "draft6", "draft7", "2019-09", "2020-12"]


@pytest.mark.parametrize(
    "keywords",
    [{"properties": {"a": {"type": "string"}}}, {"minLength": 3}, {"items": {"type": "string"}}],
)
def test_01_a_keyword_about_a_type_does_not_imply_the_type(keywords):
    assert_escapes(keywords, {"type": ["object", "string", "array"]})


def test_02_additional_properties_sees_only_its_own_object():
    whole = {"properties": {"a": {}}, "allOf": [{"properties": {"b": {}}}]}

    witness = assert_escapes({"required": ["b"]}, {**whole, "additionalProperties": False})

    assert "b" in witness


def test_02_an_optional_typed_member_added_to_an_open_object_narrows_it():
    old = {"type": "object"}

    assert_escapes(old, {"type": "object", "properties": {"note": {"type": "string"}}})


@pytest.mark.parametrize(
    ("a", "b"),
    [([1], [1.0]), ([{"a": 1, "b": 2}], [{"b": 2, "a": 1}]), ([[1, True]], [[1.0, True]])],
)
def test_03_enum_compares_as_json_does(a, b):
    assert_same({"enum": a}, {"enum": b})


def test_03_true_is_not_one_and_false_is_not_zero():
    assert assert_escapes({"enum": [True]}, {"enum": [1]}) is True
    assert assert_escapes({"enum": [[0]]}, {"enum": [[False]]}) == [0]


def test_03_enum_with_a_type_keeps_only_members_of_that_type():
    assert_same({"enum": ["a", 1, None], "type": "string"}, {"const": "a"})


def test_04_one_of_refuses_what_two_branches_accept():
    overlap = [{"type": "integer"}, {"minimum": 5}]

    assert_escapes({"anyOf": overlap}, {"oneOf": overlap})
    assert_contained({"oneOf": overlap}, {"anyOf": overlap})


def test_04_branches_whose_tags_overlap_are_not_exclusive():
    def tagged(*tags):
        return {"type": "object", "properties": {"k": {"enum": [*tags]}}, "required": ["k"]}

    branches = [tagged("a", "b"), tagged("b", "c")]

    assert assert_escapes({"anyOf": branches}, {"oneOf": branches}) == {"k": "b"}


def test_01_a_clash_about_one_type_leaves_the_others():
    long_or_number = {"anyOf": [{"not": {"minLength": 3}}, {"type": "integer"}]}
    clash = [long_or_number, {"minLength": 3}, {"maxLength": 2}]

    assert_escapes({"allOf": clash}, {"type": "string"})


def test_01_an_alternative_about_one_type_still_accepts_the_others():
    seen = {"anyOf": [{"type": "array"}, {"not": {"minLength": 3}}]}
    either = {"anyOf": [{"maxLength": 2}, {"type": "null"}]}

    assert_escapes(
        {"allOf": [{"anyOf": [seen, {}]}, {"minLength": 3}, either]},
        {"type": ["null", "string"]},
    )


def test_05_several_branches_cover_what_no_single_one_does():
    assert_contained(
        {"type": "integer", "minimum": 0},
        {"anyOf": [{"type": "integer", "maximum": 10}, {"type": "number", "exclusiveMinimum": 10}]},
    )


def test_06_a_contradiction_is_contained_in_everything():
    assert_contained({"allOf": [{"type": "string"}, {"type": "integer"}]}, False)


def test_06_an_impossible_optional_member_is_a_forbidden_one():
    impossible = {"type": "integer", "minimum": 3, "maximum": 2}

    assert_same(
        {"type": "object", "properties": {"a": impossible}},
        {"type": "object", "properties": {"a": False}},
    )


def test_06_an_impossible_item_means_an_empty_array():
    assert_contained({"type": "array", "items": {"enum": []}}, {"maxItems": 0})


def test_06_an_impossible_place_bounds_the_length():
    assert_contained({"type": "array", "prefixItems": [{}, {"not": {}}]}, {"maxItems": 1})


def test_07_contains_needs_an_item_unless_min_contains_is_zero():
    assert assert_escapes({"type": "array"}, {"contains": {}}) == []
    assert_contained({"type": "array"}, {"contains": {}, "minContains": 0})


def test_07_max_contains_without_contains_says_nothing():
    assert_same({}, {"maxContains": 0})


def test_07_two_disjoint_contains_need_two_places_and_overlapping_ones_only_one():
    disjoint = {"type": "array", "contains": {"type": "string"}}

    assert_contained({**disjoint, "allOf": [{"contains": {"type": "null"}}]}, {"minItems": 2})
    assert_escapes({**disjoint, "allOf": [{"contains": {"minLength": 3}}]}, {"minItems": 2})


def test_08_then_and_else_without_if_say_nothing():
    assert_same({}, {"then": False, "else": False})


def test_08_a_missing_else_accepts_everything():
    only_then = {"if": {"type": "string"}, "then": {"minLength": 2}}

    assert_contained({"type": "integer"}, only_then)
    assert_escapes({"type": "string"}, only_then)


def test_09_lengths_count_code_points():
    assert_contained({"const": "\U0001f600"}, {"maxLength": 1})
    assert_contained({"type": "string", "pattern": "^\U0001f600{2}$"}, {"maxLength": 2})


def test_10_siblings_of_a_reference_are_void_up_to_draft_7():
    schema = {"$ref": "#/definitions/s", "minLength": 2, "definitions": {"s": {"type": "string"}}}

    assert_escapes(schema, {"minLength": 2}, "draft7")
    assert_contained(schema, {"minLength": 2}, "2019-09")


def test_10_an_id_changes_the_base_of_nested_references():
    schema = {
        "$id": "https://example.com/root",
        "$ref": "#/$defs/inner",
        "$defs": {
            "inner": {
                "$id": "https://example.com/inner",
                "$ref": "#/$defs/word",
                "$defs": {"word": {"type": "string"}},
            },
            "word": {"type": "integer"},
        },
    }

    assert_same(schema, {"type": "string"})


def test_11_draft_4_reads_exclusive_bounds_as_flags():
    flagged = {"type": "number", "minimum": 0, "exclusiveMinimum": True}

    assert_contained(flagged, {"not": {"enum": [0]}}, "draft4")


@pytest.mark.parametrize(
    "unknown",
    [{"const": 1}, {"contains": False}, {"propertyNames": {"maxLength": 0}}, {"if": {}, "then": 1}],
)
def test_11_draft_4_does_not_know_later_keywords(unknown):
    assert_same({}, unknown, "draft4")


def test_11_true_and_false_mean_the_same_beside_draft_4():
    assert is_contained({"type": "string"}, True, dialect="draft4") == Proved()
    assert isinstance(is_contained({"type": "string"}, False, dialect="draft4"), Refuted)


def test_11_draft_6_does_not_know_if():
    assert_same({}, {"if": True, "then": False}, "draft6")


def test_11_a_list_of_items_is_a_tuple_up_to_2019_09_and_prefix_items_after():
    pair = {"type": "array", "items": [{"type": "string"}], "additionalItems": False}

    assert_contained(pair, {"maxItems": 1}, "2019-09")
    assert_contained(
        {"type": "array", "prefixItems": [{"type": "string"}], "items": False}, {"maxItems": 1}
    )
    assert_escapes(
        {"type": "array", "prefixItems": [{"type": "string"}]}, {"maxItems": 1}, "draft7"
    )


@pytest.mark.parametrize("dialect", EVERY_DRAFT)
@pytest.mark.parametrize(
    "note", [{"format": "email"}, {"default": 1}, {"readOnly": True}, {"contentEncoding": "base64"}]
)
def test_12_annotations_do_not_decide(dialect, note):
    assert_same({"type": "string"}, {"type": "string", **note}, dialect)


def test_13_distinct_items_run_out_of_values():
    four_of_three = {"items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "minItems": 4}

    assert_contained({"type": "array", **four_of_three}, False)
    assert_contained(
        {"type": "array", **four_of_three, "minItems": 3}, {"contains": {"const": "b"}}
    )


def test_14_an_assumption_under_way_does_not_poison_later_answers():
    tree = {
        "$defs": {
            "t": {
                "type": "object",
                "properties": {"l": {"$ref": "#/$defs/t"}, "v": {"type": ["integer", "string"]}},
                "required": ["v"],
            }
        },
        "$ref": "#/$defs/t",
    }
    stricter = {
        "$defs": {
            "t": {
                "type": "object",
                "properties": {
                    "l": {"$ref": "#/$defs/t"},
                    "r": {"$ref": "#/$defs/t"},
                    "v": {"type": "integer"},
                },
            }
        },
        "$ref": "#/$defs/t",
    }

    assert_escapes(tree, stricter)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"type": "string", "minLength": 10**6}, {"maxLength": 10}),
        ({"type": "array", "minItems": 10**9, "uniqueItems": True}, {"maxItems": 10}),
        ({"type": "object", "minProperties": 10**6}, {"maxProperties": 10}),
    ],
)
def test_15_large_literals_end_in_a_reason(a, b):
    assert_open(a, b, "witness-too-large")


def test_15_large_literals_can_still_be_compared():
    assert_contained({"type": "string", "minLength": 10**6}, {"minLength": 10**6 - 1})


def test_15_required_nesting_ends_in_a_reason():
    schema: dict = {"type": "integer"}
    for _ in range(500):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}

    assert_open(schema, {"type": "string"}, "nesting-too-deep")


def test_15_a_chain_of_five_hundred_references_is_followed():
    chain = {f"d{i}": {"items": {"$ref": f"#/$defs/d{i + 1}"}} for i in range(500)}
    schema = {"$defs": {**chain, "d500": {"type": "integer"}}, "$ref": "#/$defs/d0"}

    assert_contained(schema, {**schema, "$defs": {**chain, "d500": {"type": "number"}}})


def test_15_values_that_double_from_level_to_level_end_in_a_reason():
    def pair(level):
        both = {"l": {"$ref": f"#/$defs/d{level + 1}"}, "r": {"$ref": f"#/$defs/d{level + 1}"}}
        return {"type": "object", "properties": both, "required": ["l", "r"]}

    levels = {f"d{level}": pair(level) for level in range(40)} | {"d40": {"type": "integer"}}
    schema = {"$ref": "#/$defs/d0", "$defs": levels}

    assert_open(schema, {"type": "string"}, "witness-too-large")
    assert_contained(schema, {"properties": {"l": {"required": ["r"]}}})


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"pattern": "(a|b)*a(a|b){18}"}, {"pattern": "(b|a)*a(b|a){18}$"}),
        (
            {
                "allOf": [
                    {"anyOf": [{"required": [f"{i}-{j}"]} for j in range(7)]} for i in range(8)
                ]
            },
            {
                "anyOf": [
                    {"required": [f"{i}-{j}", f"{k}-{j}"]}
                    for j in range(7)
                    for i in range(8)
                    for k in range(i)
                ]
            },
        ),
    ],
)
def test_16_adversarial_input_ends_within_the_budget(a, b):
    verdict = is_contained(a, b, budget=Budget(steps=20_000, states=500))

    assert isinstance(verdict, Undecided)
    assert verdict.reason.startswith("budget-")


def test_16_thousands_of_branches_are_paired_off():
    branches = [
        {"properties": {"kind": {"const": i}}, "required": ["kind"], "type": "object"}
        for i in range(1_500)
    ]

    assert_contained({"anyOf": branches}, {"anyOf": [*reversed(branches), {"type": "null"}]})


def test_17_properties_of_characters_are_decided_without_the_standard_regex_engine():
    assert_contained({"type": "string", "pattern": r"^\p{Lu}+$"}, {"pattern": r"\p{L}"})


def test_18_an_external_reference_stays_open_and_is_named():
    schema = {"properties": {"a": {"$ref": "https://example.com/other"}}}

    assert_open(schema, {"type": "object"}, "reference-unresolved", "/properties/a")
