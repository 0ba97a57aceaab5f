"""The guide's example flow: two keys, two clients, one deployment from start to end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from client_sdk.canary.config import CanaryConfig
from client_sdk.canary.controller import CanaryController
from client_sdk.canary.running import run
from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Executes, ToolClient
from client_sdk.exchange.budget import SANDBOX_URL, bearer

STABLE_AGENT: Final = "agent-stable"
CANARY_AGENT: Final = "agent-canary"


def deploy_canary(  # noqa: PLR0913 - the guide's two; the rest is keyword-only
    stable_api_key: str,
    canary_api_key: str,
    *,
    base_url: str = SANDBOX_URL,
    canary_url: str | None = None,
    config: CanaryConfig | None = None,
    traffic: Callable[[CanaryController], object] | None = None,
    clients: tuple[Executes, Executes] | None = None,
    clock: Clock | None = None,
) -> dict[str, Any]:
    """Try a new version beside the one that serves, to the end, and give the result.

    Args:
        stable_api_key: Key of the agent that serves now.
        canary_api_key: Key of the agent that is tried.
        base_url: Where stable is.
        canary_url: Where the canary is, when it is elsewhere.
        config: The plan; the guide's own by default.
        traffic: Called with the controller before each evaluation, to route calls; without it
            nothing is seen, and the result is inconclusive.
        clients: Stable's and the canary's, instead of clients for the addresses.
        clock: Waits.

    Returns:
        What `CanaryController.run_deployment` gives.
    """
    stable, canary = clients or (
        ToolClient(base_url, headers=bearer(stable_api_key)),
        ToolClient(canary_url or base_url, headers=bearer(canary_api_key)),
    )
    plan = config or CanaryConfig(STABLE_AGENT, CANARY_AGENT)
    return run(_controller(plan, stable, canary, clock=clock, traffic=traffic))


def _controller(
    plan: CanaryConfig,
    stable: Executes,
    canary: Executes,
    *,
    clock: Clock | None,
    traffic: Callable[[CanaryController], object] | None,
) -> CanaryController:
    """A controller that lets the traffic in before each evaluation."""

    def route(event: str, _: JsonObject) -> None:
        if event == "poll" and traffic is not None:
            traffic(controller)

    controller = CanaryController(plan, stable, canary, clock=clock, hooks=(route,))
    return controller
