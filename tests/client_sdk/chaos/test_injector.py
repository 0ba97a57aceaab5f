import threading

import pytest
from awaiting import awaited

from client_sdk.chaos import (
    ChaosConfig,
    ChaosInjector,
    Every,
    FailureMode,
    FirstN,
    InjectionsMissing,
    Nth,
    Ramp,
    Window,
)
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result
from client_sdk.mock import GreenHelixMock


class Gateway:
    """Answers every call, and remembers it."""

    def __init__(self, body=None):
        self.body = {"status": "pending", "amount": "10.00"} if body is None else body
        self.calls = []

    def execute(self, tool, input_data):
        self.calls.append((tool, input_data))
        return Result(200, self.body, {"content-type": "application/json"})


def an_injector(*configs, client=None, seed=42, **options):
    chaos = ChaosInjector(client or Gateway(), seed, clock=VirtualClock(1000.0), **options)
    for config in configs:
        chaos.add_chaos(config)
    return chaos


def outcomes(chaos, calls, tool="get_balance"):
    found = []
    for _ in range(calls):
        try:
            found.append(chaos.execute(tool, {}).status_code)
        except (TimeoutError, ConnectionError) as error:
            found.append(type(error).__name__)
    return found


def test_the_modes_have_the_guides_values():
    """C1"""
    assert [mode.value for mode in FailureMode][:8] == [
        *("latency", "timeout", "partial_response", "wrong_status"),
        *("corrupt_body", "schema_drift", "connection_reset", "duplicate_response"),
    ]


def test_the_configuration_has_the_guides_names_order_and_defaults():
    """C2"""
    given = ChaosConfig(FailureMode.LATENCY)
    assert (given.probability, given.target_tools, given.latency_ms, given.timeout_ms) == (
        *(1.0, []),
        *(5000, 30000),
    )
    assert (given.corrupt_fields, given.drift_schema) == ([], {})
    by_position = ChaosConfig(FailureMode.CORRUPT_BODY, 0.5, ["a"], 1, 2, ["b"], {"c": 3})
    assert by_position.target_tools == ["a"]
    assert by_position.corrupt_fields == ["b"]
    assert by_position.drift_schema == {"c": 3}


def test_the_injector_takes_a_client_and_a_seed_by_position():
    """C3"""
    gateway = Gateway()
    chaos = ChaosInjector(gateway, 7)

    assert (chaos.wrapped_client, chaos.seed) == (gateway, 7)


def test_without_a_seed_one_is_chosen_and_can_be_read():
    assert ChaosInjector(Gateway()).seed != ChaosInjector(Gateway()).seed


def test_pause_resume_log_count_and_reset_do_what_they_say():
    """C4"""
    chaos = an_injector(ChaosConfig(FailureMode.WRONG_STATUS, statuses=[503]))

    chaos.execute("t", {})
    chaos.pause()
    assert chaos.execute("t", {}).status_code == 200
    chaos.resume()
    assert chaos.execute("t", {}).status_code == 503
    assert chaos.get_injection_count() == 2
    assert [event["call_number"] for event in chaos.get_event_log()] == [1, 3]
    chaos.reset()
    assert chaos.get_event_log() == []
    assert chaos.execute("t", {}).status_code == 200


def test_latency_waits_on_the_clock_and_then_answers():
    """C5"""
    chaos = an_injector(ChaosConfig(FailureMode.LATENCY, latency_ms=250))

    result = chaos.execute("t", {})

    assert (result.status_code, chaos.clock.monotonic(), result.latency_ms) == (200, 0.25, 250)


def test_a_timeout_waits_as_long_as_the_caller_and_raises():
    """C5"""
    chaos = an_injector(ChaosConfig(FailureMode.TIMEOUT, timeout_ms=30000))

    with pytest.raises(TimeoutError, match="call 1, seed 42; the call took effect"):
        chaos.execute("t", {})
    assert chaos.clock.monotonic() == 30.0


def test_a_reset_raises_a_connection_error():
    """C5"""
    with pytest.raises(ConnectionError):
        an_injector(ChaosConfig(FailureMode.CONNECTION_RESET)).execute("t", {})


def test_a_wrong_status_is_one_of_the_four_by_default():
    """C5"""
    chaos = an_injector(ChaosConfig(FailureMode.WRONG_STATUS))

    assert set(outcomes(chaos, 60)) == {500, 502, 503, 504}


