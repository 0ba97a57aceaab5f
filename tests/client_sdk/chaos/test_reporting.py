import pytest

import client_sdk
from client_sdk.chaos import ChaosConfig, ChaosEvent, ChaosInjector, InjectionsMissing
from client_sdk.chaos.reporting import reproduction
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result
from client_sdk.mock import GreenHelixMock


def test_inside_a_test_the_command_runs_this_test():
    """c14"""
    environ = {"PYTEST_CURRENT_TEST": "tests/test_shop.py::test_pay[a b] (call)"}

    assert reproduction(7, environ) == (
        "CHAOS_SEED=7 python -m pytest 'tests/test_shop.py::test_pay[a b]'"
    )


def test_elsewhere_the_seed_is_what_repeats_a_run():
    """c14"""
    assert reproduction(7, {}) == "ChaosInjector(client, seed=7)"


def test_a_run_without_calls_says_that_nothing_was_called():
    """c17"""
    chaos = ChaosInjector(GreenHelixMock(), 7)
    chaos.add_chaos(ChaosConfig("latency", id="slow"))

    with pytest.raises(InjectionsMissing) as failed:
        chaos.assert_matched()

    lines = str(failed.value).splitlines()
    assert lines[1] == "  slow (latency on all tools)"
    assert lines[2] == "Called were: no tool at all."


def test_an_event_has_no_other_members():
    with pytest.raises(AttributeError, match="severity"):
        _ = ChaosEvent(tool="t").severity


@pytest.mark.parametrize(
    "name",
    [
        *("ChaosConfig", "ChaosInjector", "FailureMode", "FaultProxy", "run_experiment"),
        *("scenario_agent_dies_mid_escrow", "scenario_webhook_double_delivery"),
        *("scenario_schema_drift_between_versions", "scenario_latency_spike_during_payment"),
        *("scenario_lost_confirmation", "scenario_partition_during_settlement"),
        *("scenario_race_on_listing", "scenario_retry_storm", "scenario_cascade"),
    ],
)
def test_the_names_are_those_of_the_sdk(name):
    """G1, C8"""
    assert getattr(client_sdk, name).__module__.startswith("client_sdk.chaos")


def watched(*configs, answers=None):
    """An injector, and what its log said while the call itself was being made."""
    seen = []

    class Client:
        def execute(self, tool, input_data):
            seen.extend(chaos.get_event_log())
            if answers is None:
                raise KeyError(tool, input_data)
            return answers

    chaos = ChaosInjector(Client(), 1, clock=VirtualClock())
    for config in configs:
        chaos.add_chaos(config)
    return chaos, seen


def test_a_fault_of_the_answer_is_written_down_before_the_call_is_made():
    """c2"""
    chaos, seen = watched(ChaosConfig("wrong_status"), answers=Result(200, {}))
    chaos.execute("get_balance", {})
    assert [(each.applied, each.reason) for each in seen] == [(False, "in progress")]
    assert [each.applied for each in chaos.get_event_log()] == [True]


def test_no_event_stays_open_when_the_call_or_another_fault_raises():
    """c2"""
    chaos, _ = watched(ChaosConfig("wrong_status"))
    with pytest.raises(KeyError):
        chaos.execute("get_balance", {})
    assert [(each.applied, each.reason) for each in chaos.get_event_log()] == [
        (False, "the call itself failed: ('get_balance', {})")
    ]

    chaos, _ = watched(
        ChaosConfig("timeout"),
        ChaosConfig("wrong_status", max_injections=1),
        answers=Result(200, {}),
    )
    with pytest.raises(TimeoutError):
        chaos.execute("get_balance", {})
    assert [(each.applied, each.reason) for each in chaos.get_event_log()] == [
        (True, ""),
        (False, "an earlier fault ended the call"),
    ]


@pytest.mark.parametrize("given", ["latency", {"failure_mode": "latency"}, None])
def test_what_is_no_configuration_is_refused_by_name(given):
    """c8"""
    with pytest.raises(TypeError, match="config is a ChaosConfig, not"):
        watched(given)


@pytest.mark.parametrize("argument", [{"match": 5}, {"drift_schema": [1]}, {"drift_schema": None}])
def test_members_are_given_by_their_names(argument):
    """c8"""
    with pytest.raises(ValueError, match=f"{next(iter(argument))}=.* must be a dict"):
        ChaosConfig("latency", **argument)
