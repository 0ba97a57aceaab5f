"""The stages of the delivery pipeline, in order, as data: from lint to watching a canary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from client_sdk.pipeline import steps
from client_sdk.pipeline.stage import Project, Stage, Step

Steps = Callable[[Project], tuple[Step, ...]]

_PLAN: Final[tuple[tuple[Stage, Steps], ...]] = (
    (
        Stage(
            "lint",
            "style, types and the contract files, without a network",
            budget_seconds=10,
            timeout_minutes=5,
        ),
        steps.lint,
    ),
    (
        Stage(
            "unit",
            "the agent against mocks in its own process",
            budget_seconds=30,
            timeout_minutes=5,
            needs=("lint",),
        ),
        steps.unit,
    ),
    (
        Stage(
            "integration",
            "the agent against recordings; no key, no network",
            budget_seconds=120,
            timeout_minutes=10,
            needs=("unit",),
        ),
        steps.integration,
    ),
    (
        Stage(
            "contract",
            "contracts published and verified, so that the broker can decide",
            budget_seconds=120,
            timeout_minutes=10,
            needs=("integration",),
        ),
        steps.contract,
    ),
    (
        Stage(
            "chaos",
            "the agent while calls fail, stall and answer twice; on main only",
            budget_seconds=300,
            timeout_minutes=15,
            needs=("integration",),
            main_only=True,
        ),
        steps.chaos,
    ),
    (
        Stage(
            "benchmark",
            "latency and errors against the sandbox, with a capped test wallet",
            budget_seconds=300,
            timeout_minutes=15,
            needs=("integration",),
            main_only=True,
        ),
        steps.benchmark,
    ),
    (
        Stage(
            "can-i-deploy",
            "the broker's decision, for staging and production",
            budget_seconds=180,
            timeout_minutes=10,
            needs=("contract", "chaos", "benchmark"),
            main_only=True,
        ),
        steps.can_i_deploy,
    ),
    (
        Stage(
            "staging",
            "deployed to staging, and smoke tests there",
            budget_seconds=180,
            timeout_minutes=10,
            needs=("can-i-deploy",),
            main_only=True,
            environment="staging",
        ),
        steps.staging,
    ),
    (
        Stage(
            "canary",
            "a share of production first, all of it only when nothing got worse",
            budget_seconds=2400,
            timeout_minutes=60,
            needs=("staging",),
            main_only=True,
            environment="production",
        ),
        steps.canary,
    ),
    (
        Stage(
            "watch",
            "production watched after the deployment, and put back when it got worse",
            budget_seconds=600,
            timeout_minutes=15,
            needs=("canary",),
            main_only=True,
            reports_of="canary",
            environment="production",
        ),
        steps.watch,
    ),
)


def stages_of(project: Project) -> tuple[Stage, ...]:
    """Give the stages for a project; a producer verifies, a consumer publishes."""
    return tuple(replace(stage, steps=steps_of(project)) for stage, steps_of in _PLAN)
