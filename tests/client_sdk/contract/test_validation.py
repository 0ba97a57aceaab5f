"""Violations: which there are, and how they read."""

from decimal import Decimal

import pytest

from client_sdk.contract.constraints import (
    FieldAbsentIf,
    FieldEquals,
    FieldMatches,
    FieldPresentIf,
    SchemaConstraint,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import ContractError, Severity
from client_sdk.contract.model import ToolContract
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import (
    is_valid,
    validate_request,
    validate_response,
    violations,
)

ESCROW = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^esc_"},
        "amount": {"type": "string"},
        "status": {"enum": ["pending", "released"]},
    },
}


def resource(schema):
    return SchemaResource(schema, Dialect.D2020)


def a_tool(**members):
    defaults = {
        "tool_name": "create_escrow",
        "version": "1.0",
        "input": resource({"type": "object", "required": ["payer"]}),
        "output": resource(ESCROW),
        "input_schema": {},
        "output_schema": {},
    }
    return ToolContract(**(defaults | members))


def test_a_fitting_value_violates_nothing():
    assert violations(Shape((resource(ESCROW),)), {"id": "esc_1"}) == ()
    assert is_valid(Shape((resource(ESCROW),)), {"id": "esc_1"})


def test_the_empty_shape_takes_anything():
    assert is_valid(Shape(), [None])


def test_every_part_must_hold():
    shape = Shape((resource({"minimum": 1}), resource({"maximum": 3})))

    assert is_valid(shape, 2)
    assert [each.rule for each in violations(shape, 9)] == ["maximum"]


def test_a_violation_says_where_what_and_instead_of_what():
    found = violations(
        Shape((resource({"properties": {"a": {"items": {"type": "integer"}}}}),)), {"a": [1, "x"]}
    )

    assert [
        (each.path, each.field, each.expected, each.actual, each.rule, each.message)
        for each in found
    ] == [("/a/1", "a.1", "integer", "x", "type", 'a.1 should be integer, is "x"')]


def test_the_path_starts_where_the_value_stands():
    found = violations(
        Shape((resource({"type": "null"}),)), 1, pointer="/examples/0/input", name="input"
    )

    assert found[0].path == "/examples/0/input"
    assert found[0].message == "input should be null, is 1"


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"required": ["a"]}, {}, "a is missing"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "b is missing"),
        ({"additionalProperties": False}, {"x/y": 1}, "x/y is not allowed here"),
        ({"unevaluatedProperties": False}, {"x": 1}, "x is not allowed here"),
        ({"propertyNames": {"maxLength": 1}}, {"long": 1}, "long is not allowed here"),
        ({"properties": {"x": False}}, {"x": 1}, "x is not allowed here"),
        ({"enum": ["EUR", "USD"]}, "GBP", 'value should be one of "EUR", "USD", is "GBP"'),
        ({"const": {"a": 1}}, 2, 'value should be {"a": 1}, is 2'),
        ({"minimum": 1}, Decimal("0.50"), "value should be a number of at least 1, is 0.50"),
        ({"exclusiveMaximum": 1}, 1, "value should be a number below 1, is 1"),
        ({"multipleOf": 2}, 3, "value should be a multiple of 2, is 3"),
        ({"minLength": 2}, "a", 'value should be at least 2 characters, is "a"'),
        ({"pattern": "^a"}, "b", 'value should be text in which ^a is found, is "b"'),
        ({"minItems": 1}, [], "value should be at least 1 items, is []"),
        ({"uniqueItems": True}, [1, 1], "value should be items that all differ, is [1, 1]"),
        (
            {"contains": {"type": "null"}},
            [],
            "value should be at least 1 items that fit the schema under 'contains', is []",
        ),
        (
            {"anyOf": [{"properties": {"a": {"type": "null"}}}, {"type": "array"}]},
            {"a": 1},
            'value should be one of 2 alternatives (closest: /a should be null), is {"a": 1}',
        ),
        ({"type": ["string", "null"]}, 1, "value should be string or null, is 1"),
    ],
)
def test_messages_read_well(schema, value, message):
    assert [each.message for each in violations(Shape((resource(schema),)), value)] == [message]


def test_long_actual_values_are_cut():
    found = violations(
        Shape((resource({"type": "null"}),)), {"text": "x" * 1_000, "list": list(range(50))}
    )

    assert len(found[0].actual["text"]) == 120
    assert len(found[0].actual["list"]) == 11
    assert len(found[0].message) < 200


