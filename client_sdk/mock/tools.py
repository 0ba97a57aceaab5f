"""The gateway's money tools: each reads its input, does one thing, and says what it did."""

from __future__ import annotations

from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.bank import PENDING, Escrow
from client_sdk.mock.budgets import BudgetCap, check_budget
from client_sdk.mock.inputs import Inputs
from client_sdk.mock.money import written
from client_sdk.mock.world import World

PAGE: Final = 100
LARGEST_PAGE: Final = 500


def create_wallet(world: World, inputs: Inputs) -> JsonObject:
    """Open a wallet for an agent; 409 when it has one."""
    agent_id, currency = inputs.name("agent_id"), inputs.currency()
    inputs.check()
    if world.bank.has_wallet(agent_id):
        raise ToolRefused(409, "wallet-exists", f"{agent_id} has a wallet.")
    world.bank.open_wallet(agent_id, currency)
    stamp = world.now()
    return {"agent_id": agent_id, "balance": "0.00", "currency": currency, "created_at": stamp}


def deposit(world: World, inputs: Inputs) -> JsonObject:
    """Bring money in from outside."""
    agent_id, amount, currency = inputs.name("agent_id"), inputs.amount(), inputs.currency()
    inputs.check()
    balance = world.bank.deposit(agent_id, amount, currency)
    return {
        "agent_id": agent_id,
        "deposited": written(amount),
        "balance": written(balance),
        "currency": currency,
    }


def get_balance(world: World, inputs: Inputs) -> JsonObject:
    """Say what an agent has, and what its pending escrows hold; an unknown one has nothing."""
    agent_id, currency = inputs.name("agent_id"), inputs.currency()
    inputs.check()
    return {
        "agent_id": agent_id,
        "balance": written(world.bank.balance(agent_id, currency)),
        "held": written(world.bank.held(agent_id, currency)),
        "currency": currency,
    }


def create_escrow(world: World, inputs: Inputs) -> JsonObject:
    """Hold money of the payer for the payee; 402 when it has not enough."""
    payer, payee = inputs.name("payer"), inputs.name("payee")
    amount, currency = inputs.amount(), inputs.currency()
    lifetime, memo = inputs.seconds("expires_in_seconds"), inputs.optional_text("memo")
    inputs.check()
    check_budget(world.caps, world.bank, payer, amount, currency)
    now = world.clock.time()
    escrow = Escrow(
        escrow_id=world.bank.next_escrow_id(),
        payer=payer,
        payee=payee,
        amount=amount,
        currency=currency,
        status=PENDING,
        stamps=(("created_at", world.now()),),
        expires_at=None if lifetime is None else now + lifetime,
        memo=memo,
        created=now,
    )
    return world.bank.hold(escrow).to_json()


def release_escrow(world: World, inputs: Inputs) -> JsonObject:
    """Pay the payee; only the payer may, and only while it is pending."""
    escrow = _pending(world, inputs)
    return world.bank.settle(escrow, "released", to=escrow.payee).to_json()


def cancel_escrow(world: World, inputs: Inputs) -> JsonObject:
    """Give the money back to the payer; only the payer may, and only while it is pending."""
    escrow = _pending(world, inputs)
    return world.bank.settle(escrow, "cancelled", to=escrow.payer).to_json()


def get_escrow(world: World, inputs: Inputs) -> JsonObject:
    """Show one escrow."""
    escrow_id = inputs.name("escrow_id")
    inputs.check()
    return world.bank.escrow(escrow_id).to_json()


def list_escrows(world: World, inputs: Inputs) -> JsonObject:
    """Show the escrows, oldest first, of one agent or of one status if asked, page by page.

    `next_cursor` is there when more follow; it is given back as `cursor`.
    """
    agent_id, status = inputs.optional_name("agent_id"), inputs.optional_name("status")
    limit, cursor = inputs.count("limit", PAGE, most=LARGEST_PAGE), inputs.optional_name("cursor")
    inputs.check()
    found = [
        escrow
        for escrow in _after(world.bank.escrows(), cursor)
        if (agent_id is None or agent_id in {escrow.payer, escrow.payee})
        and (status is None or status == escrow.status)
    ]
    page: list[JsonValue] = [escrow.to_json() for escrow in found[:limit]]
    answer: JsonObject = {"escrows": page, "count": len(page)}
    return answer | ({"next_cursor": found[limit - 1].escrow_id} if len(found) > limit else {})


def set_budget_cap(world: World, inputs: Inputs) -> JsonObject:
    """Cap what an agent may put into escrow; a cap that is left out is lifted."""
    agent_id, currency = inputs.name("agent_id"), inputs.currency()
    cap = BudgetCap(
        inputs.optional_amount("per_transaction"),
        inputs.optional_amount("daily"),
        inputs.optional_amount("monthly"),
    )
    if not cap.to_json():
        inputs.fault("daily", "or monthly or per_transaction is required")
    inputs.check()
    world.caps[agent_id, currency] = cap
    return {"agent_id": agent_id, **cap.to_json(), "currency": currency, "set_at": world.now()}


def _after(escrows: list[Escrow], cursor: str | None) -> list[Escrow]:
    if cursor is None:
        return escrows
    for index, escrow in enumerate(escrows):
        if escrow.escrow_id == cursor:
            return escrows[index + 1 :]
    raise ToolRefused(422, "cursor-unknown", f"There is no escrow {cursor} to go on after.")


def _pending(world: World, inputs: Inputs) -> Escrow:
    escrow_id, agent_id = inputs.name("escrow_id"), inputs.optional_name("agent_id")
    inputs.check()
    escrow = world.bank.escrow(escrow_id)
    if agent_id is not None and agent_id != escrow.payer:
        raise ToolRefused(403, "not-the-payer", f"{agent_id} is not the payer of {escrow_id}.")
    if escrow.status != PENDING:
        raise ToolRefused(
            409,
            "escrow-not-pending",
            f"The escrow {escrow_id} is {escrow.status}.",
            escrow_status=escrow.status,
        )
    return escrow
