"""Field map or schema: how a value is read, and what is refused as neither."""

import pytest
from contract_documents import document, faults_of, input_of, tool

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import Severity
from client_sdk.contract.lint import lint
from client_sdk.contract.reading import contract_from_document
from client_sdk.contract.shape import Shape
from client_sdk.contract.validation import is_valid


@pytest.mark.parametrize(
    "written",
    [
        {"payer": {"type": "string"}},
        {"type": {"type": "string"}},
        {"items": {"type": "array"}, "total": {"type": "integer"}},
        {"properties": {"type": "object"}},
        {"required": {"type": "boolean"}},
        {"title": {"type": "string"}},
        {"description": {"type": "string"}, "x-rate": {"type": "number"}},
        {"anything": True},
        {"a": {"type": "string", "unknown": 1}},
    ],
)
def test_members_that_no_schema_can_have_make_a_field_map(written):
    assert input_of(written).schema == {"type": "object", "properties": written}


@pytest.mark.parametrize(
    "written",
    [
        True,
        False,
        {},
        {"type": "string"},
        {"type": ["string", "null"], "x-anything": {"type": "string"}},
        {"enum": [1]},
        {"description": "d", "anyOf": [{"type": "string"}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}},
        {"items": {"type": "array"}},
        {"minLength": 2.0},
    ],
)
def test_members_that_are_all_keywords_make_a_schema(written):
    assert input_of(written).schema == written


@pytest.mark.parametrize(
    "written", [{"properties": {"a": {"type": "string"}}}, {"required": ["a"]}]
)
def test_a_schema_that_names_members_without_a_type_means_an_object(written):
    assert input_of(written).schema == {"type": "object", **written}


def test_a_named_type_is_kept():
    written = {"type": ["object", "null"], "required": ["a"]}

    assert input_of(written).schema == written


def test_nothing_in_a_field_map_is_required_but_the_object():
    shape = Shape((input_of({"a": {"type": "string"}}),))

    assert is_valid(shape, {})
    assert is_valid(shape, {"b": 1})
    assert not is_valid(shape, {"a": 1})
    assert not is_valid(shape, "a")


@pytest.mark.parametrize(
    "written",
    [{"items": {"type": "array"}}, {"not": {"type": "string"}}, {"default": {"type": "string"}},
     {"const": {"enum": [1]}}, {"properties": {"items": {"type": "string"}}}],
)  # fmt: skip
def test_what_fits_both_readings_is_a_schema_with_a_warning(written):
    doc = document(tool(input_schema=written))

    assert faults_of(doc, Severity.WARNING) == [("schema-or-field-map", "/tools/0/input_schema")]
    assert contract_from_document(doc).tools[0].input.schema in (
        written,
        {"type": "object", **written},
    )


@pytest.mark.parametrize(
    "written",
    [{}, {"uniqueItems": True}, {"not": {}}, {"properties": {"a": {"type": "string"}}},
     {"items": {"type": "array"}, "minItems": 1}, {"additionalProperties": False}],
)  # fmt: skip
def test_what_nobody_means_as_a_field_map_is_not_warned_of(written):
    assert lint(document(tool(input_schema=written))) == ()


@pytest.mark.parametrize(
    ("written", "key", "words"),
    [
        ({"type": "object", "propertis": {}}, "propertis", "did you mean 'properties'"),
        ({"type": 5}, "type", "the name of a type"),
        ({"a": {"type": "string"}, "b": "string"}, "a", "value of 'b' is no schema"),
        ({"type": "object", "colour": 1}, "colour", "no keyword of 2020-12"),
        ({"payer": {"type": "string", "required": True}}, "payer", "value of 'payer' is no schema"),
        ({"minLength": -1}, "minLength", "an integer from 0"),
    ],
)
def test_what_is_neither_is_refused_naming_the_key(written, key, words):
    doc = document(tool(output_schema=written))
    (fault,) = lint(doc)

    assert (fault.code, fault.pointer) == (
        "neither-schema-nor-field-map",
        f"/tools/0/output_schema/{key}",
    )
    assert words in fault.message


def test_the_dialect_decides_what_a_keyword_is():
    written = {"const": {"type": "string"}, "if": {"type": "string"}}
    draft4 = {"$schema": "http://json-schema.org/draft-04/schema#"}

    assert input_of(written).schema == written
    assert input_of(written, **draft4).schema == {"type": "object", "properties": written}
    assert input_of({"exclusiveMinimum": True, "minimum": 1}, **draft4).dialect is Dialect.DRAFT4


def test_a_schema_may_carry_its_own_dialect():
    written = {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]}

    assert input_of(written).dialect is Dialect.DRAFT7


def test_faults_inside_a_field_map_point_into_what_was_written():
    doc = document(tool(input_schema={"a": {"type": "strin"}, "b": {"minimun": 1}}))

    assert [(fault.code, fault.pointer, fault.severity.value) for fault in lint(doc)] == [
        ("unknown-type", "/tools/0/input_schema/a/type", "error"),
        ("unknown-keyword", "/tools/0/input_schema/b/minimun", "warning"),
    ]
