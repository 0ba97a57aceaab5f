"""Tallystick's client: the contract kernel, the command line and the toolkit.

The names below are the toolkit's. Each is loaded when it is first asked for, so importing the
package, or the kernel inside it, loads no HTTP stack.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

__version__ = "0.1.0"

_NAMES_BY_MODULE: Final = {
    "client_sdk.bench": "AgentBenchmark BenchmarkResult",
    "client_sdk.canary": (
        "CanaryConfig CanaryController CanaryMetrics DrainResult check_rollback_criteria "
        "deploy_canary graceful_rollback monitor_canary_via_greenhelix"
    ),
    "client_sdk.chaos": (
        "ChaosConfig ChaosInjector FailureMode FaultProxy Toxic run_experiment "
        "Always Every FirstN Nth Ramp Window "
        "scenario_agent_dies_mid_escrow scenario_webhook_double_delivery "
        "scenario_schema_drift_between_versions scenario_latency_spike_during_payment "
        "scenario_lost_confirmation scenario_partition_during_settlement "
        "scenario_race_on_listing scenario_retry_storm scenario_cascade "
        "scenario_slow_drip scenario_stall_mid_body"
    ),
    "client_sdk.clock": "SystemClock VirtualClock",
    "client_sdk.exchange": (
        "BudgetExceeded BudgetGuard Evidence Exchange Result Scrubber ToolMapping "
        "configure_test_budget"
    ),
    "client_sdk.exchange.mcp": "McpClient",
    "client_sdk.harness": "AgentTestHarness Cassette CassetteEntry CassetteMismatch Timeout",
    "client_sdk.mock": (
        "GreenHelixMock MockResponse ToolMock create_failing_mock create_funded_mock "
        "create_rate_limited_mock create_timeout_mock"
    ),
    "client_sdk.validator": (
        "AgentContract ContractValidator ContractViolation Severity ToolContract"
    ),
}
_MODULE_OF: Final = {
    name: module for module, names in _NAMES_BY_MODULE.items() for name in names.split()
}

__all__ = ["__version__"]


def __getattr__(name: str) -> object:
    """Load a public name from the module it lives in."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    """List the public names too, though none is loaded yet."""
    return sorted({*globals(), *_MODULE_OF})
