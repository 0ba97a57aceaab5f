"""Where the judgement is exact and the usual library is not, by name."""

import json
import string
from decimal import Decimal

import pytest

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation import (
    EvaluationTooComplex,
    SchemaUnusable,
    ValueUnusable,
    accepts,
    failures_of,
)
from client_sdk.contract.shape import SchemaResource


def resource(schema, dialect=Dialect.D2020):
    return SchemaResource(schema, dialect)


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("one", [1, 1.0, Decimal("1.0"), Decimal("1E+2")])
def test_an_integral_number_is_an_integer_in_every_dialect(dialect, one):
    assert accepts(resource({"type": "integer"}, dialect), one)


@pytest.mark.parametrize("dialect", list(Dialect))
def test_true_is_neither_a_number_nor_one(dialect):
    assert not accepts(resource({"type": "number"}, dialect), True)
    assert not accepts(resource({"enum": [1]}, dialect), True)
    assert accepts(resource({"enum": [1]}, dialect), Decimal("1.00"))


def test_a_price_is_a_multiple_of_a_cent():
    cents = resource({"multipleOf": Decimal("0.01")})

    assert accepts(cents, Decimal("19.99"))
    assert accepts(cents, 19.99)
    assert not accepts(cents, Decimal("19.999"))


def test_huge_numbers_divide_exactly():
    assert accepts(resource({"multipleOf": Decimal("0.5")}), 10**400)
    assert not accepts(resource({"multipleOf": 3}), Decimal("1E+300"))


def test_neighbours_of_two_to_the_53_differ():
    assert not accepts(resource({"const": 2**53}), 2**53 + 1)
    assert not accepts(resource({"maximum": 2**53}), 2**53 + 1)


def test_a_number_with_an_absurd_exponent_is_too_complex_to_divide():
    with pytest.raises(EvaluationTooComplex):
        accepts(resource({"multipleOf": Decimal("0.1")}), Decimal("1E+999999"))


def test_equal_items_are_found_however_their_members_are_ordered():
    unique = resource({"uniqueItems": True})

    assert not accepts(unique, [{"a": 1, "b": 2}, {"b": Decimal("2.0"), "a": 1}])
    assert accepts(unique, [1, True, 0, False, "1", None])


def test_thousands_of_items_are_told_apart_without_comparing_pairs():
    items = [{"n": number, "text": "x" * 20} for number in range(4_000)]

    assert accepts(resource({"uniqueItems": True}), items)
    assert not accepts(resource({"uniqueItems": True}), [*items, {"text": "x" * 20, "n": 7}])


def test_a_pattern_that_backtracks_elsewhere_is_answered():
    assert not accepts(resource({"pattern": "^(a+)+$"}), "a" * 5_000 + "!")


def test_a_dollar_does_not_match_before_a_newline():
    assert not accepts(resource({"pattern": "^a$"}), "a\n")


def test_additional_properties_asks_the_same_patterns_as_pattern_properties():
    schema = {"patternProperties": {"^\\p{L}+$": {}}, "additionalProperties": False}

    assert accepts(resource(schema), {"größe": 1})
    assert not accepts(resource(schema), {"g1": 1})


def test_formats_decide_nothing():
    assert accepts(resource({"format": "email"}), "nobody")


@pytest.mark.parametrize("dialect", [Dialect.DRAFT4, Dialect.DRAFT6, Dialect.DRAFT7])
def test_a_ref_silences_its_siblings_up_to_draft_7(dialect):
    schema = {
        "definitions": {"any": {}},
        "properties": {"a": {"$ref": "#/definitions/any", "enum": [1]}},
    }

    assert accepts(resource(schema, dialect), {"a": 2})


@pytest.mark.parametrize("dialect", [Dialect.D2019, Dialect.D2020])
def test_a_ref_joins_its_siblings_since_2019(dialect):
    schema = {"$defs": {"any": {}}, "properties": {"a": {"$ref": "#/$defs/any", "enum": [1]}}}

    assert not accepts(resource(schema, dialect), {"a": 2})


