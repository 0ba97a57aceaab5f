"""Scenarios and limits: each entity goes its own way, each bucket fills on the clock."""

import pytest

from client_sdk import MockResponse, ToolMock, VirtualClock
from client_sdk.mock import MockMisused

STARTED = MockResponse(body={"at": "depot"})
MOVING = MockResponse(body={"at": "road"})


@pytest.fixture
def mock():
    mock = ToolMock(clock=VirtualClock())
    mock.scenario("parcel", key="input.order.id").on("track", STARTED, then="moving").on(
        "track", MOVING, in_state="moving"
    )
    return mock


def at(mock, order):
    return mock.execute("track", {"order": {"id": order}}).body["at"]


def test_entities_do_not_share_a_state(mock):
    assert [at(mock, "1"), at(mock, "1"), at(mock, "2")] == ["depot", "road", "depot"]
    assert mock.scenario("parcel").state_of("2") == "moving"
    assert mock.scenario("parcel").state_of("3") == "started"


def test_an_input_without_the_key_is_refused(mock):
    result = mock.execute("track", {"order": {}})

    assert (result.status_code, result.body["code"]) == (400, "scenario-key-missing")


def test_a_step_may_ask_for_members_and_leave_the_answer_to_the_next_layer():
    mock = ToolMock()
    mock.handler("pay")(lambda _: {"paid": True})
    mock.scenario("card", key="/card").on("pay", then="used", when={"amount": "1.00"}).on(
        "pay", MockResponse(402), in_state="used"
    )

    answers = [mock.execute("pay", {"card": "c", "amount": amount}) for amount in ("2.00", "1.00")]

    assert [answer.body for answer in answers] == [{"paid": True}] * 2
    assert mock.execute("pay", {"card": "c", "amount": "2.00"}).status_code == 402


@pytest.mark.parametrize("key", ["escrow_id", "input", "input.", "input..a", ""])
def test_a_key_that_is_no_place_in_the_input_is_refused(key):
    with pytest.raises(ValueError, match="key is input"):
        ToolMock().scenario("s", key=key)


def test_a_limit_is_for_its_tools_only():
    """m6"""
    mock = ToolMock(clock=VirtualClock())
    for tool in ("a", "b"):
        mock.set_response(tool, MockResponse())
    mock.rate_limit(1, 10, tools=["a"])
    mock.rate_limit(3, 10)

    assert [mock.execute(tool, {}).status_code for tool in "aabbb"] == [200, 429, 200, 200, 429]


def test_a_bucket_fills_as_the_clock_goes_on():
    """m6"""
    clock = VirtualClock()
    mock = ToolMock(clock=clock)
    mock.set_response("a", MockResponse())
    mock.rate_limit(2, 10)
    seen = []
    for seconds in (0, 0, 0, 4, 1, 0, 100, 0, 0):
        clock.advance(seconds)
        seen.append(mock.execute("a", {}).status_code)

    assert seen == [200, 200, 429, 429, 200, 429, 200, 200, 429]


@pytest.mark.parametrize(
    ("burst", "per_seconds", "tools", "named"),
    [
        (0, 1, (), "burst"),
        (True, 1, (), "burst"),
        (1.5, 1, (), "burst"),
        (1, 0, (), "per_seconds"),
        (1, float("nan"), (), "per_seconds"),
        (1, float("inf"), (), "per_seconds"),
        (1, 1, "trakc", "did you mean 'track'"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(mock, burst, per_seconds, tools, named):
    with pytest.raises(ValueError, match=named):
        mock.rate_limit(burst, per_seconds, tools)


def test_a_state_without_a_step_is_not_called_an_unknown_tool():
    """E2"""
    mock = ToolMock()
    mock.scenario("parcel", key="input.order_id").on("track", MockResponse(), then="lost")
    mock.execute("track", {"order_id": "1"})

    with pytest.warns(MockMisused, match="nor a step of a scenario is met"):
        assert mock.execute("track", {"order_id": "1"}).status_code == 404
