"""Scenarios: an agent goes through a failure, and the money is counted afterwards."""

from client_sdk.chaos.scenarios.agents import Agent, GaveUp, Payment, careful_buyer
from client_sdk.chaos.scenarios.ambiguity import ambiguity_pair
from client_sdk.chaos.scenarios.guide import (
    scenario_agent_dies_mid_escrow,
    scenario_latency_spike_during_payment,
    scenario_schema_drift_between_versions,
    scenario_webhook_double_delivery,
)
from client_sdk.chaos.scenarios.invariants import WorldUnfit
from client_sdk.chaos.scenarios.promised import (
    scenario_cascade,
    scenario_lost_confirmation,
    scenario_partition_during_settlement,
    scenario_race_on_listing,
    scenario_retry_storm,
    scenario_slow_drip,
    scenario_stall_mid_body,
)
from client_sdk.chaos.scenarios.report import Check, ScenarioFailed, ScenarioReport

__all__ = [
    "Agent",
    "Check",
    "GaveUp",
    "Payment",
    "ScenarioFailed",
    "ScenarioReport",
    "WorldUnfit",
    "ambiguity_pair",
    "careful_buyer",
    "scenario_agent_dies_mid_escrow",
    "scenario_cascade",
    "scenario_latency_spike_during_payment",
    "scenario_lost_confirmation",
    "scenario_partition_during_settlement",
    "scenario_race_on_listing",
    "scenario_retry_storm",
    "scenario_schema_drift_between_versions",
    "scenario_slow_drip",
    "scenario_stall_mid_body",
    "scenario_webhook_double_delivery",
]
