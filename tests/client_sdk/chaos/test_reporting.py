import pytest

import client_sdk
from client_sdk.chaos import ChaosConfig, ChaosEvent, ChaosInjector, InjectionsMissing
from client_sdk.chaos.reporting import reproduction
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
