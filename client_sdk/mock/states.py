"""Provider states: what must be true before an example makes sense, by name and parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.bank import PENDING, Escrow
from client_sdk.mock.inputs import Inputs
from client_sdk.mock.market_tools import register_service
from client_sdk.mock.money import amount_from
from client_sdk.mock.registry import DEFAULT_TRUST, trust_from
from client_sdk.mock.world import World

DEFAULT_BALANCE: Final = "100.00"
DEFAULT_AMOUNT: Final = "10.00"

Params = JsonObject
Setup = Callable[[World, Params], None]


def prepare(world: World, state: str, params: Params) -> None:
    """Make a state true in an empty world.

    Raises:
        ToolRefused: 422, no such state, or parameters it cannot use.
    """
    setup = STATES.get(_plain(state))
    if setup is None:
        known: list[JsonValue] = [*STATES]
        raise ToolRefused(422, "state-unknown", f"There is no state {state!r}.", known=known)
    try:
        setup(world, params)
    except ValueError as error:
        raise ToolRefused(422, "state-params-invalid", str(error)) from error


def is_state(state: str) -> bool:
    """Say whether there is a state of this name."""
    return _plain(state) in STATES


def _plain(state: str) -> str:
    return " ".join(state.casefold().split())


def _nothing(_: World, __: Params) -> None:
    """Leave the world empty."""


def _funded(world: World, params: Params) -> None:
    agent_id = _name(params, "agent_id", "test-agent-a")
    _fund(world, agent_id, params.get("balance", DEFAULT_BALANCE), params)


def _wallet_without_money(world: World, params: Params) -> None:
    world.bank.open_wallet(_name(params, "agent_id", "test-agent-a"), _currency(params))


def _escrow(status: str) -> Setup:
    def setup(world: World, params: Params) -> None:
        payer = _name(params, "payer", "test-agent-a")
        amount = amount_from(params.get("amount", DEFAULT_AMOUNT))
        _fund(
            world, payer, params.get("balance", str(max(amount, Decimal(DEFAULT_BALANCE)))), params
        )
        held = world.bank.hold(
            Escrow(
                escrow_id=_name(params, "escrow_id", "esc_test"),
                payer=payer,
                payee=_name(params, "payee", "test-agent-b"),
                amount=amount,
                currency=_currency(params),
                status=PENDING,
                stamps=(("created_at", world.now()),),
                created=world.clock.time(),
            )
        )
        if status != PENDING:
            world.bank.settle(held, status, to=held.payee if status == "released" else held.payer)

    return setup


def _registered(world: World, params: Params) -> None:
    agent_id = _name(params, "agent_id", "test-agent-a")
    trust = trust_from(params.get("trust_score", str(DEFAULT_TRUST)))
    world.registry.trust(agent_id, trust, world.now())


def _offering(world: World, params: Params) -> None:
    """Offer a service; what `params` say, they say as the tool takes it."""
    defaults: Params = {"agent_id": "test-agent-b", "name": "a service", "price": DEFAULT_AMOUNT}
    register_service(world, Inputs(defaults | params))


def _fund(world: World, agent_id: str, balance: JsonValue, params: Params) -> None:
    amount = amount_from(balance)
    world.bank.open_wallet(agent_id, _currency(params))
    if amount > 0:
        world.bank.deposit(agent_id, amount, _currency(params))


def _name(params: Params, member: str, default: str) -> str:
    value = params.get(member, default)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{member} is a name")
    return value


def _currency(params: Params) -> str:
    inputs = Inputs(params)
    currency = inputs.currency()
    inputs.check()
    return currency


STATES: Final[Mapping[str, Setup]] = {
    "an empty sandbox": _nothing,
    "a wallet without money": _wallet_without_money,
    "an agent has no funds": _wallet_without_money,
    "an agent has funds": _funded,
    "a funded payer": _funded,
    "a funded wallet": _funded,
    "a funded agent": _funded,
    "a registered agent": _registered,
    "a registered service": _offering,
    **{
        name: _escrow(status)
        for status in ("pending", "released", "cancelled", "expired")
        for name in (f"a {status} escrow", f"an {status} escrow", f"an escrow is {status}")
    },
}
