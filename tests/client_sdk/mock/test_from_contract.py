"""Mocks made from a contract or an offer: they answer what was agreed and nothing else."""

import pytest

from client_sdk import AgentContract, GreenHelixMock, MockResponse, ToolMock
from client_sdk import ToolContract as AgentToolContract
from client_sdk.contract import contract_from_document, offer_from_document, validate_response
from client_sdk.exchange import Outcome
from client_sdk.mock import MockMisused, ToolRefused

ORDER = {"type": "object", "properties": {"order_id": {"type": "string"}}, "required": ["order_id"]}
TRACK = {
    "tool_name": "track",
    "version": "1.0",
    "input_schema": ORDER,
    "output_schema": {
        "order_id": {"type": "string"},
        "state": {"enum": ["packed", "sent"]},
        "weight": {"type": "number", "minimum": 1},
    },
    "required_output_fields": ["order_id", "state"],
    "status_codes": [200, 404],
    "responses": {"404": {"type": "object", "required": ["code"]}},
    "examples": [
        {
            "name": "sent",
            "provider_state": "an order was sent",
            "input": {"order_id": "o-1"},
            "response": {"status_code": 200, "body": {"order_id": "o-1", "state": "sent"}},
        },
        {
            "name": "unknown",
            "provider_state": "no orders",
            "input": {"order_id": "o-1"},
            "response": {"status_code": 404, "body": {"code": "gone"}},
        },
        {"name": "no answer given", "input": {"order_id": "o-2"}},
    ],
}


def contract(**members):
    return contract_from_document(
        {"consumer": "shop", "producer": "parcels", "tools": [TRACK | members]}
    )


def test_an_example_is_answered_as_it_stands():
    result = ToolMock.from_contract(contract()).execute("track", {"order_id": "o-1"})

    assert (result.status_code, result.body) == (200, {"order_id": "o-1", "state": "sent"})


def test_the_document_of_a_contract_will_do():
    document = {"consumer": "shop", "producer": "parcels", "tools": [TRACK]}
    mock = ToolMock.from_contract(document)

    assert mock.execute("track", {"order_id": "o-1"}).body == {"order_id": "o-1", "state": "sent"}
    assert mock.verify(document).outcome is Outcome.PASS


def test_what_is_no_contract_is_refused_by_name():
    with pytest.raises(TypeError, match="contract is a Contract, an AgentContract"):
        ToolMock.from_contract(5)


@pytest.mark.parametrize(
    ("state", "status", "body"),
    [
        ("an order was sent", 200, {"order_id": "o-1", "state": "sent"}),
        ("no orders", 404, {"code": "gone"}),
    ],
)
def test_a_state_chooses_among_examples(state, status, body):
    result = ToolMock.from_contract(contract(), states=[state]).execute(
        "track", {"order_id": "o-1"}
    )

    assert (result.status_code, result.body) == (status, body)


def test_a_state_may_be_entered_later_and_left():
    mock = ToolMock.from_contract(contract())
    mock.set_state("no orders", {})
    assert mock.execute("track", {"order_id": "o-1"}).status_code == 404
    assert mock.execute("track", {"order_id": "o-77"}).status_code == 404

    mock.reset()

    assert mock.execute("track", {"order_id": "o-1"}).status_code == 200


def test_an_unknown_state_is_refused():
    with pytest.raises(ToolRefused) as refused:
        ToolMock.from_contract(contract(), states=["no ordres"])
    with pytest.raises(ToolRefused):
        ToolMock().set_state("anything", {})

    assert refused.value.answer.body["known"] == ["an order was sent", "no orders"]


def test_another_input_gets_a_made_answer_that_fits_and_takes_up_the_input():
    made = ToolMock.from_contract(contract(), seed=7)
    tool = contract().tools[0]

    bodies = [made.execute("track", {"order_id": f"x{number}"}).body for number in range(30)]

    assert all(validate_response(tool, 200, body) == () for body in bodies)
    assert [body["order_id"] for body in bodies] == [f"x{number}" for number in range(30)]
    assert {body["state"] for body in bodies} == {"packed", "sent"}
    made.assert_called("track", times=30)


def test_the_same_seed_makes_the_same_answers():
    def answers(seed):
        mock = ToolMock.from_contract(contract(), seed=seed)
        return [mock.execute("track", {"order_id": f"x{number}"}).body for number in range(9)]

    assert answers(3) == answers(3)
    assert answers(3) != answers(4)


def test_an_input_outside_of_the_contract_is_refused_with_every_reason():
    """m8"""
    result = ToolMock.from_contract(contract()).execute("track", {"order_id": 5})

    assert (result.status_code, result.body["code"]) == (422, "input-invalid")
    assert result.body["errors"] == [
        {"pointer": "/order_id", "message": "order_id should be string, is 5"}
    ]