def test_an_event_says_when_where_what_and_whether():
    """C6"""
    chaos = an_injector(ChaosConfig(FailureMode.WRONG_STATUS, id="broken"))
    chaos.execute("get_balance", {})

    assert chaos.get_event_log() == [
        {
            "timestamp": 1000.0,
            "tool": "get_balance",
            "failure_mode": "wrong_status",
            "applied": True,
            "reason": "",
            "phase": "after",
            "config_id": "broken",
            "call_number": 1,
        }
    ]
    assert chaos.get_event_log()[0].failure_mode == FailureMode.WRONG_STATUS


def test_the_log_loses_nothing_between_threads():
    """C6"""
    chaos = an_injector(ChaosConfig(FailureMode.WRONG_STATUS))
    threads = [threading.Thread(target=outcomes, args=(chaos, 50)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    events = chaos.get_event_log()
    assert sorted(event.call_number for event in events) == list(range(1, 201))
    assert chaos.get_injection_count() == 200


def test_it_works_over_a_mock_and_over_plain_dicts():
    """C7"""

    class Plain:
        def execute(self, *_):
            return {"status_code": 200, "body": {"a": 1}, "headers": {}}

    config = ChaosConfig(FailureMode.SCHEMA_DRIFT, drift_schema={"b": 2})
    assert an_injector(config, client=Plain()).execute("t", {})["body"] == {"a": 1, "b": 2}
    chaos = an_injector(config, client=GreenHelixMock())
    assert chaos.execute("get_balance", {"agent_id": "a"})["body"]["b"] == 2


def test_a_fixed_seed_repeats_a_run_and_another_seed_makes_another():
    """C11"""
    config = ChaosConfig(FailureMode.WRONG_STATUS, probability=0.5)

    assert outcomes(an_injector(config), 50) == outcomes(an_injector(config), 50)
    assert outcomes(an_injector(config), 50) != outcomes(an_injector(config, seed=43), 50)


@pytest.mark.parametrize("seed", range(5))
def test_more_than_half_of_a_hundred_calls_get_through_the_guides_gate(seed):
    """C12"""
    chaos = an_injector(
        ChaosConfig(FailureMode.WRONG_STATUS, probability=0.3),
        ChaosConfig(FailureMode.LATENCY, probability=0.2, latency_ms=2000),
        seed=seed,
    )

    assert outcomes(chaos, 100).count(200) > 50


def test_the_phase_decides_whether_the_money_moved():
    """c1"""
    for phase, status in (("before", "pending"), ("after", "released")):
        sandbox = GreenHelixMock()
        sandbox.execute("deposit", {"agent_id": "a", "amount": "10.00"})
        escrow = sandbox.execute("create_escrow", {"payer": "a", "payee": "b", "amount": "10.00"})
        chaos = an_injector(ChaosConfig("connection_reset", phase=phase), client=sandbox)

        with pytest.raises(ConnectionError):
            chaos.execute("release_escrow", {"escrow_id": escrow.body["escrow_id"]})

        found = sandbox.execute("get_escrow", {"escrow_id": escrow.body["escrow_id"]})
        assert found.body["status"] == status
        assert chaos.get_event_log()[0].phase == phase


def test_both_phases_are_a_pair_of_a_lost_request_and_a_lost_answer():
    """c1"""
    gateway = Gateway()
    chaos = an_injector(ChaosConfig("timeout", phase="both", timeout_ms=1), client=gateway)

    assert outcomes(chaos, 2) == ["TimeoutError", "TimeoutError"]
    assert len(gateway.calls) == 1
    assert [event.phase for event in chaos.get_event_log()] == ["before", "after"]


@pytest.mark.parametrize("mode", ["timeout", "connection_reset", "lost_request", "lost_response"])
def test_a_fault_that_raises_is_logged_and_counted(mode):
    """c2"""
    chaos = an_injector(ChaosConfig(mode))
    outcomes(chaos, 1)

    assert chaos.get_injection_count() == 1
    assert chaos.get_event_log()[0].applied is True


def test_an_event_is_in_the_log_while_the_fault_acts():
    """c2"""
    seen = []

    class Spying(VirtualClock):
        def sleep(self, _):
            seen.extend(chaos.get_event_log())

    chaos = ChaosInjector(Gateway(), 1, clock=Spying())
    chaos.add_chaos(ChaosConfig("latency"))
    chaos.execute("t", {})

    assert [(event.applied, event.reason) for event in seen] == [(False, "in progress")]


def test_a_decision_does_not_depend_on_other_configurations_order_or_threads():
    """c7"""
    flaky = ChaosConfig("wrong_status", probability=0.4, target_tools=["t"])
    alone = outcomes(an_injector(flaky), 40, "t")

    crowded = an_injector(ChaosConfig("latency", 0.5), ChaosConfig("bandwidth", 0.5), flaky)
    for number in range(40):
        crowded.execute(f"other-{number}", {})
    assert outcomes(crowded, 40, "t") == alone

    threaded = an_injector(flaky)
    threads = [threading.Thread(target=outcomes, args=(threaded, 10, "t")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {event.call_number for event in threaded.get_event_log()} == {
        number for number, status in enumerate(alone, 1) if status != 200
    }


def test_calls_made_in_a_pause_use_up_their_numbers():
    """c7"""
    flaky = ChaosConfig("wrong_status", probability=0.5)
    alone = outcomes(an_injector(flaky), 30)
    chaos = an_injector(flaky)
    chaos.pause()
    outcomes(chaos, 10)
    chaos.resume()

    assert outcomes(chaos, 20) == alone[10:]


def test_a_larger_probability_strikes_whom_the_smaller_one_struck():
    few = an_injector(ChaosConfig("wrong_status", probability=0.2))
    many = an_injector(ChaosConfig("wrong_status", probability=0.6))
    outcomes(few, 50)
    outcomes(many, 50)

    struck = [{event.call_number for event in chaos.get_event_log()} for chaos in (few, many)]
    assert struck[0] < struck[1]


def test_each_tool_has_decisions_of_its_own():
    """c7"""
    chaos = an_injector(ChaosConfig("wrong_status", probability=0.5))
    struck = [
        {each.call_number for each in chaos.decisions(tool, 40) if each.strikes} for tool in "ab"
    ]

    assert struck[0] != struck[1]


def test_reset_begins_anew_in_every_respect():
    """c8"""
    flaky = ChaosConfig("wrong_status", probability=0.5)
    chaos = an_injector(flaky)
    first = outcomes(chaos, 20)
    chaos.pause()
    chaos.reset()
    chaos.add_chaos(flaky)

    assert outcomes(chaos, 20) == first


def test_probability_nothing_strikes_nothing():
    """c8"""
    chaos = an_injector(ChaosConfig("timeout", probability=0))

    assert outcomes(chaos, 200) == [200] * 200
    assert chaos.get_event_log() == []


@pytest.mark.parametrize(
    ("schedule", "struck"),
    [
        (FirstN(2), [1, 2]),
        (Nth(3), [3]),
        (Every(3), [3, 6, 9]),
        (Window(4, 6), [4, 5, 6]),
        (Ramp(over=3, start=0.0, end=1.0), [3, 4, 5, 6, 7, 8, 9, 10]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_schedule_says_which_calls_are_struck(schedule, struck):
    """c12"""
    chaos = an_injector(ChaosConfig("wrong_status", schedule=schedule))
    outcomes(chaos, 10)

    numbers = [event.call_number for event in chaos.get_event_log()]
    assert [each for each in numbers if each != 2] == [each for each in struck if each != 2]


def test_a_schedule_counts_each_tool_for_itself():
    """c12"""
    chaos = an_injector(ChaosConfig("wrong_status", schedule=FirstN(1)))

    assert outcomes(chaos, 2, "a")[1] == 200
    assert outcomes(chaos, 2, "b")[0] != 200


def test_a_match_on_the_input_strikes_only_those_calls():
    chaos = an_injector(
        ChaosConfig("wrong_status", match={"payer": "a", "/terms/days": 3}, statuses=[500])
    )

    assert chaos.execute("t", {"payer": "a", "terms": {"days": 3}}).status_code == 500
    assert chaos.execute("t", {"payer": "b", "terms": {"days": 3}}).status_code == 200
    assert chaos.execute("t", {"payer": "a"}).status_code == 200


def test_a_match_may_be_a_function():
    chaos = an_injector(ChaosConfig("wrong_status", match=lambda tool, _: tool == "a"))

    assert [outcomes(chaos, 1, tool)[0] == 200 for tool in "ab"] == [False, True]


def test_no_more_injections_than_allowed():
    chaos = an_injector(ChaosConfig("wrong_status", max_injections=2, statuses=[500]))

    assert outcomes(chaos, 4) == [500, 500, 200, 200]


def test_a_configuration_ends_with_its_time():
    """c15"""
    chaos = an_injector(ChaosConfig("wrong_status", ttl_s=60, statuses=[500]))

    assert outcomes(chaos, 1) == [500]
    chaos.clock.advance(60)
    assert outcomes(chaos, 1) == [200]


def test_a_failure_names_the_seed_and_one_command_that_repeats_it():
    """c14"""
    with pytest.raises(InjectionsMissing) as failed:
        an_injector(ChaosConfig("latency", probability=0)).assert_injected()

    assert "seed 42, again with: CHAOS_SEED=42 python -m pytest" in str(failed.value)
    assert "test_a_failure_names_the_seed" in str(failed.value)


def test_the_block_stops_injecting_at_its_end():
    """c15"""
    with an_injector(ChaosConfig("wrong_status")) as chaos:
        assert outcomes(chaos, 1) != [200]

    assert outcomes(chaos, 1) == [200]


def test_a_configuration_that_met_no_call_is_an_error_at_the_end():
    """c17"""
    config = ChaosConfig("timeout", target_tools=["get_balanse"])

    with (
        pytest.raises(InjectionsMissing, match="did you mean 'get_balance'"),
        an_injector(config) as chaos,
    ):
        outcomes(chaos, 3)


def test_an_error_of_the_test_itself_is_not_covered_up():
    """c17"""
    config = ChaosConfig("timeout", target_tools=["never"])

    with pytest.raises(KeyError), an_injector(config):
        raise KeyError("the test's own")


def test_an_assertion_about_injections_says_why_there_were_none():
    """c17"""
    chaos = an_injector(ChaosConfig("corrupt_body", corrupt_fields=["nowhere"]))
    outcomes(chaos, 2)

    with pytest.raises(InjectionsMissing, match="2 x nowhere is not in the body"):
        chaos.assert_injected()
    with pytest.raises(AssertionError):
        chaos.assert_injected(min=1)


def test_a_misspelt_tool_is_refused_when_there_is_a_contract():
    """c17"""
    contract = {
        "consumer": "buyer",
        "producer": "gateway",
        "tools": [
            {"tool_name": "get_balance", "version": "1", "input_schema": {}, "output_schema": {}}
        ],
    }
    chaos = an_injector(contract=contract)

    with pytest.raises(ValueError, match="'get_balanse' is unknown; did you mean 'get_balance'"):
        chaos.add_chaos(ChaosConfig("timeout", target_tools=["get_balanse"]))
    assert outcomes(chaos, 1) == [200]


def test_decisions_are_what_the_run_does():
    """c7"""
    chaos = an_injector(ChaosConfig("wrong_status", probability=0.3, id="flaky"))
    foretold = [each.call_number for each in chaos.decisions("t", 30) if each.strikes]
    outcomes(chaos, 30, "t")

    assert [event.call_number for event in chaos.get_event_log()] == foretold
    assert next(each for each in chaos.decisions() if each.strikes).config_id == "flaky"


def test_when_the_call_itself_fails_nothing_was_injected():
    class Broken:
        def execute(self, *_):
            raise ConnectionError("really down")

    chaos = an_injector(ChaosConfig("corrupt_body", corrupt_fields=["a"]), client=Broken())

    assert outcomes(chaos, 1) == ["ConnectionError"]
    assert chaos.get_injection_count() == 0
    assert chaos.get_event_log()[0].reason == "the call itself failed: really down"


def test_the_awaited_twin_is_struck_as_well():
    chaos = an_injector(ChaosConfig("wrong_status", statuses=[503]))

    assert awaited(chaos.aexecute("t", {})).status_code == 503


def test_injecting_holds_for_the_block_only():
    chaos = an_injector()
    with chaos.injecting(ChaosConfig("wrong_status", statuses=[500])):
        assert outcomes(chaos, 1) == [500]
    assert outcomes(chaos, 1) == [200]


def test_two_configurations_of_one_id_are_refused():
    chaos = an_injector(ChaosConfig("latency", id="one"))

    with pytest.raises(ValueError, match="id='one' is taken"):
        chaos.add_chaos(ChaosConfig("timeout", id="one"))


def test_equal_configurations_decide_each_for_itself():
    chaos = an_injector(ChaosConfig("latency", 0.5), ChaosConfig("latency", 0.5))
    struck = {}
    for each in chaos.decisions("t", 40):
        struck.setdefault(each.config_id, []).append(each.strikes)

    first, second = struck.values()
    assert first != second
