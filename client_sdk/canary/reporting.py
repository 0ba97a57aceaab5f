"""What a controller says about itself: evidence for machines, sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.hearing import LONGEST_MS
from client_sdk.canary.running import outcome_of
from client_sdk.contract.canonical import digest_of
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Evidence, EvidenceKind

if TYPE_CHECKING:
    from client_sdk.canary.controller import CanaryController


def evidence(controller: CanaryController, *, version: str, commit: str | None) -> Evidence:
    """Give the deployment as one piece of evidence about the canary's agent."""
    config, traffic = controller.config, controller.traffic
    numbers: JsonObject = {
        "state": str(controller.state),
        "weight": controller.current_weight,
        "rollback_reason": controller.reason,
        "canary_metrics": traffic.all_canary.snapshot(),
        "stable_metrics": traffic.all_stable.snapshot(),
        "evidence": traffic.judge.numbers(),
        "steps": [*controller.steps],
    }
    return Evidence(
        EvidenceKind.CANARY,
        outcome_of(controller),
        config.canary_agent_id,
        version or config.canary_agent_id,
        numbers=numbers,
        inputs={"plan": digest_of(config.to_json())},
        seed=config.seed,
        commit=commit,
    )


def explained(controller: CanaryController) -> str:
    """Say where it stands, both arms' numbers, and the evidence, a line each."""
    traffic = controller.traffic
    lines = [f"{controller.state} at {controller.current_weight:g} % ({controller.phase})"]
    if controller.reason:
        lines.append(f"rolled back: {controller.reason}")
    for name, arm in (("canary", traffic.all_canary), ("stable", traffic.all_stable)):
        lines.append(
            f"{name}: {arm.requests_total} calls, {arm.error_rate:.2%} errors, "
            f"{arm.refusal_rate:.2%} refusals, p95 {arm.p95_latency_ms:.0f} ms"
        )
    lines += traffic.judge.explain()
    return "\n".join(lines)


def bound_ms(client: object, config: CanaryConfig) -> float:
    """Give how long a client waits at most, if it says so; else the latency that counts as harm."""
    timeout = getattr(client, "timeout", None)
    seconds = getattr(timeout, "total", timeout)
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return config.latency_threshold_ms
    # A client that waits for ever has no bound, and an infinite number cannot be kept.
    return seconds * 1000 if 0 <= seconds * 1000 <= LONGEST_MS else config.latency_threshold_ms
