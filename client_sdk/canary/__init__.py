"""Canary deployments: two arms, one router, and a judge that may be asked at any time."""

from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.controller import CanaryController
from client_sdk.canary.criteria import (
    Decision,
    Limits,
    Snapshot,
    Verdict,
    check_rollback_criteria,
    take_snapshot,
)
from client_sdk.canary.deploying import deploy_canary
from client_sdk.canary.draining import DrainResult, graceful_rollback
from client_sdk.canary.forwarding import Forwarder
from client_sdk.canary.gates import GateAnswer, GateOpinion
from client_sdk.canary.lifecycle import GateRefused
from client_sdk.canary.machine import IllegalTransition, Phase, State
from client_sdk.canary.metrics import CanaryMetrics
from client_sdk.canary.monitoring import monitor_canary_via_greenhelix
from client_sdk.canary.proxy import RunningProxy, serve_canary
from client_sdk.canary.store import FileStore

__all__ = [
    "CanaryConfig",
    "CanaryController",
    "CanaryMetrics",
    "Decision",
    "DrainResult",
    "FileStore",
    "Forwarder",
    "GateAnswer",
    "GateOpinion",
    "GateRefused",
    "IllegalTransition",
    "Limits",
    "Phase",
    "RunningProxy",
    "Snapshot",
    "State",
    "Verdict",
    "check_rollback_criteria",
    "deploy_canary",
    "graceful_rollback",
    "monitor_canary_via_greenhelix",
    "serve_canary",
    "take_snapshot",
]
