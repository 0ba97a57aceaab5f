"""Agents under test: what a scenario asks of one, and a careful one that ships with the kit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from client_sdk.chaos.awaiting import outcome_of
from client_sdk.chaos.striking import result_from
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Executes, Result

ATTEMPTS: Final = 4
_REFUSED: Final = range(400, 500)
_WORTH_A_RETRY: Final = frozenset({408, 425, 429})
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Payment:
    """What an agent is asked to do: pay the payee through escrow, once.

    `reference` names the payment; an agent that is started again gets the same one. With
    `escrow_id` the money is held already, and the work was delivered: release it.
    """

    reference: str
    payer: str = "test-agent-a"
    payee: str = "test-agent-b"
    amount: str = "25.00"
    currency: str = "USD"
    escrow_id: str | None = None


class Runs(Protocol):
    """An agent that is an object."""

    def run(self, client: Executes, payment: Payment) -> object:
        """Make the payment with this client."""
        ...


Agent = Callable[[Executes, Payment], object] | Runs


class GaveUp(Exception):
    """The careful agent stopped trying; nothing says whether the last call took effect."""


class AgentKilled(BaseException):
    """The process of the agent died; no `except Exception` of the agent can know it."""


def run_agent(agent: Agent, client: Executes, payment: Payment) -> object:
    """Let an agent make a payment, whether it is a function or an object, async or not."""
    act: Any = getattr(agent, "run", agent)
    return outcome_of(act(client, payment))


def careful_buyer(client: Executes, payment: Payment) -> object:
    """Pay once whatever the wire does: a key for each step, and few attempts.

    Raises:
        GaveUp: a step did not succeed within its attempts.
    """
    escrow_id = payment.escrow_id
    if escrow_id is None:
        created = _insist(client, "create_escrow", _creation_of(payment), needs="escrow_id")
        escrow_id = created.body["escrow_id"]
    release: JsonObject = {
        "escrow_id": escrow_id,
        "agent_id": payment.payer,
        "idempotency_key": f"{payment.reference}-release",
    }
    return _insist(client, "release_escrow", release)


def _creation_of(payment: Payment) -> JsonObject:
    return {
        "payer": payment.payer,
        "payee": payment.payee,
        "amount": payment.amount,
        "currency": payment.currency,
        "idempotency_key": f"{payment.reference}-create",
    }


def _insist(client: Executes, tool: str, input_data: JsonObject, needs: str = "") -> Result:
    """Call again after a failure that may pass: the key makes a repetition harmless."""
    reason = ""
    for _ in range(ATTEMPTS):
        try:
            result = result_from(client.execute(tool, input_data))
        except Exception as error:  # noqa: BLE001 - every library has exceptions of its own
            reason = f"{type(error).__name__}: {error}"
            continue
        is_complete = not needs or (isinstance(result.body, dict) and needs in result.body)
        if result.status_code in _SUCCESS and is_complete:
            return result
        reason = f"status {result.status_code}"
        if result.status_code in _REFUSED and result.status_code not in _WORTH_A_RETRY:
            break
    raise GaveUp(f"{tool}: {reason}")