def test_deep_actual_values_are_cut():
    found = violations(Shape((resource({"type": "null"}),)), [[[[["deep"], []]]]])

    assert found[0].actual == [[[["…", []]]]]


def test_an_input_is_judged_by_the_input_schema():
    assert validate_request(a_tool(), {"payer": "a"}) == ()
    assert [each.message for each in validate_request(a_tool(), {})] == ["payer is missing"]


def test_a_status_that_is_not_handled_is_the_only_violation():
    found = validate_response(a_tool(status_codes=(200, 404)), 500, {"status": "nonsense"})

    assert [(each.field, each.expected, each.actual, each.rule) for each in found] == [
        ("status_code", "200 or 404", 500, "status_code")
    ]


def test_a_body_is_judged_by_the_output_schema_and_the_required_fields():
    tool = a_tool(required_output_fields=("id", "/fee/amount"))

    found = validate_response(tool, 200, {"status": "gone"})

    assert {(each.path, each.rule) for each in found} == {
        ("/status", "enum"),
        ("/id", "required"),
        ("/fee", "required"),
    }


def test_what_two_clauses_require_is_missing_once():
    output = resource({"type": "object", "required": ["id"]})

    assert (
        len(validate_response(a_tool(output=output, required_output_fields=("id",)), 200, {})) == 1
    )


def test_another_status_is_judged_by_its_own_schema():
    tool = a_tool(status_codes=(200, 404, 409), responses={404: resource({"required": ["title"]})})

    assert [each.message for each in validate_response(tool, 404, {})] == ["title is missing"]
    assert validate_response(tool, 409, "anything") == ()


@pytest.mark.parametrize("body", [None, "text", 5, []])
def test_a_body_that_is_no_object_is_a_violation_and_no_crash(body):
    assert validate_response(a_tool(), 200, body)[0].expected == "object"


@pytest.mark.parametrize(
    ("constraint", "body", "path", "rule", "message"),
    [
        (
            FieldEquals("currency", "EUR"),
            {"currency": "USD"},
            "/currency",
            "field_equals",
            'currency should be "EUR", is "USD"',
        ),
        (
            FieldEquals("/fee/amount", 1),
            {"fee": {"amount": True}},
            "/fee/amount",
            "field_equals",
            "fee.amount should be 1, is true",
        ),
        (
            FieldEquals("currency", None),
            {},
            "/currency",
            "field_equals",
            "currency should be null, is missing",
        ),
        (
            FieldPresentIf("status", "released", "released_at"),
            {"status": "released"},
            "/released_at",
            "field_present_if",
            'released_at should be present when status is "released", is missing',
        ),
        (
            FieldAbsentIf("status", "pending", "released_at"),
            {"status": "pending", "released_at": 5},
            "/released_at",
            "field_absent_if",
            'released_at should be absent when status is "pending", is 5',
        ),
        (
            FieldMatches("id", "^x"),
            {"id": "esc_1"},
            "/id",
            "field_matches",
            'id should be text in which ^x is found, is "esc_1"',
        ),
        (SchemaConstraint(resource({"required": ["n"]})), {}, "/n", "schema", "n is missing"),
    ],
)
def test_a_broken_constraint_names_itself(constraint, body, path, rule, message):
    tool = a_tool(output=resource(True), constraints=(constraint,))

    found = validate_response(tool, 200, body)

    assert [(each.path, each.rule, each.message, each.severity) for each in found] == [
        (path, rule, message, Severity.ERROR)
    ]


def test_a_constraint_keeps_its_own_severity_and_message():
    constraint = FieldEquals("currency", "EUR", severity=Severity.WARNING, message="Euros only.")

    found = validate_response(a_tool(constraints=(constraint,)), 201 - 1, {})

    assert [(each.severity, each.message) for each in found] == [(Severity.WARNING, "Euros only.")]


def test_a_constraint_that_holds_is_no_violation():
    assert (
        validate_response(
            a_tool(constraints=(FieldEquals("status", "pending"),)), 200, {"status": "pending"}
        )
        == ()
    )


def test_constraints_say_nothing_about_other_statuses():
    tool = a_tool(status_codes=(404,), constraints=(FieldEquals("currency", "EUR"),))

    assert validate_response(tool, 404, {}) == ()


def test_what_cannot_be_judged_is_an_error_and_never_valid():
    with pytest.raises(ContractError) as refused:
        is_valid(Shape((resource({"allOf": [{"$ref": "#"}]}),)), 1)

    assert refused.value.code == "too-complex"
