"""A mock with a certificate: checked against contracts, and against the real thing."""

import pytest
import requests

from client_sdk import GreenHelixMock, MockResponse, Result, ToolMock, VirtualClock
from client_sdk.contract import contract_from_document
from client_sdk.errors import Unreachable
from client_sdk.exchange import Outcome, ToolClient
from client_sdk.mock.fidelity import FidelityCheck, FidelityReport
from client_sdk.mock.likeness import differences

BALANCE = {
    "tool_name": "get_balance",
    "version": "1.0",
    "input_schema": {
        "type": "object",
        "properties": {
            "agent_id": {"type": "string", "minLength": 1},
            "currency": {"enum": ["USD"]},
        },
        "required": ["agent_id"],
    },
    "output_schema": {"balance": {"type": "string"}},
    "required_output_fields": ["balance"],
    "examples": [
        {
            "name": "a wallet",
            "provider_state": "a funded wallet",
            "params": {"agent_id": "a"},
            "input": {"agent_id": "a"},
            "response": {"status_code": 200},
        }
    ],
}


def asking(**members):
    return contract_from_document(
        {"consumer": "shop", "producer": "gateway", "tools": [BALANCE | members]}
    )


@pytest.fixture
def mock():
    return GreenHelixMock(clock=VirtualClock(start=1_700_000_000))


def faults(report):
    return [fault for check in report.checks for fault in check.faults]


def test_the_gateway_is_faithful_to_what_consumers_ask(mock):
    """m14"""
    report = mock.verify(asking())

    assert report.passed
    assert [check.label for check in report.checks] == [
        "a wallet",
        'a wallet, with /currency="USD"',
    ]


def test_a_check_leaves_the_mock_as_it_was(mock):
    mock.set_balance("x", "3.00")
    mock.execute("get_balance", {"agent_id": "x"})

    mock.verify(asking())

    assert mock.execute("get_balance", {"agent_id": "x"}).body["balance"] == "3.00"
    mock.assert_called("get_balance", times=2)


def test_a_hand_made_stub_that_drifted_is_found(mock):
    """m14"""
    mock.set_response("get_balance", MockResponse(body={"balance": 5}))

    report = mock.verify(asking())

    assert report.outcome is Outcome.FAIL
    assert faults(report)[0] == "balance should be string, is 5"


def test_another_status_than_the_examples_is_found(mock):
    mock.set_response("get_balance", MockResponse(404, {}))

    assert faults(mock.verify(asking(), samples=0)) == [
        "the example expects status 200, the answer has 404"
    ]


def test_a_mock_that_keeps_silent_is_not_faithful(mock):
    mock.no_answer(["get_balance"], 5)

    assert faults(mock.verify(asking()))[0] == ("no answer: get_balance did not answer within 5 ms")


def test_a_state_that_is_not_there_shows_nothing(mock):
    example = BALANCE["examples"][0] | {"provider_state": "a wallet on the moon"}

    report = mock.verify(asking(examples=[example]))

    assert report.outcome is Outcome.INCONCLUSIVE
    assert "its state was not set up" in report.checks[0].note


def test_samples_that_are_refused_show_nothing(mock):
    """Nothing passes on no evidence."""
    report = mock.verify(
        asking(
            examples=[],
            input_schema={
                "type": "object",
                "properties": {"agent_id": {"const": 5}},
                "required": ["agent_id"],
            },
        )
    )

    assert (report.outcome, faults(report)) == (Outcome.INCONCLUSIVE, [])


def test_one_tool_that_was_not_judged_keeps_the_whole_inconclusive():
    report = FidelityReport(
        "two tools",
        "sha256:0",
        (FidelityCheck("a", "judged"), FidelityCheck("b", "sample", note="refused with 404")),
    )

    assert (report.outcome, report.passed) == (Outcome.INCONCLUSIVE, False)


def test_no_checks_are_no_pass():
    assert FidelityReport("nothing", "sha256:0", ()).outcome is Outcome.INCONCLUSIVE


def test_a_made_mock_is_faithful_to_its_own_contract():
    report = ToolMock.from_contract(asking(), seed=5).verify(asking())

    assert report.passed
    assert len(report.checks) == 2


