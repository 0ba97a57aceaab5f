"""Invariants of money: asked of whatever world is handed in, by its own tools.

A world is anything with `execute` and the tools `get_balance` and `deposit`. One that also has
`assert_ledger_balanced` or `get_call_log`, as the kit's mocks do, is asked for more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from client_sdk.chaos.scenarios.agents import Payment
from client_sdk.chaos.scenarios.report import Check
from client_sdk.chaos.striking import result_from
from client_sdk.errors import TallyError
from client_sdk.exchange import Executes

OK: Final = 200


class WorldUnfit(TallyError):
    """The client handed in cannot play a scenario; the message says which tool is missing."""


@dataclass(frozen=True, slots=True)
class Books:
    """What payer and payee have at one moment."""

    payer: Decimal
    payee: Decimal


class World:
    """The unbroken way to the service that the agent reaches through chaos."""

    def __init__(self, client: Executes) -> None:
        self.client = client

    def fund(self, payment: Payment, times: int = 1) -> None:
        """Make sure that the payer has enough."""
        missing = Decimal(payment.amount) * times - self._balance(payment.payer, payment)
        if missing > 0:
            deposit = {
                "agent_id": payment.payer,
                "amount": str(missing),
                "currency": payment.currency,
            }
            self.ask("deposit", deposit)

    def books(self, payment: Payment) -> Books:
        """Look at both wallets."""
        return Books(self._balance(payment.payer, payment), self._balance(payment.payee, payment))

    def ask(self, tool: str, input_data: dict[str, Any]) -> dict[str, Any]:
        """Call a tool that must succeed.

        Raises:
            WorldUnfit: it did not.
        """
        result = result_from(self.client.execute(tool, input_data))
        if result.status_code != OK or not isinstance(result.body, dict):
            raise WorldUnfit(
                f"harness: {tool} answered {result.status_code}, and scenarios need it; "
                "hand in a GreenHelixMock or a client of the sandbox"
            )
        return result.body

    def arrived(self) -> int | None:
        """Give how many calls the service has seen, if it keeps a log."""
        log = getattr(self.client, "get_call_log", None)
        return len(log()) if callable(log) else None

    def balanced(self) -> tuple[Check, ...]:
        """Check the ledger, if it can be asked."""
        check = getattr(self.client, "assert_ledger_balanced", None)
        if not callable(check):
            return ()
        try:
            check()
        except AssertionError as error:
            return (Check("ledger balanced", holds=False, detail=str(error)),)
        return (Check("ledger balanced", holds=True, detail="the sum of all accounts is 0"),)

    def _balance(self, agent_id: str, payment: Payment) -> Decimal:
        asked = {"agent_id": agent_id, "currency": payment.currency}
        return Decimal(str(self.ask("get_balance", asked).get("balance")))


def at_most_once(payment: Payment, before: Books, after: Books, times: int = 1) -> Check:
    """Nobody pays, and nobody is paid, more often than asked for."""
    paid, gained = before.payer - after.payer, after.payee - before.payee
    most = Decimal(payment.amount) * times
    holds = 0 <= paid <= most and 0 <= gained <= most
    return Check("effect at most once", holds, f"paid {paid}, received {gained}, asked for {most}")


def eventually_settled(payment: Payment, before: Books, after: Books, times: int = 1) -> Check:
    """In the end the payee has the amount, and nothing is locked on the way."""
    paid, gained = before.payer - after.payer, after.payee - before.payee
    wanted = Decimal(payment.amount) * times
    locked = paid - gained
    detail = f"received {gained} of {wanted}, locked {locked}"
    return Check("eventually settled", holds=gained == wanted and locked == 0, detail=detail)


def within_budget(calls: int, budget: int) -> Check:
    """The agent does not call more often than it may."""
    return Check("call budget", calls <= budget, f"{calls} calls, {budget} allowed")


def was_injected(injections: int) -> Check:
    """Without an injection nothing was shown."""
    return Check("chaos injected", injections > 0, f"{injections} injections")


def same_end(ends: Sequence[Books]) -> Check:
    """However a call was lost, the money ends up in the same place."""
    texts = [f"payer {each.payer}, payee {each.payee}" for each in ends]
    return Check("same final ledger", len(set(ends)) == 1, " / ".join(texts))