def test_a_schema_says_its_own_dialect():
    draft4 = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "minimum": 1,
        "exclusiveMinimum": True,
    }

    assert not accepts(resource(draft4), 1)


@pytest.mark.parametrize(
    "ref",
    ["http://127.0.0.1:9/s.json", "file:///etc/passwd", "data:application/json,{}", "other.json"],
)
def test_no_reference_leaves_the_schema(ref):
    with pytest.raises(SchemaUnusable, match="leads nowhere"):
        accepts(resource({"$ref": ref}), 1)


def test_the_standard_meta_schemas_are_known_without_a_network():
    meta = resource({"$ref": "https://json-schema.org/draft/2020-12/schema"})

    assert accepts(meta, {"type": "string", "minLength": 1})
    assert not accepts(meta, {"type": "strnig"})


def test_a_recursive_tree_is_judged():
    tree = {"properties": {"children": {"items": {"$ref": "#"}}}, "required": ["name"]}
    leaf = {"name": "x"}

    assert accepts(
        resource(tree), {"name": "a", "children": [leaf, {"name": "b", "children": [leaf]}]}
    )
    assert not accepts(resource(tree), {"name": "a", "children": [{"children": []}]})


def test_a_cycle_that_consumes_nothing_is_too_complex():
    with pytest.raises(EvaluationTooComplex):
        accepts(resource({"allOf": [{"$ref": "#"}]}), 1)


def test_doubled_references_use_up_the_budget_instead_of_the_afternoon():
    definitions = {"d0": {"type": "string"}}
    for level in range(1, 31):
        inner = {"$ref": f"#/$defs/d{level - 1}"}
        definitions[f"d{level}"] = {"allOf": [inner, inner]}

    with pytest.raises(EvaluationTooComplex, match="steps"):
        accepts(resource({"$defs": definitions, "$ref": "#/$defs/d30"}), "x")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strnig"},
        {"type": [["string"]]},
        {"$ref": 3},
        {"$id": 3, "$ref": "#"},
        {"$defs": {"a": {"$anchor": ["x"]}}, "$ref": "#/$defs/b"},
        {"allOf": [], "$ref": "#/allOf/x"},
        {"multipleOf": 0},
        {"minimum": "1"},
        {"properties": []},
        {"items": [{}]},
        {"allOf": {"a": 1}},
        {"pattern": 5},
        {"additionalProperties": 5},
        [],
        None,
    ],
)
def test_a_schema_that_means_nothing_is_refused_and_never_a_crash(schema):
    value = "text" if isinstance(schema, dict) and "pattern" in schema else 5
    value = [1] if isinstance(schema, dict) and "items" in schema else value
    value = (
        {"a": 1}
        if isinstance(schema, dict) and {"properties", "additionalProperties"} & set(schema)
        else value
    )

    with pytest.raises(SchemaUnusable):
        accepts(resource(schema), value)


@pytest.mark.parametrize(
    "value", [float("nan"), Decimal("Infinity"), {1: 2}, [(1,)], {"a": object()}]
)
def test_a_value_that_is_not_json_is_refused(value):
    with pytest.raises(ValueUnusable):
        accepts(resource({}), value)


def test_a_failing_branch_evaluates_nothing():
    schema = {
        "anyOf": [
            {"properties": {"a": {"type": "string"}}, "required": ["z"]},
            {"properties": {"b": {}}},
        ],
        "unevaluatedProperties": False,
    }

    assert accepts(resource(schema), {"b": 1})
    assert not accepts(resource(schema), {"a": "x", "b": 1})


def test_failures_are_named_at_most_two_hundred_times():
    assert len(failures_of(resource({"items": {"type": "string"}}), list(range(5_000)))) == 200


def test_a_large_value_is_not_printed_once_per_branch():
    branches = [{"const": number} for number in range(3_000)]
    value = dict.fromkeys(string.ascii_letters, "x" * 10000)

    failure = failures_of(resource({"anyOf": branches}), value)[0]

    assert failure.rule == "anyOf"
    assert len(json.dumps(failure.expected)) < 300
