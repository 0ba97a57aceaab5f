"""The front end: every keyword of every dialect is modelled, and what cannot be read is named."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from compat_claims import (
    assert_contained,
    assert_escapes,
    assert_open,
    assert_refused,
    assert_same,
)

from client_sdk.contract.compat import (
    Budget,
    Proved,
    Undecided,
    is_contained,
    sample,
    satisfiable,
    shape_contained,
)
from client_sdk.contract.compat.meter import Meter
from client_sdk.contract.compat.reading.keywords import KEYWORDS
from client_sdk.contract.compat.reading.reader import term_from_resource
from client_sdk.contract.compat.solving.solver import Solver
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import DocumentInvalid
from client_sdk.contract.evaluation.vocabularies import VOCABULARIES
from client_sdk.contract.shape import SchemaResource, Shape


@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_keyword_that_the_validator_knows_is_modelled(dialect):
    assert VOCABULARIES[dialect].keys() <= KEYWORDS.keys()


def test_a_keyword_without_a_model_is_opaque_and_only_cancels_itself():
    known = MappingProxyType({k: v for k, v in KEYWORDS.items() if k != "minLength"})
    arena = Arena(Meter(Budget()))

    def term(schema):
        return term_from_resource(arena, SchemaResource(schema, Dialect.D2020), known, "a")

    opaque = term({"minLength": 3})
    assert Solver(arena).models(arena.both(opaque, arena.negate(opaque))).empty
    assert not Solver(arena).models(opaque).empty
    assert not Solver(arena).models(arena.both(term({"type": "string"}), opaque)).empty
    assert not Solver(arena).models(arena.negate(opaque)).empty


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"properties": []}, "/properties"),
        ({"type": "text"}, "/type"),
        ({"type": [1]}, "/type"),
        ({"required": "a"}, "/required"),
        ({"required": [1]}, "/required"),
        ({"minLength": -1}, "/minLength"),
        ({"minLength": 1.5}, "/minLength"),
        ({"minimum": "1"}, "/minimum"),
        ({"pattern": 1}, "/pattern"),
        ({"items": 3}, "/items"),
        ({"allOf": [True, None]}, "/allOf"),
        ({"properties": {"a/b": {"maxItems": "x"}}}, "/properties/a~1b/maxItems"),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"enum": 1}}}, "/$defs/x/enum"),
    ],
)
def test_a_keyword_that_cannot_be_read_is_refused_and_named(schema, path):
    """What is no schema is no question: equal nonsense is not contained in itself either."""
    assert_refused(schema, {"minLength": 1}, path)
    assert_refused(True, schema, path)
    assert_refused(schema, schema, path)


@pytest.mark.parametrize("nonsense", [None, 3, "text", [], {"type": "number"}.keys()])
def test_what_is_no_schema_at_all_is_refused(nonsense):
    assert_refused(nonsense, {}, "")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1}, b"a", 1j])
def test_what_json_cannot_write_is_refused(value):
    with pytest.raises(DocumentInvalid):
        is_contained({"const": value}, {})


def test_a_python_value_that_holds_itself_is_not_followed():
    endless: dict = {"type": "object"}
    endless["properties"] = {"a": endless, "b": endless}

    assert isinstance(is_contained(endless, {"type": "object"}), Undecided)
    assert sample(endless) == ()
    assert isinstance(satisfiable(endless), Undecided)


@pytest.mark.parametrize(
    "odd",
    [
        {"required": ["a", "a"]},
        {"exclusiveMinimum": True},
        {"$schema": 7},
        {"$defs": {"unused": 3}},
        {"x-note": 1, "dependencies": 5},
    ],
)
def test_what_the_gate_refuses_and_yet_has_a_meaning_is_compared(odd):
    assert is_contained(odd, odd) == Proved()
    assert is_contained({"const": 1}, odd) == Proved()


@pytest.mark.parametrize("reference", ["#/$defs/missing", "https://example.com/x", "#/$defs/word"])
def test_a_reference_that_leads_to_no_schema_is_named(reference):
    schema = {"items": {"$ref": reference}, "$defs": {"word": "text"}}

    assert_open(schema, {"type": "array"}, "reference-unresolved", "/items")


@pytest.mark.parametrize("schema", [{"$id": 7}, {"properties": {"a": {"$id": 7}}}, {"$ref": 7}])
def test_a_schema_whose_identity_means_nothing_is_refused(schema):
    with pytest.raises(DocumentInvalid):
        is_contained(schema, {"type": "array"})


@pytest.mark.parametrize(("target", "same"), [(True, {}), (False, {"not": {}})])
def test_a_reference_may_lead_to_a_boolean(target, same):
    assert_same({"$ref": "#/$defs/x", "$defs": {"x": target}}, same)


def test_references_to_false_are_not_mixed_up_with_anything_else():
    words = {f"w{i}": {"type": "string", "minLength": i} for i in range(50)}
    members = {f"n{i}": {"$ref": "#/$defs/no"} for i in range(50)}
    schema = {
        "$defs": {**words, "no": False},
        "type": "object",
        "properties": {**members, **{name: {"$ref": f"#/$defs/{name}"} for name in words}},
    }

    assert_contained(schema, {"properties": {f"n{i}": False for i in range(50)}})
    assert_contained(
        {"properties": words, "type": "object"},
        {**schema, "properties": {name: {"$ref": f"#/$defs/{name}"} for name in words}},
    )


def test_a_reference_to_a_boolean_evaluates_nothing():
    schema = {"$ref": "#/$defs/x", "$defs": {"x": True}, "unevaluatedProperties": False}

    assert_contained({"type": "object", **schema}, {"maxProperties": 0})


def test_each_side_is_read_in_its_own_dialect():
    seven = {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]}

    assert is_contained(seven, {"prefixItems": [{"type": "string"}]}) == Proved()
    assert is_contained({"$schema": 7}, {}) == Proved()


def test_a_dialect_may_be_given_by_its_uri():
    uri = "http://json-schema.org/draft-04/schema#"

    assert is_contained({}, {"const": 1}, dialect=uri) == Proved()


def test_an_embedded_resource_may_change_the_dialect():
    inner = {"$id": "https://example.com/i", "$schema": "http://json-schema.org/draft-07/schema#"}
    schema = {"allOf": [{**inner, "prefixItems": [False]}]}

    assert_same(schema, {})


def test_parts_of_a_shape_stay_resources_of_their_own():
    def part(schema, dialect):
        return SchemaResource(schema, dialect)

    word = part({"$ref": "#/$defs/x", "$defs": {"x": {"type": "string"}}}, Dialect.D2020)
    short = part(
        {"$ref": "#/definitions/x", "definitions": {"x": {"maxLength": 3}}}, Dialect.DRAFT7
    )
    both = part({"type": "string", "maxLength": 3}, Dialect.D2020)

    assert shape_contained(Shape((word, short)), Shape((both,))) == Proved()
    assert shape_contained(Shape((both,)), Shape((word, short))) == Proved()
    assert shape_contained(Shape((word, short)), Shape((short,))) == Proved()
    assert shape_contained(Shape((both,)), Shape()) == Proved()
    assert isinstance(
        shape_contained(Shape(), Shape((part(schema=False, dialect=Dialect.D2020),))), object
    )


def test_bounds_given_as_flags_outside_draft_4_say_nothing_by_themselves():
    assert is_contained({}, {"exclusiveMinimum": True, "exclusiveMaximum": False}) == Proved()


@pytest.mark.parametrize("dialect", ["draft4", "draft6", "draft7"])
def test_dependencies_are_of_two_forms_up_to_draft_7(dialect):
    both = {"dependencies": {"a": ["b"], "b": {"required": ["c"]}}, "type": "object"}

    assert_contained({**both, "required": ["a"]}, {"required": ["c"]}, dialect)
    assert_escapes(both, {"required": ["a"]}, dialect)


def test_dependencies_are_unknown_since_2019_09():
    assert_same({"dependencies": {"a": ["b"]}}, {}, "2019-09")


def test_a_schema_deeper_than_anybody_writes_stays_open():
    schema: dict = {}
    for _ in range(3_000):
        schema = {"not": schema}

    assert isinstance(is_contained(schema, {"type": "string"}), Undecided)
