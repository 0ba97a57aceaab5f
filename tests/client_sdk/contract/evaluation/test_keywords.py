"""Keywords that depend on their neighbours, their dialect or where they stand."""

import inspect
import sys

import pytest

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation import (
    EvaluationTooComplex,
    SchemaUnusable,
    accepts,
    failures_of,
)
from client_sdk.contract.shape import SchemaResource


def fits(schema, value, dialect=Dialect.D2020):
    return accepts(SchemaResource(schema, dialect), value)


def rules(schema, value, dialect=Dialect.D2020):
    return [
        (each.pointer, each.rule) for each in failures_of(SchemaResource(schema, dialect), value)
    ]


def test_an_identified_subschema_is_found_by_its_address_and_its_anchor():
    schema = {
        "$id": "https://example.com/root",
        "$defs": {
            "money": {
                "$id": "money",
                "$anchor": "m",
                "type": "string",
                "$defs": {"n": {"type": "number"}},
            }
        },
        "properties": {
            "a": {"$ref": "money"},
            "b": {"$ref": "money#m"},
            "c": {"$ref": "https://example.com/money#/$defs/n"},
        },
    }

    assert fits(schema, {"a": "1", "b": "1", "c": 1})
    assert rules(schema, {"a": 1, "b": 1, "c": "1"}) == [
        ("/a", "type"),
        ("/b", "type"),
        ("/c", "type"),
    ]


def test_a_reference_starts_at_the_nearest_identified_schema():
    inner = {
        "$id": "https://example.com/inner",
        "$defs": {"n": {"type": "null"}},
        "items": {"$ref": "#/$defs/n"},
    }
    schema = {
        "$defs": {"n": {"type": "number"}},
        "properties": {"in": inner, "out": {"$ref": "#/$defs/n"}},
    }

    assert fits(schema, {"in": [None], "out": 1})
    assert rules(schema, {"in": [1, 1], "out": None}) == [
        ("/in/0", "type"),
        ("/in/1", "type"),
        ("/out", "type"),
    ]


def test_a_subschema_may_speak_another_dialect():
    old = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "id": "https://example.com/old",
        "minimum": 1,
        "exclusiveMinimum": True,
    }

    assert not fits({"$defs": {"old": old}, "$ref": "#/$defs/old"}, 1)
    assert not fits({"properties": {"a": old}}, {"a": 1})


def test_a_dynamic_reference_reaches_the_outermost_anchor():
    tree = {
        "$id": "https://example.com/tree",
        "$dynamicAnchor": "node",
        "properties": {"children": {"items": {"$dynamicRef": "#node"}}},
    }
    strict = {
        "$id": "https://example.com/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {"tree": tree},
    }

    assert fits(strict, {"children": [{"children": []}]})
    assert not fits(strict, {"children": [{"childern": []}]})


def test_a_recursive_reference_reaches_the_outermost_schema():
    tree = {
        "$id": "https://example.com/tree",
        "$recursiveAnchor": True,
        "properties": {"children": {"items": {"$recursiveRef": "#"}}},
    }
    strict = {
        "$id": "https://example.com/strict",
        "$recursiveAnchor": True,
        "$ref": "tree",
        "unevaluatedProperties": False,
        "$defs": {"tree": tree},
    }

    assert fits(strict, {"children": [{"children": []}]}, Dialect.D2019)
    assert not fits(strict, {"children": [{"childern": []}]}, Dialect.D2019)


def test_a_pointer_into_nothing_is_refused():
    with pytest.raises(SchemaUnusable, match="leads nowhere"):
        fits({"$ref": "#/$defs/none"}, 1)


@pytest.mark.parametrize("dialect", [Dialect.D2019, Dialect.D2020])
def test_contained_items_are_counted(dialect):
    schema = {"contains": {"const": 1}, "minContains": 2, "maxContains": 3}

    assert rules(schema, [1], dialect) == [("", "contains")]
    assert rules(schema, [1, 1, 2], dialect) == []
    assert rules(schema, [1, 1, 1, 1], dialect) == [("", "maxContains")]
    assert rules({"contains": {"const": 1}, "minContains": 0}, [], dialect) == []


def test_what_is_contained_is_evaluated_since_2020():
    schema = {"contains": {"const": 1}, "unevaluatedItems": {"const": 2}}

    assert fits(schema, [1, 2])
    assert not fits(schema, [1, 2], Dialect.D2019)


