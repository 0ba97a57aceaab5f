"""Canary deployments: two arms, one router, and a judge that may be asked at any time."""

from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.controller import CanaryController
from client_sdk.canary.draining import DrainResult, graceful_rollback
from client_sdk.canary.gates import GateAnswer, GateOpinion
from client_sdk.canary.lifecycle import GateRefused
from client_sdk.canary.machine import IllegalTransition, Phase, State
from client_sdk.canary.metrics import CanaryMetrics
from client_sdk.canary.store import FileStore

__all__ = [
    "CanaryConfig",
    "CanaryController",
    "CanaryMetrics",
    "DrainResult",
    "FileStore",
    "GateAnswer",
    "GateOpinion",
    "GateRefused",
    "IllegalTransition",
    "Phase",
    "State",
    "graceful_rollback",
]
