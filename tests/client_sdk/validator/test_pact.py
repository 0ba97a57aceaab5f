"""Contracts made out of Pact files (E4)."""

import pytest

from client_sdk.contract.errors import DocumentInvalid
from client_sdk.validator import AgentContract, ContractValidator

BODY = {"escrow_id": "esc_1", "amount": "1.00", "parties": ["a"], "fee": 1, "closed": False}


def interaction(request, response=None, **members):
    return {
        "description": "a call",
        "request": request,
        "response": response or {"status": 200, "body": BODY},
        **members,
    }


def pact(*interactions):
    return {
        "consumer": {"name": "buyer"},
        "provider": {"name": "gateway"},
        "interactions": list(interactions),
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }


def tool_of(request, response=None, **members):
    made = AgentContract.from_pact(pact(interaction(request, response, **members)))
    return made.tools[0]


CREATE = {
    "method": "POST",
    "path": "/v1",
    "body": {"tool": "create_escrow", "input": {"amount": "1.00"}},
}


def test_who_speaks_with_whom_is_kept():
    """E4"""
    made = AgentContract.from_pact(pact(interaction(CREATE)), version="2.3")

    assert (made.consumer, made.producer, made.tools[0].version) == ("buyer", "gateway", "2.3")


@pytest.mark.parametrize(
    ("request_", "tool", "sent"),
    [
        (CREATE, "create_escrow", {"amount": "1.00"}),
        ({"path": "/v1/get_escrow", "body": {"id": 1}}, "get_escrow", {"id": 1}),
        ({"path": "/escrows/", "query": "a=1&a=2&b="}, "escrows", {"a": ["1", "2"], "b": ""}),
        ({"path": "/escrows", "query": {"a": ["1"]}}, "escrows", {"a": "1"}),
        ({"path": "/escrows", "body": [1]}, "escrows", [1]),
        (
            {"path": "/escrows", "body": {"contentType": "application/json", "content": {"a": 1}}},
            "escrows",
            {"a": 1},
        ),
    ],
)
def test_the_tool_and_its_input_are_found_in_every_version(request_, tool, sent):
    """E4"""
    made = tool_of(request_)

    assert (made.tool_name, made.examples[0]["input"]) == (tool, sent)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"escrow_id": "esc_2", "fee": 2.5, "more": None}, None),
        ({"amount": 1}, "type"),
        ({"parties": [1]}, "type"),
        ({"closed": 0}, "type"),
    ],
)
def test_answers_look_like_the_example_whatever_their_values(change, rule):
    """E4"""
    judge = ContractValidator()
    judge.add_contract(AgentContract.from_pact(pact(interaction(CREATE))))
    answer = {"status_code": 200, "body": {**BODY, **change}}

    found = judge.validate_response("create_escrow", answer)
    assert [each.rule for each in found] == ([rule] if rule else [])


def test_a_member_of_the_example_must_be_there():
    judge = ContractValidator()
    judge.add_contract(AgentContract.from_pact(pact(interaction(CREATE))))
    found = judge.validate_response("create_escrow", {"status_code": 200, "body": {}})

    assert {each.rule for each in found} == {"required"}


def test_interactions_of_one_tool_are_its_statuses_and_examples():
    """E4"""
    missing = {"status": 404, "body": {"title": "no"}}
    other = {**CREATE, "body": {"tool": "create_escrow", "input": {"amount": "1.00", "memo": ""}}}
    made = AgentContract.from_pact(
        pact(interaction(CREATE), interaction(other, missing, description="none"))
    ).tools[0]

    assert (made.status_codes, list(made.responses)) == ([200, 404], ["404"])
    assert [each["name"] for each in made.examples] == ["a call", "none"]
    assert len(made.input_schema["anyOf"]) == 2


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"providerState": "an escrow"}, {"provider_state": "an escrow"}),
        (
            {"providerStates": [{"name": "an escrow", "params": {"id": 1}}]},
            {"provider_state": "an escrow", "params": {"id": 1}},
        ),
        ({"providerStates": []}, {}),
    ],
)
def test_the_state_of_the_producer_is_kept(members, expected):
    """E4"""
    example = tool_of(CREATE, **members).examples[0]

    assert {
        name: example[name] for name in ("provider_state", "params") if name in example
    } == expected


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "no HTTP interaction"),
        (pact(), "no HTTP interaction"),
        (pact(interaction(CREATE, type="Asynchronous/Messages")), "no HTTP interaction"),
        (pact(interaction({"path": "/"})), "names no tool"),
        (pact(interaction(CREATE, {"status": "200"})), "no number"),
        ({**pact(interaction(CREATE)), "consumer": None}, "consumer"),
    ],
)
def test_what_is_no_pact_of_calls_is_refused(document, said):
    with pytest.raises(DocumentInvalid, match=said):
        AgentContract.from_pact(document)