@pytest.mark.parametrize("dialect", [Dialect.DRAFT6, Dialect.DRAFT7])
def test_one_contained_item_is_enough_up_to_draft_7(dialect):
    assert fits({"contains": {"const": 1}, "minContains": 5}, [0, 1], dialect)
    assert not fits({"contains": {"const": 1}}, [0], dialect)


def test_items_after_a_tuple_have_their_own_schema():
    tuple_then_text = {"items": [{"type": "null"}], "additionalItems": {"type": "string"}}

    assert fits(tuple_then_text, [None, "a"], Dialect.DRAFT7)
    assert rules(tuple_then_text, [None, 1], Dialect.DRAFT7) == [("/1", "type")]
    assert rules({"prefixItems": [{"type": "null"}], "items": False}, [None, 1]) == [
        ("/1", "false")
    ]
    assert fits({"items": {"type": "number"}, "additionalItems": False}, [1, 2], Dialect.DRAFT7)


def test_items_that_no_keyword_looked_at_are_left_over():
    schema = {
        "anyOf": [{"prefixItems": [{"type": "null"}]}, {"type": "array"}],
        "unevaluatedItems": False,
    }

    assert rules(schema, [None, 1]) == [("/1", "false")]


def test_dependencies_are_names_or_schemas():
    schema = {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}

    assert rules(schema, {"a": 1, "c": 1}, Dialect.DRAFT7) == [
        ("/b", "dependencies"),
        ("/d", "required"),
    ]
    assert fits(schema, {"a": 1, "c": 1}), "2020-12 has no such keyword"


def test_a_member_brings_its_schema_along():
    schema = {
        "dependentSchemas": {"a": {"properties": {"b": {"type": "null"}}}},
        "unevaluatedProperties": {"const": 0},
    }

    assert fits(schema, {"a": 0, "b": None})
    assert rules(schema, {"b": None}) == [("/b", "const")]


def test_conditions_choose_a_branch_and_evaluate():
    schema = {
        "if": {"properties": {"kind": {"const": "x"}}, "required": ["kind"]},
        "then": {"properties": {"x": {}}},
        "else": {"properties": {"y": {}}},
        "unevaluatedProperties": False,
    }

    assert fits(schema, {"kind": "x", "x": 1})
    assert fits(schema, {"y": 1})
    assert rules(schema, {"kind": "x", "y": 1}) == [("/y", "unevaluatedProperties")]
    assert rules(schema, {"kind": "z"}) == [("/kind", "unevaluatedProperties")]


@pytest.mark.parametrize(
    ("schema", "value", "found"),
    [
        ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 3, ("", "oneOf")),
        ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 0, ("", "oneOf")),
        ({"anyOf": []}, 0, ("", "anyOf")),
        ({"not": {"type": "integer"}}, 0, ("", "not")),
        ({"enum": []}, 0, ("", "enum")),
        ({"minProperties": 1}, {}, ("", "minProperties")),
        ({"maxProperties": 0}, {"a": 1}, ("", "maxProperties")),
        ({"maxItems": 0}, [1], ("", "maxItems")),
        ({"maxLength": 0}, "a", ("", "maxLength")),
        ({"maximum": 1}, 2, ("", "maximum")),
        ({"exclusiveMinimum": 1}, 1, ("", "exclusiveMinimum")),
        ({"patternProperties": {"^a": {"type": "null"}}}, {"ab": 1}, ("/ab", "type")),
        ({"additionalProperties": {"type": "null"}}, {"a": 1}, ("/a", "type")),
        ({"propertyNames": {"maxLength": 0}}, {"a": 1}, ("/a", "propertyNames")),
    ],
)
def test_a_failing_keyword_names_itself_and_its_place(schema, value, found):
    assert rules(schema, value) == [found]


