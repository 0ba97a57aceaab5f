"""The gateway's tools: each reads its input, does one thing to the bank, and says what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from client_sdk.clock import timestamp_of
from client_sdk.contract.values import JsonObject
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.bank import PENDING, Bank, Escrow
from client_sdk.mock.inputs import Inputs
from client_sdk.mock.money import written


def create_wallet(bank: Bank, inputs: Inputs) -> JsonObject:
    """Open a wallet for an agent; 409 when it has one."""
    agent_id, currency = inputs.name("agent_id"), inputs.currency()
    inputs.check()
    if bank.has_wallet(agent_id):
        raise ToolRefused(409, "wallet-exists", f"{agent_id} has a wallet.")
    bank.open_wallet(agent_id, currency)
    stamp = timestamp_of(bank.clock)
    return {"agent_id": agent_id, "balance": "0.00", "currency": currency, "created_at": stamp}


def deposit(bank: Bank, inputs: Inputs) -> JsonObject:
    """Bring money in from outside."""
    agent_id, amount, currency = inputs.name("agent_id"), inputs.amount(), inputs.currency()
    inputs.check()
    balance = bank.deposit(agent_id, amount, currency)
    return {
        "agent_id": agent_id,
        "deposited": written(amount),
        "balance": written(balance),
        "currency": currency,
    }


def get_balance(bank: Bank, inputs: Inputs) -> JsonObject:
    """Say what an agent has; an unknown agent has nothing."""
    agent_id, currency = inputs.name("agent_id"), inputs.currency()
    inputs.check()
    balance = written(bank.balance(agent_id, currency))
    return {"agent_id": agent_id, "balance": balance, "currency": currency}


def create_escrow(bank: Bank, inputs: Inputs) -> JsonObject:
    """Hold money of the payer for the payee; 402 when it has not enough."""
    payer, payee = inputs.name("payer"), inputs.name("payee")
    amount, currency = inputs.amount(), inputs.currency()
    lifetime, memo = inputs.seconds("expires_in_seconds"), inputs.optional_text("memo")
    inputs.check()
    escrow = Escrow(
        escrow_id=bank.next_escrow_id(),
        payer=payer,
        payee=payee,
        amount=amount,
        currency=currency,
        status=PENDING,
        stamps=(("created_at", timestamp_of(bank.clock)),),
        expires_at=None if lifetime is None else bank.clock.time() + lifetime,
        memo=memo,
    )
    return bank.hold(escrow).to_json()


def release_escrow(bank: Bank, inputs: Inputs) -> JsonObject:
    """Pay the payee; only the payer may, and only while it is pending."""
    escrow = _pending(bank, inputs)
    return bank.settle(escrow, "released", to=escrow.payee).to_json()


def cancel_escrow(bank: Bank, inputs: Inputs) -> JsonObject:
    """Give the money back to the payer; only the payer may, and only while it is pending."""
    escrow = _pending(bank, inputs)
    return bank.settle(escrow, "cancelled", to=escrow.payer).to_json()


def get_escrow(bank: Bank, inputs: Inputs) -> JsonObject:
    """Show one escrow."""
    escrow_id = inputs.name("escrow_id")
    inputs.check()
    return bank.escrow(escrow_id).to_json()


def list_escrows(bank: Bank, inputs: Inputs) -> JsonObject:
    """Show the escrows, oldest first, of one agent or of one status if asked."""
    agent_id, status = inputs.optional_name("agent_id"), inputs.optional_name("status")
    inputs.check()
    found = [
        escrow.to_json()
        for escrow in bank.escrows()
        if (agent_id is None or agent_id in {escrow.payer, escrow.payee})
        and (status is None or status == escrow.status)
    ]
    return {"escrows": [*found], "count": len(found)}


def _pending(bank: Bank, inputs: Inputs) -> Escrow:
    escrow_id, agent_id = inputs.name("escrow_id"), inputs.optional_name("agent_id")
    inputs.check()
    escrow = bank.escrow(escrow_id)
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


Tool = Callable[[Bank, Inputs], JsonObject]

TOOLS: Final[Mapping[str, Tool]] = {
    "cancel_escrow": cancel_escrow,
    "create_escrow": create_escrow,
    "create_wallet": create_wallet,
    "deposit": deposit,
    "get_balance": get_balance,
    "get_escrow": get_escrow,
    "list_escrows": list_escrows,
    "release_escrow": release_escrow,
}
