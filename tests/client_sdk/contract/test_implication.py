"""Implication: when a producer that passed one contract needs no run for another."""

import pytest
from builders import a_contract, a_tool

from client_sdk.contract.compat import Budget
from client_sdk.contract.implication import ASSUMPTIONS, implies

TEXT, NUMBER = {"type": "string"}, {"type": "number"}


def verdict(a, b):
    return implies(a_contract(tools=[a_tool(**a)]), a_contract(tools=[a_tool(**b)])).verdict


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({}, {}, "proved"),
        ({"input_schema": {"sku": TEXT, "memo": TEXT}}, {"input_schema": {"sku": TEXT}}, "proved"),
        ({"input_schema": {"sku": TEXT}}, {"input_schema": {"sku": TEXT, "memo": TEXT}}, "refuted"),
        ({}, {"output_schema": {}}, "proved"),
        ({}, {"output_schema": {"price": {"type": "integer"}}}, "refuted"),
        ({}, {"required_output_fields": []}, "proved"),
        ({}, {"required_output_fields": ["price", "tax"]}, "refuted"),
        ({}, {"status_codes": [200, 404]}, "proved"),
        ({"status_codes": [200, 404]}, {}, "refuted"),
        ({}, {"examples": [{"name": "one", "input": {"sku": "a"}}]}, "refuted"),
        (
            {"examples": [{"name": "one", "input": {"sku": "a"}}]},
            {"examples": [{"name": "1", "input": {"sku": "a"}}]},
            "proved",
        ),
        ({}, {"description": "other", "version": "2"}, "proved"),
    ],
)
def test_the_second_contract_asks_for_nothing_that_was_not_tested(a, b, expected):
    assert verdict(a, b) == expected


def test_a_tool_that_was_not_tested_is_refuted_alone():
    found = implies(a_contract(tools=["quote"]), a_contract(tools=["quote", "order"]))

    assert {tool.tool_name: tool.verdict for tool in found.tools} == {
        "quote": "proved",
        "order": "refuted",
    }
    assert found.verdict == "refuted"
    assert found.assumptions == ASSUMPTIONS == ("closed-output", "declared-status")


def test_a_refutation_shows_the_input_that_was_never_tested():
    found = implies(
        a_contract(tools=[a_tool(input_schema={"sku": {"enum": ["a"]}})]),
        a_contract(tools=[a_tool(input_schema={"sku": {"enum": ["a", "b"]}})]),
    )

    (refuted,) = (each for each in found.tools[0].obligations if each.verdict == "refuted")
    assert (refuted.question, refuted.witness) == (
        "closed input(new) ⊆ closed input(old)",
        {"sku": "b"},
    )


def test_a_budget_that_is_spent_is_no_yes():
    found = implies(
        a_contract(tools=[a_tool(output_schema={"price": NUMBER})]),
        a_contract(tools=[a_tool(output_schema={"price": {"type": ["number", "null"]}})]),
        budget=Budget(wall_seconds=0),
    )

    assert found.verdict == "undecided"
    assert {each.reason for each in found.tools[0].obligations} == {"budget-wall"}
