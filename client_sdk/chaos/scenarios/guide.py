"""The guide's four scenarios, each with an agent under test and invariants that can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.scenarios.agents import Agent, Payment
from client_sdk.chaos.scenarios.report import ScenarioReport
from client_sdk.chaos.scenarios.stage import Mortal, ScenarioOptions, Stage, performed
from client_sdk.chaos.webhooks import WEBHOOK, WebhookTarget
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Executes

SETTLING = ("create_escrow", "release_escrow")


def scenario_agent_dies_mid_escrow(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Let the agent die between creating and releasing an escrow, and start it again.

    Args:
        harness: the unbroken way to the service; None or the injector itself mean what it wraps.
        chaos: the injector around that service.
        agent: a function or an object with `run`, called with a client and a `Payment`.
        options: `payment`, `budget`, `wait_ms`, `deadline_s`, `raise_as`; see `Options`.

    Raises:
        ScenarioFailed: money was paid twice, or stays locked.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        fatal = stage.config("connection_reset", "release_escrow", phase="before", max_injections=1)
        with stage.chaos.injecting(fatal):
            stage.act(payments[0], Mortal)

    return performed(scenario_agent_dies_mid_escrow, (harness, chaos, agent), options, story)


def scenario_webhook_double_delivery(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Tell the agent twice that the work of an escrow was delivered; it may release it once.

    The agent is called with a `Payment` that has an `escrow_id`, once per delivery. Arguments and
    errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        escrow_id = _held(stage, payments[0])
        held = replace(payments[0], escrow_id=escrow_id)

        def receive(_: JsonObject) -> None:
            stage.act(held)

        twice = stage.config("duplicate_request", match=lambda tool, _: tool == WEBHOOK)
        with stage.chaos.injecting(twice):
            event: JsonObject = {"id": f"evt-{held.reference}", "escrow_id": escrow_id}
            stage.chaos.execute_on(WebhookTarget(receive), WEBHOOK, event)

    return performed(scenario_webhook_double_delivery, (harness, chaos, agent), options, story)


def scenario_schema_drift_between_versions(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Answer as the next version would: `state` for `status`, and members nobody asked for.

    The agent may manage or stop; it may not pay twice, nor lose money on the way. Arguments and
    errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        drift = stage.config("schema_drift", *SETTLING, drift_schema={"api_version": "2.0"})
        with stage.chaos.injecting(drift):
            stage.act(payments[0])

    return performed(
        scenario_schema_drift_between_versions, (harness, chaos, agent), options, story
    )


def scenario_latency_spike_during_payment(
    harness: Executes | None,
    chaos: ChaosInjector,
    agent: Agent | None = None,
    **options: Unpack[ScenarioOptions],
) -> ScenarioReport:
    """Answer late: first beyond the agent's own patience, then slowly; a retry may not pay twice.

    Arguments and errors are those of `scenario_agent_dies_mid_escrow`.
    """

    def story(stage: Stage, payments: Sequence[Payment]) -> None:
        too_late = stage.config("timeout", "create_escrow", phase="after", max_injections=1)
        slow = stage.config("latency", *SETTLING, phase="after")
        with stage.chaos.injecting(too_late, slow):
            stage.act(payments[0])

    return performed(scenario_latency_spike_during_payment, (harness, chaos, agent), options, story)


def _held(stage: Stage, payment: Payment) -> str:
    """Hold the money of a payment, past all chaos."""
    escrow = stage.world.ask(
        "create_escrow",
        {
            "payer": payment.payer,
            "payee": payment.payee,
            "amount": payment.amount,
            "currency": payment.currency,
            "idempotency_key": f"{payment.reference}-create",
        },
    )
    return str(escrow["escrow_id"])
