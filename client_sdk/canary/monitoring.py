"""Both arms as the gateway sees them: healthy, unhealthy, or not known."""

from __future__ import annotations

from typing import Any, Final

from client_sdk.canary.asking import Said, ask
from client_sdk.canary.rates import highest_rate
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Executes, ToolClient
from client_sdk.exchange.budget import SANDBOX_URL, bearer

WINDOW_SECONDS: Final = 300
LEAST_REQUESTS: Final = 20
HIGHEST_ERROR_RATE: Final = 0.05
TIMES_STABLE: Final = 2
ALPHA: Final = 0.01


def monitor_canary_via_greenhelix(  # noqa: PLR0913 - the guide's three; the rest is keyword-only
    api_key: str,
    stable_agent_id: str,
    canary_agent_id: str,
    *,
    base_url: str = SANDBOX_URL,
    window_seconds: int = WINDOW_SECONDS,
    least_requests: int = LEAST_REQUESTS,
    client: Executes | None = None,
) -> dict[str, Any]:
    """Compare what the gateway has counted for both agents.

    Returns:
        `stable` and `canary`, each with `error_rate`, `mean_latency_ms` and `requests` (None where
        nothing is known); `canary_healthy`, which is None when it cannot be said; and `reasons`.

    Example:
        >>> from client_sdk.exchange import Result
        >>> class Silent:
        ...     def execute(self, tool, input_data):
        ...         return Result(503)
        >>> seen = monitor_canary_via_greenhelix("", "v1", "v2", client=Silent())
        >>> seen["canary_healthy"] is None
        True
    """
    asked = client or ToolClient(base_url, headers=bearer(api_key))
    said = {
        arm: ask(asked, "get_metrics", {"agent_id": agent_id, "window_seconds": window_seconds})
        for arm, agent_id in (("stable", stable_agent_id), ("canary", canary_agent_id))
    }
    arms = {arm: _numbers(answer) for arm, answer in said.items()}
    reasons = [
        f"{arm}: {answer.fault or 'the answer holds no numbers'}"
        for arm, answer in said.items()
        if arms[arm]["requests"] is None
    ]
    healthy: bool | None = None
    if not reasons:
        healthy, reasons = _judged(arms["canary"], arms["stable"], least_requests)
    return {**arms, "canary_healthy": healthy, "reasons": reasons}


def _numbers(said: Said) -> dict[str, Any]:
    counted = said.traffic()
    if counted is None:
        return {"requests": None, "errors": None, "error_rate": None, "mean_latency_ms": None}
    requests, errors = counted
    latency = said.number("mean_latency_ms")
    numbers: JsonObject = {
        "requests": int(requests),
        "errors": round(errors),
        "error_rate": float(errors / requests) if requests else None,
        "mean_latency_ms": None if latency is None else float(latency),
    }
    return numbers


def _judged(
    canary: dict[str, Any], stable: dict[str, Any], least: int
) -> tuple[bool | None, list[str]]:
    """Judge once: too many errors, or more than twice what stable's true rate can be."""
    few = [
        f"{name}: {arm['requests']} requests; {max(least, 1)} are needed"
        for name, arm in (("canary", canary), ("stable", stable))
        if arm["requests"] < max(least, 1)
    ]
    if few:
        return None, few
    rate = canary["error_rate"]
    if rate > HIGHEST_ERROR_RATE:
        return False, [f"canary: {rate:.2%} errors; at most {HIGHEST_ERROR_RATE:.2%}"]
    bound = highest_rate(stable["errors"], stable["requests"], alpha=ALPHA)
    if rate > TIMES_STABLE * bound:
        return False, [f"canary: {rate:.2%} errors, more than twice what stable can have"]
    return True, []