def test_a_report_becomes_evidence(mock):
    evidence = mock.verify(asking(), seed=9).to_evidence("shop", "1.2.0", commit="abc").to_json()

    assert (evidence["kind"], evidence["verdict"]) == ("mock-fidelity", "pass")
    assert (evidence["participant"], evidence["version"]) == ("shop", "1.2.0")
    assert evidence["payload"]["numbers"] == {
        "tools": 1,
        "checks": 2,
        "failed": 0,
        "inconclusive": 0,
    }
    assert evidence["payload"]["inputs"] == {"contract shop → gateway": asking().digest}
    assert evidence["payload"]["seed"] == 9
    assert mock.verify(asking()).to_json()["checks"][0] == {
        "tool": "get_balance",
        "label": "a wallet",
        "outcome": "pass",
        "faults": [],
        "note": None,
    }


class Live:
    """The real thing, as far as the mock can see."""

    def __init__(self, **bodies):
        self.bodies = bodies

    def execute(self, tool, _):
        if tool not in self.bodies:
            raise Unreachable(tool)
        return Result(200, self.bodies[tool])


def test_a_mock_is_compared_with_the_real_thing(mock):
    live = Live(
        get_balance={"agent_id": "x", "balance": 1, "pending": "0.00", "currency": "USD"},
        get_escrow={},
    )

    report = mock.verify_against(
        live,
        [("get_balance", {"agent_id": "a"}), ("get_escrow", {"escrow_id": "e"}), ("deposit", {})],
    )

    assert [check.faults for check in report.checks] == [
        (
            "/balance is string in the mock, number really",
            "/held is not there in the real thing",
            "/pending is missing in the mock",
        ),
        ("the mock answers 404, the real thing 200",),
        (),
    ]
    assert report.checks[2].note == "the real thing did not answer: deposit"
    assert report.outcome is Outcome.FAIL
    assert mock.get_call_log() == []


def test_a_mock_that_is_like_the_real_thing_passes(mock):
    """m14"""
    with GreenHelixMock().serve() as running:
        live = ToolClient(running.url)
        calls = [
            ("deposit", {"agent_id": "a", "amount": "5.00"}),
            ("create_escrow", {"payer": "a", "payee": "b", "amount": "1.00"}),
            ("list_escrows", {}),
            ("release_escrow", {"escrow_id": "esc_0"}),
        ]
        report = mock.verify_against(live, calls)
        live.close()

    assert report.passed, faults(report)


def test_a_misspelt_tool_is_no_likeness_though_neither_knows_it(mock):
    """m14: decision 3"""
    report = mock.verify_against(GreenHelixMock(strict=False), [("get_balanc", {})])

    assert faults(report) == ["the mock knows no tool 'get_balanc': did you mean 'get_balance'?"]
    assert report.outcome is Outcome.FAIL


class Guide:
    """A client as the guide has it: it answers plain dicts, and raises what its library does."""

    def __init__(self, body=None):
        self.body = body

    def execute(self, tool, input_data):
        del tool, input_data
        if self.body is None:
            raise requests.ConnectionError("refused")
        return {"status_code": 200, "body": self.body}


def test_the_real_thing_may_be_any_client(mock):
    """m14: decision 5"""
    live = Guide({"agent_id": "a", "balance": "0.00", "held": "0.00", "currency": "USD"})

    report = mock.verify_against(live, [("get_balance", {"agent_id": "a"})])

    assert report.passed, faults(report)


def test_a_client_that_gets_no_answer_shows_nothing(mock):
    """m14: decision 3"""
    report = mock.verify_against(Guide(), [("get_balance", {"agent_id": "a"})])

    assert report.checks[0].note == "the real thing did not answer: refused"
    assert report.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("mocked", "real", "found"),
    [
        ({"a": 1}, {"a": 2.5}, []),
        ({"a": [{"b": 1}, {"b": None}]}, {"a": [{"b": None}, {"b": 3}, {"b": 4}]}, []),
        ({"a": []}, {"a": [{"b": 1}]}, []),
        ({"a": {"b": 1}}, {}, ["/a is not there in the real thing"]),
        ([1], {}, ["the body is array in the mock, object really"]),
        ({"a": True}, {"a": 1}, ["/a is boolean in the mock, number really"]),
        ({"a": [1, "x"]}, {"a": [1]}, ["/a/[] is number or string in the mock, number really"]),
    ],
)
def test_likeness_is_of_members_and_types(mocked, real, found):
    assert list(differences(mocked, real)) == found
