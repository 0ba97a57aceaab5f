"""The programmable mock: what a test sets up is what it gets, and the log tells."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from awaiting import awaited

from client_sdk import GreenHelixMock, MockResponse, ToolMock, VirtualClock
from client_sdk.errors import Unreachable
from client_sdk.mock import MockMisused, NoAnswer
from client_sdk.mock.call_log import CallLog, LoggedCall


@pytest.fixture
def mock():
    return GreenHelixMock(clock=VirtualClock(start=1_700_000_000))


def statuses(mock, tool, times, input_data=None):
    return [
        mock.execute(tool, input_data or {"agent_id": "a"})["status_code"] for _ in range(times)
    ]


def test_a_response_has_the_guides_defaults():
    """M1"""
    first, second = MockResponse(), MockResponse()

    assert (first.status_code, first.body, first.headers, first.delay_ms) == (
        200,
        {},
        {"content-type": "application/json"},
        0,
    )
    assert first.body is not second.body


def test_a_mock_is_made_without_arguments_and_simulates():
    """M2"""
    assert GreenHelixMock().execute("get_balance", {"agent_id": "a"})["body"]["balance"] == "0.00"


def test_a_set_response_wins_over_the_simulated_tool(mock):
    """M3, m3"""
    mock.set_response("create_escrow", MockResponse(503, {"down": True}))

    result = mock.execute("create_escrow", {"payer": "a", "payee": "b", "amount": "1.00"})

    assert (result["status_code"], result["body"]) == (503, {"down": True})


def test_a_balance_is_set_exactly(mock):
    """M4"""
    mock.set_balance("a", "30.00")
    mock.set_balance("a", "12.50")
    mock.set_balance("a", "7.00", "EUR")

    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "12.50"
    assert (
        mock.execute("get_balance", {"agent_id": "a", "currency": "EUR"}).body["balance"] == "7.00"
    )
    mock.assert_ledger_balanced()


@pytest.mark.parametrize("balance", [10, 1.5, "-1.00", "NaN", "1.234", "", None])
def test_a_balance_that_is_no_decimal_string_is_refused(mock, balance):
    """m8"""
    with pytest.raises(ValueError, match="decimal string"):
        mock.set_balance("a", balance)


def test_a_currency_has_three_letters(mock):
    with pytest.raises(ValueError, match="three capital letters"):
        mock.set_balance("a", "1.00", "dollars")


def test_an_injected_error_is_the_next_answer_of_any_tool(mock):
    """M5"""
    mock.inject_error(503)

    failed = mock.execute("get_balance", {"agent_id": "a"})

    assert failed.status_code == 503
    assert failed.body == {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    assert mock.execute("get_balance", {"agent_id": "a"}).status_code == 200


def test_an_error_may_name_its_tool_body_headers_times_and_delay(mock):
    """m9"""
    mock.inject_error(429, {}, tool="deposit", times=2, headers={"retry-after": "5"}, delay_ms=1500)

    assert mock.execute("get_balance", {"agent_id": "a"}).status_code == 200
    refused = mock.execute("deposit", {"agent_id": "a", "amount": "1.00"})
    assert (refused.status_code, refused.body, refused.latency_ms) == (429, {}, 1500)
    assert refused.headers == {"content-type": "application/json", "retry-after": "5"}
    assert mock.clock.monotonic() == 1.5
    assert statuses(mock, "deposit", 2, {"agent_id": "a", "amount": "1.00"}) == [429, 200]


def test_errors_are_counted(mock):
    """M6"""
    mock.inject_errors(2, 500, tool="get_balance")

    assert statuses(mock, "get_balance", 3) == [500, 500, 200]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"status_code": 99}, "status_code"),
        ({"status_code": True}, "status_code"),
        ({"status_code": 500, "times": 0}, "times"),
        ({"status_code": 500, "times": True}, "times"),
        ({"status_code": 500, "delay_ms": -1}, "delay_ms"),
        ({"status_code": 500, "tool": "creat_escrow"}, "did you mean 'create_escrow'"),
    ],
)
def test_an_error_that_cannot_be_meant_is_refused(mock, arguments, named):
    with pytest.raises(ValueError, match=named):
        mock.inject_error(**arguments)


def test_every_call_is_logged_with_its_time(mock):
    """M7"""
    mock.execute("get_balance", {"agent_id": "a"})

    assert mock.get_call_log() == [
        {
            "tool": "get_balance",
            "input": {"agent_id": "a"},
            "timestamp": 1_700_000_000.0,
            "status_code": 200,
            "answered_by": "simulation",
            "rejected": None,
        }
    ]


def test_each_layer_gives_way_to_the_one_before(mock):
    """M7, m3: error, response, scenario, handler, simulation, 404"""
    ask = {"agent_id": "a"}
    mock.inject_error(500)
    mock.set_response("get_balance", MockResponse(body={"by": "response"}), times=1)
    mock.scenario("s", key="input.agent_id").on(
        "get_balance", MockResponse(body={"by": "scenario"}), then="done"
    )
    mock.handler("get_balance")(lambda _: {"by": "handler"})

    for _ in range(4):
        mock.execute("get_balance", ask)
    mock.execute("get_identity", ask)

    assert [call["answered_by"] for call in mock.get_call_log()] == [
        "error",
        "response",
        "scenario",
        "handler",
        "refusal",
    ]


def test_an_unknown_tool_is_loud(mock):
    """M7, m4"""
    with pytest.warns(MockMisused, match="did you mean 'list_escrows'"):
        result = mock.execute("list_escrow", {"agent_id": "a"})

    assert (result.status_code, result.body["code"]) == (404, "tool-unknown")
    mock.execute("get_balance", {"agent_id": "a"})
    with pytest.raises(AssertionError, match="misused before"):
        mock.assert_called("get_balance")
    mock.assert_called("list_escrow", times=1)


def test_a_lenient_mock_only_answers_404():
    mock = GreenHelixMock(strict=False)

    assert mock.execute("list_escrow", {}).status_code == 404
    mock.assert_called("deposit", times=0)
    mock.assert_called("depositt", times=0)


def test_never_called_is_a_claim(mock):
    """m5"""
    mock.assert_called("deposit", times=0)
    mock.execute("deposit", {"agent_id": "a", "amount": "1.00"})

    with pytest.raises(AssertionError, match="deposit should have been called 0 times"):
        mock.assert_called("deposit", times=0)


def test_a_misspelt_tool_is_never_confirmed(mock):
    """m5"""
    with pytest.raises(AssertionError, match="did you mean 'deposit'"):
        mock.assert_called("depositt", times=0)


def test_calls_are_asserted_by_number_and_input(mock):
    """M13, m5"""
    mock.execute("deposit", {"agent_id": "a", "amount": "1.00", "note": {"x": 1, "y": 2}})
    mock.execute("deposit", {"agent_id": "b", "amount": "1.00"})

    mock.assert_called("deposit")
    mock.assert_called("deposit", 2)
    mock.assert_called("deposit", at_least=2, at_most=2)
    mock.assert_called("deposit", 1, with_input={"note": {"x": 1}})
    mock.assert_called("deposit", 1, with_input=lambda given: given["agent_id"] == "b")
    for arguments, said in (
        ({"times": 1}, "1 times, was called 2"),
        ({"at_least": 3}, "at least 3"),
        ({"at_most": 1}, "at most 1"),
        ({"with_input": {"agent_id": "c"}}, "at least 1 times with that input, was called 0"),
    ):
        with pytest.raises(AssertionError, match=said):
            mock.assert_called("deposit", **arguments)


def test_calls_are_told_apart_by_tool(mock):
    """M13"""
    mock.execute("get_balance", {"agent_id": "a"})
    mock.execute("deposit", {"agent_id": "a", "amount": "1.00"})

    assert [call["tool"] for call in mock.get_calls_for_tool("deposit")] == ["deposit"]
    assert len(mock.get_call_log()) == 2


def test_what_a_test_changes_afterwards_does_not_reach_the_mock(mock):
    """m10"""
    body, given = {"items": [1]}, {"agent_id": "a", "more": [1]}
    mock.set_response("search_services", MockResponse(body=body))
    body["items"].append(2)
    first = mock.execute("search_services", given)
    first.body["items"].append(3)
    given["more"].append(2)
    mock.get_call_log()[0]["input"]["more"].append(3)

    assert mock.execute("search_services", given).body == {"items": [1]}
    assert mock.get_call_log()[0]["input"] == {"agent_id": "a", "more": [1]}


def test_a_reset_forgets_everything(mock):
    """M13, m11"""
    mock.set_balance("a", "5.00")
    mock.set_response("deposit", MockResponse(500))
    mock.inject_error(500)
    mock.rate_limit(1, 60)
    mock.no_answer(["get_escrow"], 10)
    mock.handler("get_identity")(lambda _: {})
    mock.scenario("s")
    mock.execute("get_balance", {"agent_id": "a"})

    mock.reset()

    assert mock.get_call_log() == []
    assert statuses(mock, "get_balance", 2) == [200, 200]
    assert mock.execute("deposit", {"agent_id": "b", "amount": "1.00"}).status_code == 200
    assert mock.execute("get_escrow", {"escrow_id": "esc_1"}).status_code == 404
    assert mock.execute("get_identity", {"agent_id": "a"}).status_code == 404
    assert mock.books()["wallets"] == [{"agent_id": "b", "currency": "USD", "balance": "1.00"}]


def test_a_reset_keeps_what_is_named(mock):
    """m11"""
    mock.set_balance("a", "5.00")
    mock.set_response("deposit", MockResponse(500))
    mock.rate_limit(2, 60)
    assert statuses(mock, "get_balance", 3) == [200, 200, 429]

    mock.reset(keep={"state", "responses", "limits", "log"})

    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "5.00"
    assert mock.execute("deposit", {"agent_id": "a", "amount": "1.00"}).status_code == 500
    assert mock.execute("get_balance", {"agent_id": "a"}).status_code == 429
    assert len(mock.get_call_log()) == 6


def test_a_misspelt_part_to_keep_is_refused(mock):
    with pytest.raises(ValueError, match="keep names respones; the parts are errors"):
        mock.reset(keep="respones")


def test_a_snapshot_is_put_back_however_often(mock):
    mock.set_balance("a", "50.00")
    mock.inject_error(500, tool="deposit")
    mock.scenario("s", key="input.agent_id").on("get_identity", MockResponse(204), then="seen")
    before = mock.snapshot()

    for _ in range(2):
        assert mock.execute("deposit", {"agent_id": "a", "amount": "1.00"}).status_code == 500
        made = mock.execute("create_escrow", {"payer": "a", "payee": "b", "amount": "20.00"})
        assert (made.status_code, made.body["escrow_id"]) == (200, "esc_000001")
        assert mock.execute("get_identity", {"agent_id": "a"}).status_code == 204
        assert mock.execute("get_identity", {"agent_id": "a"}).status_code == 404
        mock.restore(before)

    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "50.00"
    assert mock.get_call_log()[0]["tool"] == "get_balance"


def test_a_key_that_was_used_after_the_snapshot_is_free_again(mock):
    """m12"""
    before = mock.snapshot()
    for amount in ("1.00", "2.00"):
        once = {"agent_id": "a", "amount": amount, "idempotency_key": "k"}
        assert mock.execute("deposit", once).status_code == 200
        mock.restore(before)


def test_responses_have_conditions_numbers_and_priorities(mock):
    mock.set_response("get_identity", MockResponse(body={"who": "anybody"}))
    mock.set_response("get_identity", MockResponse(body={"who": "a"}), when={"agent_id": "a"})
    mock.set_response("get_identity", MockResponse(body={"who": "once"}), times=1)
    mock.set_response("get_identity", MockResponse(body={"who": "first"}), times=1, priority=1)

    answers = [mock.execute("get_identity", {"agent_id": "a"}).body["who"] for _ in range(4)]

    assert answers == ["first", "once", "a", "a"]
    assert mock.execute("get_identity", {"agent_id": "b"}).body["who"] == "anybody"


@pytest.mark.parametrize("times", [0, -1, True, 1.5])
def test_a_response_is_given_at_least_once(mock, times):
    with pytest.raises(ValueError, match="times is a whole number above zero"):
        mock.set_response("deposit", MockResponse(), times=times)


def test_a_response_is_a_mock_response(mock):
    with pytest.raises(TypeError, match="response is a MockResponse, not dict"):
        mock.set_response("deposit", {"status_code": 200})


def test_a_handler_gets_a_copy_of_the_input_and_gives_a_body_or_a_response():
    mock = ToolMock()

    @mock.handler("count")
    def count(input_data):
        input_data["seen"] = True
        return MockResponse(201, {"n": len(input_data)})

    assert mock.execute("count", {"a": 1}).status_code == 201
    assert mock.get_call_log()[0]["input"] == {"a": 1}


def test_a_handler_that_fails_fails_the_call_and_is_logged():
    mock = ToolMock()
    mock.handler("broken")(lambda given: given["missing"])

    with pytest.raises(KeyError):
        mock.execute("broken", {})

    assert mock.get_call_log()[0]["answered_by"] == "exception"


def test_silence_is_what_a_callers_own_timeout_looks_like(mock):
    """m7"""
    mock.no_answer(["deposit"], after_ms=30_000)

    with pytest.raises(TimeoutError, match="deposit did not answer within 30000 ms"):
        mock.execute("deposit", {"agent_id": "a", "amount": "1.00"})

    assert mock.clock.monotonic() == 30.0
    assert mock.get_call_log()[0] | {"timestamp": 0} == {
        "tool": "deposit",
        "input": {"agent_id": "a", "amount": "1.00"},
        "timestamp": 0,
        "status_code": None,
        "answered_by": "no-answer",
        "rejected": "deposit did not answer within 30000 ms",
    }
    assert mock.books()["wallets"] == []


@pytest.mark.parametrize(("tools", "after_ms"), [(["depositt"], 1), (["deposit"], -1)])
def test_silence_that_cannot_be_meant_is_refused(mock, tools, after_ms):
    with pytest.raises(ValueError):
        mock.no_answer(tools, after_ms)


def test_an_agent_takes_the_mock_by_injection(mock):
    """M17"""

    class Agent:
        def __init__(self, api):
            self.api = api

        def can_pay(self, amount):
            return self.api.execute("get_balance", {"agent_id": "a"})["body"]["balance"] >= amount

    mock.set_balance("a", "10.00")

    assert Agent(api=mock).can_pay("09.00") is True


def test_a_call_may_be_awaited(mock):
    result = awaited(mock.aexecute("get_balance", {"agent_id": "a"}))

    assert result.status_code == 200


def test_calls_at_once_are_all_logged(mock):
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda _: mock.execute("deposit", {"agent_id": "a", "amount": "0.01"}), range(200)
            )
        )

    mock.assert_called("deposit", times=200)
    assert mock.execute("get_balance", {"agent_id": "a"}).body["balance"] == "2.00"


def test_no_answer_is_both_unreachable_and_a_timeout():
    assert issubclass(NoAnswer, Unreachable)
    assert issubclass(NoAnswer, TimeoutError)


def test_a_log_that_left_calls_out_confirms_nothing(monkeypatch):
    monkeypatch.setattr("client_sdk.mock.call_log.LONGEST_LOG", 1)
    log = CallLog()
    for _ in range(2):
        log.add(LoggedCall("t", {}, 0.0, 200, "response"))

    with pytest.raises(AssertionError, match="left out 1 calls"):
        log.copied().assert_called("t", 2, at_least=None, at_most=None, with_input=None)


def test_a_failed_assertion_shows_the_calls(mock):
    for number in range(7):
        mock.execute("get_balance", {"agent_id": f"a{number}"})

    with pytest.raises(AssertionError, match=r'\{"agent_id": "a0"\} → 200\n.*') as failed:
        mock.assert_called("get_balance", times=1)
    assert "… and 2 more" in str(failed.value)


def test_a_response_that_is_used_up_is_said_to_be():
    """m5"""
    mock = ToolMock()
    mock.set_response("ping", MockResponse(503), times=1)
    mock.execute("ping", {})
    with pytest.warns(MockMisused, match="every response set for 'ping' was given"):
        assert mock.execute("ping", {}).status_code == 404


def test_a_negative_delay_is_refused():
    """m9"""
    with pytest.raises(ValueError, match="delay_ms is not negative"):
        ToolMock().set_response("ping", MockResponse(delay_ms=-1))


def test_only_a_snapshot_is_restored():
    with pytest.raises(TypeError, match="snapshot is what snapshot"):
        ToolMock().restore({})


@pytest.mark.parametrize("seed", ["x", 1.5, True, None])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(TypeError, match="seed is a whole number"):
        GreenHelixMock(seed=seed)


def test_what_is_no_call_is_refused_by_name():
    deep = []
    for _ in range(5000):
        deep = [deep]
    mock = ToolMock()
    with pytest.raises(ValueError, match="input_data is nested too deeply"):
        mock.execute("ping", deep)
    with pytest.raises(TypeError, match="tool is the name of a tool"):
        mock.execute({"tool": "ping"}, {})
    assert mock.get_call_log() == []
