"""Chaos: calls that fail on purpose, the same way for the same seed.

`ChaosInjector` wraps a client and breaks its calls in process. `FaultProxy` breaks the wire
itself, for a client in any language. Scenarios put an agent through a failure and check the money.
"""

from client_sdk.chaos.config import ChaosConfig
from client_sdk.chaos.decisions import Decision
from client_sdk.chaos.drift import DriftOperator, Label, drifts_of
from client_sdk.chaos.events import ChaosEvent
from client_sdk.chaos.experiments import ExperimentRefused, Journal, run_experiment
from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.modes import FailureMode, Phase, WireFault
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.chaos.proxy import FaultProxy, Toxic
from client_sdk.chaos.reporting import InjectionsMissing
from client_sdk.chaos.resilience import ResilienceMatrix, resilience_matrix
from client_sdk.chaos.scenarios import (
    Agent,
    Check,
    GaveUp,
    Payment,
    ScenarioFailed,
    ScenarioReport,
    WorldUnfit,
    ambiguity_pair,
    careful_buyer,
    scenario_agent_dies_mid_escrow,
    scenario_cascade,
    scenario_latency_spike_during_payment,
    scenario_lost_confirmation,
    scenario_partition_during_settlement,
    scenario_race_on_listing,
    scenario_retry_storm,
    scenario_schema_drift_between_versions,
    scenario_slow_drip,
    scenario_stall_mid_body,
    scenario_webhook_double_delivery,
)
from client_sdk.chaos.schedules import Always, Every, FirstN, Nth, Ramp, Window
from client_sdk.chaos.webhooks import WebhookTarget

__all__ = [
    "Agent",
    "Always",
    "ChaosConfig",
    "ChaosEvent",
    "ChaosInjector",
    "Check",
    "Decision",
    "DriftOperator",
    "Every",
    "ExperimentRefused",
    "FailureMode",
    "FaultProxy",
    "FirstN",
    "GaveUp",
    "InjectionsMissing",
    "Journal",
    "Label",
    "NotApplicable",
    "Nth",
    "Payment",
    "Phase",
    "Ramp",
    "ResilienceMatrix",
    "ScenarioFailed",
    "ScenarioReport",
    "Toxic",
    "WebhookTarget",
    "Window",
    "WireFault",
    "WorldUnfit",
    "ambiguity_pair",
    "careful_buyer",
    "drifts_of",
    "resilience_matrix",
    "run_experiment",
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
