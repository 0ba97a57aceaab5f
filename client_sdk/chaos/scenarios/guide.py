"""The guide's four scenarios, each with an agent under test and invariants that can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from client_sdk.chaos.scenarios.agents import Payment
from client_sdk.chaos.scenarios.stage import Mortal, Stage, scenario
from client_sdk.chaos.webhooks import WEBHOOK, WebhookTarget
from client_sdk.contract.values import JsonObject

SETTLING: Final = ("create_escrow", "release_escrow")


@scenario()
def scenario_agent_dies_mid_escrow(stage: Stage, payments: Sequence[Payment]) -> None:
    """Let the agent die between creating and releasing an escrow, and start it again."""
    fatal = stage.config("connection_reset", "release_escrow", phase="before", max_injections=1)
    with stage.breaking(fatal):
        stage.act(payments[0], Mortal)


@scenario()
def scenario_webhook_double_delivery(stage: Stage, payments: Sequence[Payment]) -> None:
    """Tell the agent twice that the work of an escrow was delivered; it may release it once.

    The agent is called with a `Payment` that has an `escrow_id`, once per delivery.
    """
    escrow_id = _held(stage, payments[0])
    held = replace(payments[0], escrow_id=escrow_id)
    twice = stage.config("duplicate_request", match=lambda tool, _: tool == WEBHOOK)
    with stage.breaking(twice):
        event: JsonObject = {"id": f"evt-{held.reference}", "escrow_id": escrow_id}
        receiver = WebhookTarget(lambda _: stage.act(held))
        stage.chaos.execute_on(receiver, WEBHOOK, event)


@scenario()
def scenario_schema_drift_between_versions(stage: Stage, payments: Sequence[Payment]) -> None:
    """Answer as the next version would: `state` for `status`, and members nobody asked for.

    The agent may manage or stop; it may not pay twice, nor lose money on the way.
    """
    drift = stage.config("schema_drift", *SETTLING, drift_schema={"api_version": "2.0"})
    with stage.breaking(drift):
        stage.act(payments[0])


@scenario()
def scenario_latency_spike_during_payment(stage: Stage, payments: Sequence[Payment]) -> None:
    """Answer beyond the agent's patience, then slowly: a retry may not pay twice."""
    too_late = stage.config("timeout", "create_escrow", phase="after", max_injections=1)
    slow = stage.config("latency", *SETTLING, phase="after")
    with stage.breaking(too_late, slow):
        stage.act(payments[0])


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
