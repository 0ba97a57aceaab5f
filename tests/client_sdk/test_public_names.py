"""`from client_sdk import …` gives every public name of the toolkit, and only when asked."""

import subprocess
import sys

import pytest

import client_sdk

GUIDE = [
    "AgentTestHarness",
    "Cassette",
    "CassetteEntry",
    "GreenHelixMock",
    "MockResponse",
    "create_funded_mock",
    "create_failing_mock",
    "create_rate_limited_mock",
    "create_timeout_mock",
    "ChaosInjector",
    "ChaosConfig",
    "FailureMode",
    "scenario_agent_dies_mid_escrow",
    "scenario_webhook_double_delivery",
    "scenario_schema_drift_between_versions",
    "scenario_latency_spike_during_payment",
    "ContractValidator",
    "ContractViolation",
    "Severity",
    "ToolContract",
    "AgentContract",
    "AgentBenchmark",
    "BenchmarkResult",
    "CanaryController",
    "CanaryConfig",
    "CanaryMetrics",
    "graceful_rollback",
    "monitor_canary_via_greenhelix",
    "check_rollback_criteria",
    "configure_test_budget",
    "BudgetGuard",
    "deploy_canary",
]

# What the arguments of the classes above are made of.
PARTS = ["Always", "Every", "FirstN", "Nth", "Ramp", "Window", "Toxic", "Timeout"]


@pytest.mark.parametrize("name", [*GUIDE, *PARTS])
def test_every_name_of_the_guide_is_there(name):
    """G1."""
    assert getattr(client_sdk, name).__name__ == name


@pytest.mark.parametrize("name", sorted(client_sdk._MODULE_OF))
def test_every_listed_name_exists_where_it_is_listed(name):
    assert getattr(client_sdk, name) is not None
    assert name in dir(client_sdk)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="AgentTestHarnes"):
        _ = client_sdk.AgentTestHarnes


def test_importing_the_package_and_the_kernel_loads_no_http_stack():
    code = (
        "import sys, client_sdk, client_sdk.contract\n"
        "client_sdk.contract.parse_contract\n"
        "heavy = {'requests', 'urllib3', 'http.client', 'rich', 'click', 'mcp', 'flask'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
