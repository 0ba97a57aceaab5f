"""Chaos: calls that fail on purpose, the same way for the same seed.

`ChaosInjector` wraps a client and breaks its calls in process. `FaultProxy` breaks the wire
itself, for a client in any language. Scenarios put an agent through a failure and check the money.
"""

from client_sdk.chaos.config import ChaosConfig
from client_sdk.chaos.decisions import Decision
from client_sdk.chaos.drift import DriftOperator, Label, drifts_of
from client_sdk.chaos.events import ChaosEvent
from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.modes import FailureMode, Phase, WireFault
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.chaos.proxy import FaultProxy, Toxic
from client_sdk.chaos.reporting import InjectionsMissing
from client_sdk.chaos.schedules import Always, Every, FirstN, Nth, Ramp, Window

__all__ = [
    "Always",
    "ChaosConfig",
    "ChaosEvent",
    "ChaosInjector",
    "Decision",
    "DriftOperator",
    "Every",
    "FailureMode",
    "FaultProxy",
    "FirstN",
    "InjectionsMissing",
    "Label",
    "NotApplicable",
    "Nth",
    "Phase",
    "Ramp",
    "Toxic",
    "Window",
    "WireFault",
    "drifts_of",
]
