"""Changes of a schema: where they are, what they say, and that each can be made alone."""

import pytest
from builders import a_contract, a_tool

from client_sdk.contract.changes.tools import tool_changes
from client_sdk.contract.dialect import Dialect

TEXT, NUMBER = {"type": "string"}, {"type": "number"}


def tool(schema):
    return a_contract(tools=[a_tool(input_schema=schema)]).tool("quote")


def changes(old, new):
    return tool_changes(tool(old), tool(new))


def said(old, new):
    return [(each.path.removeprefix("/input_schema"), each.what) for each in changes(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "path", "what"),
    [
        (
            {"a": {"properties": {"b": TEXT}}},
            {"a": {"properties": {"b": NUMBER}}},
            "/properties/a/properties/b/type",
            "`a.b` changed its type from string to number.",
        ),
        (
            {"a": {"items": TEXT}},
            {"a": {"items": NUMBER}},
            "/properties/a/items/type",
            "`a[]` changed its type from string to number.",
        ),
        (
            {"a": {"type": "string"}},
            {"a": {}},
            "/properties/a/type",
            "`a` changed its type from string to any.",
        ),
        (
            {"patternProperties": {"^x": TEXT}},
            {"patternProperties": {"^x": NUMBER}},
            "/patternProperties/^x/type",
            "`/^x/` changed its type from string to number.",
        ),
        (
            {"$defs": {"d": TEXT}, "$ref": "#/$defs/d"},
            {"$defs": {"d": NUMBER}, "$ref": "#/$defs/d"},
            "/$defs/d/type",
            "`$defs/d` changed its type from string to number.",
        ),
        (
            {"a/b": TEXT},
            {"a/b": NUMBER},
            "/properties/a~1b/type",
            "`a/b` changed its type from string to number.",
        ),
        (
            {"minProperties": 1},
            {"minProperties": 2},
            "/minProperties",
            "The input changed `minProperties` from 1 to 2.",
        ),
        (
            {"a": {"enum": list(range(9))}},
            {"a": {"enum": [0]}},
            "/properties/a/enum",
            "`a` no longer allows 1, 2, 3, 4, 5, 6 and 2 more.",
        ),
        (
            {"a": TEXT},
            {"a": {"type": "string", "enum": ["x"]}},
            "/properties/a/enum",
            '`a` now allows only "x".',
        ),
        (
            {"a": True},
            {"a": False},
            "/properties/a",
            "`a` is described by false instead of true.",
        ),
        (
            {"a": {"prefixItems": [TEXT, TEXT]}},
            {"a": {"prefixItems": [TEXT, NUMBER]}},
            "/properties/a/prefixItems/1/type",
            "`a[]` changed its type from string to number.",
        ),
        (
            {"a": {"anyOf": [TEXT]}},
            {"a": {"anyOf": [TEXT, NUMBER]}},
            "/properties/a/anyOf",
            '`a` changed `anyOf` from [{"type": "string"}] to [{"type": "string"}, {"type": "number"}].',
        ),
        (
            {"a": {"anyOf": [TEXT, NUMBER]}},
            {"a": {"anyOf": [NUMBER, {"type": "null"}]}},
            "/properties/a/anyOf/0/type",
            "`a` changed its type from string to null.",
        ),
    ],
)
def test_a_change_names_its_place_and_says_what_changed(old, new, path, what):
    assert said(old, new) == [(path, what)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": {"anyOf": [TEXT, NUMBER]}}, {"a": {"anyOf": [NUMBER, TEXT]}}),
        ({"a": {"type": ["string", "null"]}}, {"a": {"type": ["null", "string"]}}),
        ({"a": {"type": "string"}}, {"a": {"type": ["string"]}}),
        ({"a": {"enum": [1, 2]}}, {"a": {"enum": [2, 1]}}),
        ({"a": {"maximum": 1}}, {"a": {"maximum": 1.0}}),
        ({"type": "object", "required": ["a", "b"]}, {"type": "object", "required": ["b", "a"]}),
        ({"type": "object"}, {"type": "object", "$defs": {"unused": TEXT}}),
    ],
)
def test_another_order_or_spelling_is_no_change(old, new):
    assert said(old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"a": TEXT, "b": TEXT}, {"a": NUMBER, "b": TEXT}),
        ({"a": {"enum": [1, 2]}}, {"a": {"enum": [1]}}),
        ({"a": {"prefixItems": [TEXT, TEXT]}}, {"a": {"prefixItems": [TEXT, NUMBER]}}),
        ({"a": True}, {"a": False}),
        ({"a": {"maximum": 1}}, {"a": {}}),
        ({"a": TEXT}, {"a": TEXT, "b": TEXT}),
        ({"type": "object"}, {"$schema": Dialect.DRAFT7.meta_schema_uri, "type": "object"}),
    ],
)
def test_a_single_change_made_alone_gives_the_new_schema(old, new):
    (change,) = changes(old, new)

    assert change.apply(tool(old)).input == tool(new).input


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (TEXT, {"anyOf": [TEXT, {"type": "null"}]}, "input-type-changed"),
        ({"oneOf": [TEXT, {"type": "null"}]}, TEXT, "input-type-changed"),
        (
            {"type": "object", "required": ["x"]},
            {"anyOf": [{"type": "object"}]},
            "input-condition-changed",
        ),
        (
            {"type": ["string", "null"]},
            {"anyOf": [TEXT, {"type": "null"}]},
            "input-condition-changed",
        ),
        (TEXT, {"anyOf": [TEXT, {}]}, "input-condition-changed"),
        (TEXT, {"allOf": [TEXT]}, "input-condition-changed"),
    ],
)
def test_a_schema_that_goes_into_a_choice_is_one_change(old, new, rule):
    assert [(each.rule, each.path) for each in changes({"a": old}, {"a": new})] == [
        (rule, "/input_schema/properties/a")
    ]


def test_a_reference_made_alone_brings_its_definition():
    old = {"properties": {"a": TEXT, "b": TEXT}}
    new = {"$defs": {"d": NUMBER}, "properties": {"a": {"$ref": "#/$defs/d"}, "b": NUMBER}}

    first = next(each for each in changes(old, new) if each.path.endswith("/a"))

    assert first.apply(tool(old)).input.schema == {
        "type": "object",
        "$defs": {"d": NUMBER},
        "properties": {"a": {"$ref": "#/$defs/d"}, "b": TEXT},
    }
