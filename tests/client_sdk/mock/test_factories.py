"""Mocks that are set up already, and the two retry stories of the guide."""

import pytest

from client_sdk import (
    VirtualClock,
    create_failing_mock,
    create_funded_mock,
    create_rate_limited_mock,
    create_timeout_mock,
)

ASK = {"agent_id": "a"}


class ServiceUnavailable(Exception):
    """The service still fails after every retry."""


class RetryingAgent:
    """Asks again while the service fails, so often and no more."""

    def __init__(self, api, max_retries=3):
        self.api = api
        self.max_retries = max_retries

    def balance(self, agent_id):
        for _ in range(self.max_retries + 1):
            result = self.api.execute("get_balance", {"agent_id": agent_id})
            if result["status_code"] < 500:
                return result["body"]["balance"]
        raise ServiceUnavailable(f"{self.max_retries} retries were not enough")


def test_a_funded_mock_has_money():
    """M14"""
    assert create_funded_mock("a").execute("get_balance", ASK)["body"]["balance"] == "100.00"
    assert create_funded_mock("a", "7.50").execute("get_balance", ASK)["body"]["balance"] == "7.50"


def test_a_failing_mock_fails_three_times():
    """M14"""
    mock = create_failing_mock()

    assert [mock.execute("get_balance", ASK)["status_code"] for _ in range(4)] == [
        500,
        500,
        500,
        200,
    ]
    assert create_failing_mock(1, 503).execute("get_balance", ASK)["status_code"] == 503


def test_a_limited_mock_refuses_after_its_burst_and_says_when_to_come_back():
    """M14, m6: rejected calls are in the log, the window opens again, reset() forgets"""
    clock = VirtualClock()
    mock = create_rate_limited_mock(burst_limit=5, clock=clock)

    results = [mock.execute("get_balance", ASK) for _ in range(8)]

    assert [result["status_code"] for result in results] == [200] * 5 + [429] * 3
    assert results[5]["body"]["retry_after"] == 60
    assert results[5]["headers"]["retry-after"] == "60"
    assert len(mock.get_call_log()) == 8
    assert [call["rejected"] for call in mock.get_call_log()[4:6]] == [
        None,
        "get_balance was called too often",
    ]
    clock.advance(59)
    assert mock.execute("get_balance", ASK)["body"]["retry_after"] == 1
    clock.advance(1)
    assert mock.execute("get_balance", ASK)["status_code"] == 200
    mock.reset()
    assert mock.execute("get_balance", ASK)["status_code"] == 200


def test_a_timeout_mock_answers_504_after_virtual_time():
    """M14, m3, m7"""
    mock = create_timeout_mock(["create_escrow"])

    result = mock.execute("create_escrow", {"payer": "a", "payee": "b", "amount": "1.00"})

    assert (result["status_code"], result["body"]["status"]) == (504, 504)
    assert (result["latency_ms"], mock.clock.monotonic()) == (30000, 30.0)
    assert mock.execute("get_balance", ASK)["status_code"] == 200


@pytest.mark.parametrize(
    "make",
    [
        lambda: create_failing_mock(failure_count=0),
        lambda: create_rate_limited_mock(burst_limit=0),
        lambda: create_funded_mock("a", balance=100),
    ],
)
def test_a_factory_refuses_what_cannot_be_meant(make):
    with pytest.raises(ValueError):
        make()


def test_an_agent_gets_over_two_failures():
    """M15"""
    mock = create_funded_mock("a", "42.00")
    mock.inject_errors(2, 500)

    assert RetryingAgent(api=mock).balance("a") == "42.00"

    mock.assert_called("get_balance", times=3)
    mock.assert_ledger_balanced()


def test_an_agent_gives_up_after_exactly_four_calls():
    """M16, m15"""
    mock = create_failing_mock(failure_count=10, status_code=503)

    with pytest.raises(ServiceUnavailable):
        RetryingAgent(api=mock, max_retries=3).balance("a")

    mock.assert_called("get_balance", times=4)


@pytest.mark.parametrize(("tools", "ms"), [([], 1), (["create_escrow"], -1)])
def test_a_timeout_mock_that_times_nothing_out_is_refused(tools, ms):
    """M14"""
    with pytest.raises(ValueError, match="timeout_"):
        create_timeout_mock(tools, ms)


@pytest.mark.parametrize("keep", [(), "limits", {"log"}])
def test_a_rate_limited_mock_is_full_and_limited_after_a_reset(keep):
    """m6, m11"""
    mock = create_rate_limited_mock(2, clock=VirtualClock())
    for _ in range(2):
        statuses = [mock.execute("get_balance", {"agent_id": "a"}).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        mock.reset(keep)
