"""Budget caps: how much an agent may put into escrow at once, in a day and in a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NoReturn

from client_sdk.contract.values import JsonObject
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.bank import Bank
from client_sdk.mock.ledger import NOTHING
from client_sdk.mock.money import written

GIVEN_BACK: Final = frozenset({"cancelled", "expired"})


@dataclass(frozen=True, slots=True)
class BudgetCap:
    """The caps of one agent in one currency; None is no cap. Days and months are those of UTC."""

    per_transaction: Decimal | None
    daily: Decimal | None
    monthly: Decimal | None

    def to_json(self) -> JsonObject:
        """Give the caps that there are."""
        caps = (
            ("per_transaction", self.per_transaction),
            ("daily", self.daily),
            ("monthly", self.monthly),
        )
        return {name: written(amount) for name, amount in caps if amount is not None}


Caps = dict[tuple[str, str], BudgetCap]


def check_budget(caps: Caps, bank: Bank, payer: str, amount: Decimal, currency: str) -> None:
    """Refuse an escrow that would go over a cap of its payer; what was given back is free again.

    Raises:
        ToolRefused: 403, naming the cap and what is left of it.
    """
    cap = caps.get((payer, currency))
    if cap is None:
        return
    spent = [
        each
        for each in bank.escrows()
        if (each.payer, each.currency) == (payer, currency) and each.status not in GIVEN_BACK
    ]
    today = _date(bank.clock.time())
    in_month = [each for each in spent if _date(each.created)[:2] == today[:2]]
    in_day = [each for each in in_month if _date(each.created) == today]
    for name, limit, before in (
        ("per_transaction", cap.per_transaction, NOTHING),
        ("daily", cap.daily, _sum(each.amount for each in in_day)),
        ("monthly", cap.monthly, _sum(each.amount for each in in_month)),
    ):
        if limit is not None and before + amount > limit:
            _refuse(payer, name, limit, max(limit - before, NOTHING))


def _refuse(payer: str, name: str, limit: Decimal, left: Decimal) -> NoReturn:
    detail = f"The {name} cap of {payer} is {written(limit)}; {written(left)} are left of it."
    raise ToolRefused(403, "budget-exceeded", detail, cap=name, left=written(left))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def _date(seconds: float) -> tuple[int, int, int]:
    day = datetime.fromtimestamp(seconds, UTC)
    return day.year, day.month, day.day
