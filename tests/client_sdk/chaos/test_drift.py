from decimal import Decimal

import pytest

from client_sdk.chaos import Label, NotApplicable, drifts_of
from client_sdk.contract import contract_from_document, is_valid

BODY = {
    "escrow_id": "esc_1",
    "status": "pending",
    "amount": "25.00",
    "count": 3,
    "memo": None,
    "tags": ["a", "b"],
    "terms": {"days": 5},
}
SCHEMA = {
    "type": "object",
    "properties": {
        "escrow_id": {"type": "string", "pattern": "^esc_"},
        "status": {"enum": ["pending", "released"]},
        "amount": {"type": "string"},
        "count": {"type": "integer"},
        "memo": {"type": ["string", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "terms": {"type": "object", "properties": {"days": {"type": "integer"}}},
    },
    "required": ["escrow_id", "status"],
}


def a_contract(schema=None, **members):
    tool = {
        "tool_name": "create_escrow",
        "version": "1",
        "input_schema": {},
        "output_schema": SCHEMA if schema is None else schema,
        **members,
    }
    return contract_from_document({"consumer": "buyer", "producer": "gateway", "tools": [tool]})


def labels(contract):
    return {each.id: each.label for each in drifts_of(contract)}


@pytest.mark.parametrize(
    ("drift", "label"),
    [
        ("remove /amount", "allowed"),
        ("remove /status", "breaking"),
        ("rename /amount", "allowed"),
        ("rename /status", "breaking"),
        ("null /memo", "allowed"),
        ("null /amount", "breaking"),
        ("widen-enum /status", "breaking"),
        ("add-member /", "allowed"),
        ("add-member /terms", "allowed"),
        ("retype /amount", "breaking"),
        ("retype /terms/days", "breaking"),
        ("number-form /count", "allowed"),
        ("reorder /tags", "allowed"),
        ("empty-list /tags", "allowed"),
        ("empty-text /amount", "allowed"),
        ("empty-text /escrow_id", "breaking"),
    ],
)
def test_the_kernel_says_whether_a_drift_is_allowed(drift, label):
    """c10, E3: contract-derived drift"""
    assert labels(a_contract())[drift] == label


def test_a_closed_schema_forbids_new_members():
    """E3"""
    closed = {**SCHEMA, "additionalProperties": False}

    assert labels(a_contract(closed))["add-member /"] is Label.BREAKING


def test_required_output_fields_count_as_required():
    """E3"""
    contract = a_contract(required_output_fields=["amount"])

    assert labels(contract)["remove /amount"] is Label.BREAKING


@pytest.mark.parametrize(
    ("drift", "label"),
    [
        ("reorder /tags", "allowed"),
        ("number-form /terms/days", "allowed"),
        ("add-member /terms", "allowed"),
        ("remove /terms/days", "breaking"),
        ("remove /terms", "breaking"),
        ("null /terms", "breaking"),
        ("widen-enum /status", "breaking"),
        ("remove /amount", "allowed"),
    ],
)
def test_fields_and_constraints_are_part_of_what_was_promised(drift, label):
    """E3"""
    contract = a_contract(
        required_output_fields=["tags", "/terms/days"],
        constraints=[{"type": "field_equals", "field": "status", "value": "pending"}],
    )

    assert labels(contract)[drift] == label


def test_a_list_that_must_not_be_empty_breaks_when_it_is():
    schema = {
        "type": "object",
        "properties": {"tags": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
    }

    assert labels(a_contract(schema))["empty-list /tags"] is Label.BREAKING


@pytest.mark.parametrize("operator", drifts_of(a_contract()), ids=lambda each: each.id)
def test_a_drift_does_to_a_body_what_its_label_says(operator):
    """E3: every allowed drift is understood, no breaking one is"""
    shape = a_contract().tools[0].output_shape(200)
    before = dict(BODY)
    if operator.id in {"null /memo", "retype /memo", "empty-text /memo"}:
        with pytest.raises(NotApplicable):
            operator.apply(BODY)
        return
    changed = operator.apply(BODY)

    assert is_valid(shape, changed) is (operator.label is Label.ALLOWED)
    assert before == BODY


def test_what_drifts_do_to_a_body():
    found = {each.id: each for each in drifts_of(a_contract())}

    assert "amount" not in found["remove /amount"].apply(BODY)
    assert found["rename /status"].apply(BODY)["status_v2"] == "pending"
    assert found["retype /amount"].apply(BODY)["amount"] == Decimal("25.00")
    assert found["reorder /tags"].apply(BODY)["tags"] == ["b", "a"]
    assert str(found["number-form /count"].apply(BODY)["count"]) == "3.0"
    assert found["add-member /terms"].apply(BODY)["terms"] == {"days": 5, "x_unexpected": "drift"}


@pytest.mark.parametrize("body", [None, [], "text", {}, {"amount": 5, "tags": {}, "terms": []}])
def test_a_body_that_a_drift_is_not_about_is_left_alone(body):
    for operator in drifts_of(a_contract()):
        try:
            changed = operator.apply(body)
        except NotApplicable:
            continue
        assert changed != body


def test_drift_reaches_into_the_items_of_a_list():
    schema = {
        "type": "object",
        "properties": {
            "escrows": {
                "type": "array",
                "items": {"type": "object", "properties": {"id": {"type": "string"}}},
            }
        },
    }
    found = {each.id: each for each in drifts_of(a_contract(schema))}

    assert found["remove /escrows/*/id"].apply({"escrows": [{"id": "1"}, {"id": "2"}]}) == {
        "escrows": [{}, {}]
    }


def test_the_drifts_of_one_tool_or_of_all():
    contract = a_contract()

    assert [each.id for each in drifts_of(contract.tools[0])] == [
        each.id for each in drifts_of(contract)
    ]


def test_a_schema_that_says_nothing_suggests_nothing():
    assert drifts_of(a_contract({})) == ()
    assert drifts_of(a_contract(True)) == ()


def test_a_drift_that_does_not_break_this_body_is_not_applied_as_breaking():
    schema = {"type": "object", "properties": {"amount": {"type": ["string", "number"]}}}
    found = {each.id: each for each in drifts_of(a_contract(schema))}["retype /amount"]

    assert found.label is Label.BREAKING
    with pytest.raises(NotApplicable, match="on this body the change is not breaking"):
        found.apply({"amount": "25.00"})
    assert found.apply({"amount": "text"}) == {"amount": ["text"]}