@pytest.mark.parametrize(
    "keyword",
    ["minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
     "required", "dependentRequired", "properties", "patternProperties", "additionalProperties", "propertyNames",
     "items", "prefixItems", "contains", "unevaluatedItems", "unevaluatedProperties", "dependentSchemas", "minimum",
     "multipleOf"],
)  # fmt: skip
def test_a_keyword_says_nothing_about_values_of_other_types(keyword):
    arguments = {
        "required": ["a"], "dependentRequired": {"a": ["b"]}, "properties": {"a": False}, "patternProperties": {"a": False},
        "additionalProperties": False, "propertyNames": False, "items": False, "prefixItems": [False], "contains": False,
        "unevaluatedItems": False, "unevaluatedProperties": False, "dependentSchemas": {"a": False}, "pattern": "x",
        "uniqueItems": True, "minimum": 5, "multipleOf": 5,
    }  # fmt: skip

    assert fits({keyword: arguments.get(keyword, 1)}, None)
    assert fits({keyword: arguments.get(keyword, 1)}, True)


def test_an_unknown_keyword_says_nothing():
    assert fits({"x-note": "anything", "requierd": ["a"]}, {})


def test_a_brief_judgement_stops_at_the_first_wrong_item():
    assert not fits({"items": {"type": "null"}}, [1] * 10)


def test_absent_members_bring_nothing_along():
    schema = {"dependentSchemas": {"a": False}, "dependentRequired": {"a": ["b"], "c": ["d"]}}

    assert fits(schema, {"c": 1, "d": 1})
    assert fits({"dependencies": {"a": {"required": ["z"]}}}, {}, Dialect.DRAFT7)


def test_a_bound_says_nothing_about_text():
    assert fits({"maximum": 1, "exclusiveMaximum": 1}, "text")


def test_a_place_names_at_most_two_hundred_missing_members():
    assert len(rules({"required": [f"m{number}" for number in range(300)]}, {})) == 200


def test_one_more_failing_branch_after_two_hundred_failures_is_left_out():
    every = {"items": {"type": "null"}}

    assert len(rules({"allOf": [every, every]}, [1] * 150)) == 200


def test_nesting_is_bounded_and_deep_documents_still_fit():
    tree = {
        "$defs": {"t": {"anyOf": [{"type": "null"}, {"items": {"$ref": "#/$defs/t"}}]}},
        "$ref": "#/$defs/t",
    }
    value = None
    for _ in range(64):
        value = [value]

    assert fits(tree, value)
    for _ in range(64):
        value = [value]
    with pytest.raises(EvaluationTooComplex, match="nest"):
        fits(tree, value)


def test_dialects_may_alternate_where_the_scope_matters():
    schema = {
        "$dynamicAnchor": "n",
        "properties": {
            "a": {"$id": "https://example.com/a", "type": "null"},
            "b": {"$dynamicRef": "#n"},
        },
    }

    assert fits(schema, {"a": None, "b": {"a": None}})
    assert rules(schema, {"b": {"a": 1}}) == [("/b/a", "type")]


def test_nested_alternatives_are_explained_once():
    schema = {"type": "null"}
    for _ in range(40):
        schema = {"anyOf": [schema, {"type": "array"}]}

    assert rules(schema, 1) == [("", "anyOf")]


def test_what_hangs_on_a_base_is_read_once_per_place():
    inner = {"$id": "https://example.com/x", "type": "null"}

    assert rules({"items": inner}, [None, 1, 2]) == [("/1", "type"), ("/2", "type")]


def test_integers_divide_without_fractions():
    assert fits({"multipleOf": 3}, 9)
    assert not fits({"multipleOf": 3}, 10)


def test_a_bound_takes_what_lies_on_it():
    assert fits({"minimum": 1, "maximum": 1}, 1)


def test_names_that_fit_are_allowed():
    assert fits({"propertyNames": {"maxLength": 1}}, {"a": 1})


def test_patterns_skip_the_members_they_are_not_found_in():
    assert fits({"patternProperties": {"^a": False}}, {"b": 1})


def test_a_keyword_of_a_later_dialect_says_nothing_before():
    assert fits({"unevaluatedProperties": False}, {"a": 1}, Dialect.DRAFT7)


def test_a_caller_deep_in_its_own_stack_is_told_and_not_broken():
    tree = {"$defs": {"t": {"not": {"not": {"items": {"$ref": "#/$defs/t"}}}}}, "$ref": "#/$defs/t"}
    value = None
    for _ in range(60):
        value = [value]

    def deep(steps):
        return fits(tree, value) if steps == 0 else deep(steps - 1)

    with pytest.raises(EvaluationTooComplex):
        deep(sys.getrecursionlimit() - len(inspect.stack(0)) - 200)
