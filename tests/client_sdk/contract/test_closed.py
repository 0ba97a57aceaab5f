"""The closed reading: what is declared, laws, and agreement with the walker."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_sdk.contract.canonical import json_equal
from client_sdk.contract.closed import (
    ClosingTooWide,
    _closing_of,
    _flat_closing,
    closed,
    undeclared_members,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.flat import declared_names
from client_sdk.contract.schema_gate import check_user_schema
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid

TREE = {
    "$defs": {
        "node": {
            "properties": {
                "name": {},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            }
        }
    },
    "$ref": "#/$defs/node",
}
BRANCHES = {"properties": {"a": {"type": "integer"}}}
OTHER = {"properties": {"b": {"type": "integer"}}}


def shape_of(*schemas, dialect=Dialect.D2020):
    return Shape(tuple(SchemaResource(schema, dialect) for schema in schemas))


def accepted(schema, value, dialect=Dialect.D2020):
    """Whether the closed reading takes the value; the walker must say the same."""
    shape = shape_of(schema, dialect=dialect)
    assert is_valid(shape, value), "the value must fit the schema to say anything about closing"
    taken = is_valid(closed(shape), value)
    assert taken is not bool(undeclared_members(shape, value))
    return taken


@pytest.mark.parametrize(
    ("schema", "declared", "undeclared"),
    [
        ({"properties": {"a": {}}}, {"a": 1}, {"b": 1}),
        ({"required": ["a"]}, {"a": 1}, {"a": 1, "b": 1}),
        ({"allOf": [BRANCHES, OTHER]}, {"a": 1, "b": 2}, {"c": 3}),
        ({"anyOf": [BRANCHES, OTHER]}, {"a": 1, "b": 2}, {"c": 3}),
        (
            {"oneOf": [{**BRANCHES, "required": ["a"]}, {**OTHER, "required": ["b"]}]},
            {"a": 1},
            {"a": 1, "c": 1},
        ),
        ({"if": BRANCHES, "then": OTHER, "else": {"required": ["c"]}}, {"a": 1, "b": 2}, {"d": 1}),
        ({"patternProperties": {"^x-": {}}}, {"x-a": 1}, {"y": 1}),
        (
            {
                "patternProperties": {"^a": {"properties": {"p": {}}}},
                "properties": {"ab": {"properties": {"q": {}}}},
            },
            {"ab": {"p": 1, "q": 1}, "ac": {"p": 1}},
            {"ac": {"q": 1}},
        ),
        (
            {
                "patternProperties": {
                    "^a": {"properties": {"p": {}}},
                    "b$": {"properties": {"q": {}}},
                }
            },
            {"ab": {"p": 1, "q": 1}, "a": {"p": 1}, "b": {"q": 1}},
            {"a": {"q": 1}},
        ),
        ({"properties": {"a": {}}, "additionalProperties": True}, {"a": 1, "b": 1}, None),
        (
            {"properties": {"a": {}}, "additionalProperties": {"properties": {"p": {}}}},
            {"a": {"q": 1}, "b": {"p": 1}},
            {"b": {"q": 1}},
        ),
        (
            {
                "allOf": [
                    {"patternProperties": {"^a": {"properties": {"x": {}}}}},
                    {"additionalProperties": {"properties": {"y": {}}}},
                ]
            },
            {"ab": {"x": 1, "y": 1}, "c": {"y": 1}},
            {"c": {"x": 1}},
        ),
        ({"properties": {"a": {}}, "unevaluatedProperties": {"type": "integer"}}, {"b": 1}, None),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1, "b": 1}, {"c": 1}),
        ({"dependentSchemas": {"a": OTHER}}, {"a": 1, "b": 1}, {"c": 1}),
        ({"anyOf": [{"const": {"a": {"x": 1}}}, OTHER]}, {"a": {"x": 1}}, {"c": 1}),
        ({"anyOf": [{"enum": [{"a": 1}, {"z": 2}]}, OTHER]}, {"z": 2}, {"c": 1}),
        ({"anyOf": [{"const": [{"a": 1}]}, {"items": OTHER}]}, [{"a": 1}], [{"c": 1}]),
        ({"items": BRANCHES}, [{"a": 1}, {}], [{"a": 1}, {"b": 1}]),
        ({"prefixItems": [BRANCHES], "items": OTHER}, [{"a": 1}, {"b": 1}], [{"a": 1}, {"a": 1}]),
        ({"prefixItems": [{}], "items": OTHER}, [{"a": 1}, {"b": 1}], [1, {"a": 1}]),
        ({"contains": {**BRANCHES, "required": ["a"]}}, [{"a": 1}], [{"a": 1}, {"b": 1}]),
        (
            TREE,
            {"name": 1, "children": [{"name": 2, "children": []}]},
            {"children": [{"children": [{"size": 1}]}]},
        ),
        ({"properties": {"a": {"$ref": "#"}}, "required": []}, {"a": {"a": {}}}, {"a": {"b": 1}}),
    ],
)
def test_a_member_is_declared_where_some_schema_at_its_place_names_it(schema, declared, undeclared):
    assert accepted(schema, declared)
    if undeclared is not None:
        assert not accepted(schema, undeclared)


@pytest.mark.parametrize(
    "schema", [True, {}, {"type": "object"}, {"minProperties": 1}, {"not": {"required": ["b"]}}]
)
def test_a_place_that_declares_nothing_is_a_free_map_and_stays_as_it_is(schema):
    shape = shape_of(schema)

    assert closed(shape) == shape
    assert accepted(schema, {"a": 1})


def test_what_must_not_be_there_is_not_declared():
    schema = {
        "properties": {"a": {}},
        "not": {"properties": {"b": {"const": 1}}, "required": ["b"]},
    }

    assert not accepted(schema, {"b": 2})


def test_parts_declare_together():
    shape = shape_of({"properties": {"a": {}}}, {"required": ["b"]})

    assert is_valid(closed(shape), {"a": 1, "b": 1})
    assert not is_valid(closed(shape), {"b": 1, "c": 1})


@pytest.mark.parametrize("dialect", [Dialect.DRAFT4, Dialect.DRAFT6, Dialect.DRAFT7])
def test_beside_a_reference_nothing_is_declared_in_the_old_dialects(dialect):
    schema = {
        "definitions": {"d": {"properties": {"a": {}}}},
        "properties": {"x": {"$ref": "#/definitions/d", "properties": {"b": {}}}},
    }

    assert accepted(schema, {"x": {"a": 1}}, dialect)
    assert not accepted(schema, {"x": {"b": 1}}, dialect)


def test_a_keyword_that_the_dialect_does_not_have_declares_nothing():
    schema = {"properties": {"a": {}}, "dependentRequired": {"b": []}}

    assert not accepted(schema, {"b": 1}, Dialect.DRAFT7)
    assert accepted(schema, {"b": 1}, Dialect.D2019)


def test_items_are_a_tuple_in_the_old_dialects():
    schema = {"items": [BRANCHES], "additionalItems": OTHER}

    assert accepted(schema, [{"a": 1}, {"b": 1}], Dialect.DRAFT7)
    assert not accepted(schema, [{"b": 1}], Dialect.DRAFT7)
    assert not accepted(schema, [{}, {"a": 1}], Dialect.DRAFT7)


def test_listed_values_inside_a_recursive_schema_end():
    schema = {
        "properties": {"a": {"$ref": "#"}},
        "anyOf": [{"const": {"a": {"b": 1}}}, True],
    }

    assert accepted(schema, {"a": {"a": {"b": 1}}})
    assert not accepted(schema, {"a": {"a": {"b": 1}, "c": 1}})


def test_names_with_a_meaning_in_patterns_are_taken_literally():
    schema = {
        "properties": {"a.b": {"properties": {"q": {}}}},
        "patternProperties": {"^a": {"properties": {"p": {}}}},
    }

    assert accepted(schema, {"a.b": {"q": 1}})
    assert not accepted(schema, {"axb": {"q": 1}})


def test_a_closing_too_wide_to_write_down_is_refused():
    steps = {
        f"s{index}": {"properties": {key: {"$ref": f"#/$defs/s{index + 1}"} for key in "ab"}}
        for index in range(1, 18)
    }
    start = {
        "properties": {
            "a": {"allOf": [{"$ref": "#/$defs/s0"}, {"$ref": "#/$defs/s1"}]},
            "b": {"$ref": "#/$defs/s0"},
        }
    }
    schema = {"$defs": {"s0": start, **steps, "s18": {"required": ["end"]}}, "$ref": "#/$defs/s0"}

    with pytest.raises(ClosingTooWide):
        closed(shape_of(schema))


def test_a_reference_to_what_refuses_nothing_declares_nothing():
    schema = {"$defs": {"any": True}, "$ref": "#/$defs/any", "properties": {"a": {}}}

    assert accepted(schema, {"a": 1})
    assert not accepted(schema, {"b": 1})


def test_members_are_declared_through_a_recursive_reference():
    kids = {"type": "array", "items": {"$recursiveRef": "#"}}
    schema = {"$recursiveAnchor": True, "allOf": [{"properties": {"name": {}, "kids": kids}}]}

    assert accepted(schema, {"kids": [{"name": 1, "kids": []}]}, Dialect.D2019)
    assert not accepted(schema, {"kids": [{"kids": [{"size": 1}]}]}, Dialect.D2019)


def test_members_are_declared_through_a_dynamic_reference_with_one_target():
    node = {"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}}}
    schema = {"$defs": {"node": node}, "$ref": "#/$defs/node"}

    assert accepted(schema, {"next": {"next": {}}})
    assert not accepted(schema, {"next": {"size": 1}})


def test_a_reference_into_a_meta_schema_is_refused():
    outside = "https://json-schema.org/draft/2020-12/schema"

    with pytest.raises(ClosingTooWide, match="meta-schema"):
        closed(shape_of({"properties": {"a": {"$ref": outside}}}))


def test_closing_twice_changes_nothing():
    once = closed(shape_of(BRANCHES))

    assert len(once.parts) == 2
    assert closed(once) is once


def test_a_dynamic_reference_with_two_targets_is_refused():
    schema = {
        "$defs": {
            "one": {"$id": "one", "$dynamicAnchor": "t"},
            "two": {"$id": "two", "$dynamicAnchor": "t"},
        },
        "properties": {"a": {"$ref": "one"}, "b": {"$dynamicRef": "two#t"}},
    }

    with pytest.raises(ClosingTooWide):
        closed(shape_of(schema))


def test_the_generated_schema_is_the_same_in_every_process():
    schema = {
        "patternProperties": {"^a": BRANCHES, "b$": OTHER, "c": TREE["$defs"]["node"]},
        "$defs": TREE["$defs"],
    }

    assert closed(shape_of(schema)).parts[1].key == (
        "2020-12 sha256:1f85cee2b144ef5511972a113d1820ae15431781432ec91085c453ca82a04d91"
    )


NAMES = st.sampled_from(["a", "b", "ab", "c"])
PATTERNS = st.sampled_from(["^a", "b$"])
VALUES = st.recursive(
    st.none() | st.integers(0, 2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def branches(inner):
    some = st.lists(inner, min_size=1, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(NAMES, inner, max_size=2),
            "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
            "additionalProperties": inner,
            "unevaluatedProperties": inner,
            "required": st.lists(NAMES, max_size=1),
            "dependentSchemas": st.dictionaries(NAMES, inner, max_size=1),
            "allOf": some,
            "anyOf": some,
            "oneOf": some,
            "if": inner,
            "then": inner,
            "not": inner,
            "items": inner,
            "prefixItems": some,
            "contains": inner,
            "const": VALUES,
            "enum": st.lists(VALUES, min_size=1, max_size=2, unique_by=repr),
            "$ref": st.just("#/$defs/d"),
        },
    )


NESTED = st.recursive(st.booleans() | st.just({}), branches, max_leaves=6)
SCHEMAS = (
    st.tuples(NESTED, NESTED)
    .map(lambda pair: {"$defs": {"d": pair[1]}, "anyOf": [pair[0]]})
    .filter(lambda schema: not check_user_schema(schema, Dialect.D2020))
)


@given(schema=SCHEMAS, value=VALUES)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_value_fits_the_closed_reading_when_it_fits_and_every_member_is_declared(schema, value):
    shape = shape_of(schema)
    expected = is_valid(shape, value) and not undeclared_members(shape, value)

    assert is_valid(closed(shape), value) is expected


@given(schema=SCHEMAS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_closing_adds_one_part_and_closing_twice_changes_nothing(schema):
    shape = shape_of(schema)
    once = closed(shape)

    assert once.parts[:1] == shape.parts
    assert len(once.parts) <= 2
    assert closed(once) == once


MEMBERS = st.sampled_from(
    [True, {}, {"type": "string"}, {"enum": [1, "a"]}, {"minimum": 0}, {"not": {}}]
)
FLAT = st.fixed_dictionaries(
    {},
    optional={
        "type": st.just("object"),
        "properties": st.dictionaries(st.sampled_from("abcd"), MEMBERS, max_size=3),
        "required": st.lists(st.sampled_from("abcdef"), max_size=3, unique=True),
        "minProperties": st.integers(0, 2),
        "not": st.just({"required": ["z"]}),
    },
)


@given(parts=st.lists(FLAT | st.booleans(), min_size=1, max_size=3))
def test_flat_shapes_are_closed_as_if_they_were_walked_through(parts):
    shape = Shape(tuple(SchemaResource(part, Dialect.D2020) for part in parts))

    assert json_equal(_flat_closing(declared_names(shape)), _closing_of(shape))


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"properties": {"b": True}}}},
        {"properties": {"a": {"enum": [{"b": 1}]}}},
        {"properties": {"a": True}, "const": {"b": 1}},
        {"allOf": [{"properties": {"a": True}}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"required": ["a"]}}},
        {"patternProperties": {"^a": True}},
        {"additionalProperties": {"type": "string"}},
        {"items": {"required": ["a"]}},
    ],
)
def test_what_names_members_elsewhere_is_walked_through(schema):
    assert declared_names(Shape((SchemaResource(schema, Dialect.D2020),))) is None