def test_an_answer_outside_of_the_contract_never_leaves_the_mock():
    """m14"""
    mock = ToolMock.from_contract(contract())
    mock.set_response("track", MockResponse(body={"order_id": "o-1", "state": "lost"}))

    with pytest.warns(MockMisused, match="state should be"):
        result = mock.execute("track", {"order_id": "o-1"})

    assert (result.status_code, result.body["code"]) == (500, "answer-not-agreed")
    assert result.body["errors"][0]["pointer"] == "/state"
    with pytest.raises(AssertionError, match="misused before"):
        mock.assert_called("track")


@pytest.mark.parametrize(
    "order_id",
    [{1, 2}, object(), float("nan"), b"o-1", "\ud800"],
    ids=lambda each: type(each).__name__,
)
def test_what_is_no_json_is_refused_on_the_way_in(order_id):
    """m8"""
    result = ToolMock.from_contract(contract()).execute("track", {"order_id": order_id})

    assert (result.status_code, result.body["code"]) == (422, "input-invalid")


def test_what_is_no_json_never_leaves_the_mock():
    mock = ToolMock.from_contract(contract())
    mock.set_response("track", MockResponse(body={"order_id": "o-1", "weight": float("nan")}))

    with pytest.warns(MockMisused):
        assert mock.execute("track", {"order_id": "o-1"}).status_code == 500


def test_the_validators_contract_makes_a_mock_too():
    agent_contract = AgentContract(
        "shop", "parcels", [AgentToolContract("track", "1.0", ORDER, {"type": "object"})]
    )

    mock = ToolMock.from_contract(agent_contract)

    assert mock.execute("track", {"order_id": "o-1"}).status_code == 200
    assert mock.verify(agent_contract).passed


def test_an_injected_error_is_no_answer_of_the_contract():
    mock = ToolMock.from_contract(contract())
    mock.inject_error(503, tool="track")

    assert mock.execute("track", {"order_id": "o-1"}).status_code == 503
    mock.assert_called("track", times=1)


def test_a_tool_outside_of_the_contract_is_unknown():
    mock = ToolMock.from_contract(contract())

    with pytest.warns(MockMisused, match="did you mean 'track'"):
        assert mock.execute("trakc", {}).status_code == 404


def test_what_cannot_be_made_is_said():
    mock = ToolMock.from_contract(
        contract(output_schema={"order_id": {"allOf": [{"const": 1}, {"const": 2}]}}, examples=[])
    )

    result = mock.execute("track", {"order_id": "o-9"})

    assert (result.status_code, result.body["code"]) == (501, "not-made")


def test_a_status_without_schema_may_have_any_body():
    mock = ToolMock.from_contract(
        contract(status_codes=[204, 404], examples=[], required_output_fields=[], output_schema={})
    )

    result = mock.execute("track", {"order_id": "o-9"})

    assert result.status_code == 204


OFFER = {
    "producer": "parcels",
    "source": "manual",
    "tools": [
        {
            "tool_name": "track",
            "version": "1.0",
            "input_schema": ORDER,
            "output_schema": {
                "type": "object",
                "properties": {"state": {"enum": ["sent"]}},
                "required": ["state"],
            },
            "status_codes": [200],
        },
        {"tool_name": "ping", "version": "1.0", "input_schema": {"type": "object"}},
    ],
}


def test_an_offer_makes_a_mock_too():
    mock = ToolMock.from_contract(offer_from_document(OFFER))

    assert mock.execute("track", {"order_id": "o-1"}).body == {"state": "sent"}
    assert mock.execute("ping", {}).body == {}
    assert mock.execute("track", {}).status_code == 422


@pytest.mark.parametrize("answer", [MockResponse(201, {"state": "sent"}), MockResponse(body={})])
def test_an_answer_that_is_not_offered_never_leaves_the_mock(answer):
    mock = ToolMock.from_contract(offer_from_document(OFFER))
    mock.set_response("track", answer)

    with pytest.warns(MockMisused):
        assert mock.execute("track", {"order_id": "o-1"}).status_code == 500


def test_the_gateway_takes_a_contract_for_tools_it_has_not():
    mock = GreenHelixMock(contract=contract())
    mock.set_balance("a", "1.00")

    assert mock.execute("track", {"order_id": "o-1"}).body["state"] == "sent"
    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "1.00"
    mock.set_state("no orders", {})
    assert mock.execute("track", {"order_id": "o-1"}).status_code == 404
    with pytest.raises(ToolRefused):
        mock.set_state("neither known here nor there", {})
