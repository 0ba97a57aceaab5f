"""A budget for one run: stops a call before it spends more than was granted."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from decimal import Context, Decimal
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import TallyError
from client_sdk.exchange.asynchronous import AsyncTwin
from client_sdk.exchange.client import ToolClient
from client_sdk.exchange.result import Executes, Result

SANDBOX_URL: Final = "http://127.0.0.1:8701/v1"
DEFAULT_CURRENCY: Final = "USD"
DEFAULT_PER_RUN: Final = "5.00"
DEFAULT_PER_TRANSACTION: Final = "1.00"
NOT_SPENDING: Final = ("get_", "list_", "search_", "set_", "deposit")
KEY: Final = "idempotency_key"
REFUSED: Final = range(400, 500)
SUCCESS: Final = range(200, 300)
TRY_AGAIN: Final = frozenset({408, 425, 429})
NOTHING: Final = Decimal(0)
# Decimal() reads far more than that.
WRITTEN: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,18})?")
MOST_DIGITS: Final = 30
MOST_PLACES: Final = 18
# Sums of what WRITTEN allows fit, whatever precision the caller's own context has.
EXACT: Final = Context(prec=100)
DAYS_OF_A_MONTH: Final = 10  # that may each use the daily cap up: 5.00 a day, 50.00 a month

Spending = Callable[[str, JsonValue], Decimal | str | None]


class BudgetExceeded(TallyError):
    """A call would spend more than is left, or in another currency; it was not made.

    `amount` is what it would spend, `left` what is left, `limit` the limit that stops it:
    `per_transaction`, `limit_per_run` or `currency`.
    """

    def __init__(self, sentence: str, *, amount: Decimal, left: Decimal, limit: str) -> None:
        super().__init__(sentence)
        self.amount = amount
        self.left = left
        self.limit = limit


class BudgetRefused(TallyError):
    """The gateway did not set the cap; the message holds its answer."""


class BudgetGuard:
    """Counts what a run spends, exactly, over all the clients it wraps; safe between threads.

    A call that was refused (4xx) gives its amount back; one whose end is not known does not. Calls
    that repeat an idempotency key spend once.

    Args:
        limit_per_run: What all calls together may spend.
        per_transaction: What one call may spend.
        currency: The only currency that may be spent.
        spending: Says what a call spends, None for nothing; by default the member `amount` of
            every tool that does not read, set something up or bring money in.

    Raises:
        ValueError: a limit is no positive decimal; a float may have been rounded already.

    Example:
        >>> guard = BudgetGuard("5.00", "1.00")
        >>> guard.charge("create_escrow", {"amount": "0.75"})
        Decimal('0.75')
        >>> guard.left
        Decimal('4.25')
    """

    def __init__(
        self,
        limit_per_run: Decimal | str = DEFAULT_PER_RUN,
        per_transaction: Decimal | str = DEFAULT_PER_TRANSACTION,
        currency: str = DEFAULT_CURRENCY,
        *,
        spending: Spending | None = None,
    ) -> None:
        self.limit_per_run = _limit("limit_per_run", limit_per_run)
        self.per_transaction = _limit("per_transaction", per_transaction)
        self.currency = _named("currency", currency)
        self._spending = spending or amount_spent
        self._spent = NOTHING
        self._keys: dict[tuple[str, str], Decimal] = {}
        self._lock = threading.Lock()

    @property
    def spent(self) -> Decimal:
        """What was spent so far."""
        with self._lock:
            return self._spent

    @property
    def left(self) -> Decimal:
        """What is left for this run."""
        return EXACT.subtract(self.limit_per_run, self.spent)

    def wrap(self, client: Executes) -> GuardedClient:
        """Give a client that asks this guard before each call."""
        return GuardedClient(self, client)

    def set_server_cap(
        self,
        api_key: str,
        agent_id: str,
        *,
        base_url: str = SANDBOX_URL,
        client: Executes | None = None,
    ) -> Result:
        """Set this guard's limits as caps on the server too: those of a run as those of a day.

        Raises:
            BudgetRefused: the gateway did not set the cap, so only this guard limits the key.
        """
        return configure_test_budget(
            api_key,
            agent_id,
            base_url=base_url,
            daily=self.limit_per_run,
            monthly=EXACT.multiply(self.limit_per_run, Decimal(DAYS_OF_A_MONTH)),
            per_transaction=self.per_transaction,
            currency=self.currency,
            client=client,
        )

    def charge(self, tool: str, input_data: JsonValue) -> Decimal:
        """Take what a call would spend off the budget, and give it; nothing is taken twice per key.

        Raises:
            BudgetExceeded: it is more than is left, and nothing was taken.
            ValueError: the amount is no positive decimal string.
        """
        amount = _amount(self._spending(tool, input_data))
        if amount == NOTHING:
            return NOTHING
        self._check_currency(tool, input_data, amount)
        name = _key_of(tool, input_data)
        with self._lock:
            if name is not None and self._keys.get(name) == amount:
                return NOTHING
            self._check(tool, amount)
            self._spent = EXACT.add(self._spent, amount)
            if name is not None:
                self._keys[name] = amount
        return amount

    def give_back(self, tool: str, input_data: JsonValue, amount: Decimal) -> None:
        """Put back what `charge` took for a call that was refused."""
        with self._lock:
            self._spent = EXACT.subtract(self._spent, amount)
            name = _key_of(tool, input_data)
            if name is not None:
                self._keys.pop(name, None)

    def reset(self) -> None:
        """Begin a new run."""
        with self._lock:
            self._spent = NOTHING
            self._keys = {}

    def _check(self, tool: str, amount: Decimal) -> None:
        left = EXACT.subtract(self.limit_per_run, self._spent)
        if amount > self.per_transaction:
            raise BudgetExceeded(
                f"{tool} would spend {amount} {self.currency}; one transaction may spend "
                f"{self.per_transaction}: lower the amount or raise per_transaction",
                amount=amount,
                left=left,
                limit="per_transaction",
            )
        if amount > left:
            raise BudgetExceeded(
                f"{tool} would spend {amount} {self.currency} and {left} of "
                f"{self.limit_per_run} are left in this run: raise limit_per_run if that is meant",
                amount=amount,
                left=left,
                limit="limit_per_run",
            )

    def _check_currency(self, tool: str, input_data: JsonValue, amount: Decimal) -> None:
        given = input_data.get("currency", self.currency) if isinstance(input_data, dict) else None
        if given is not None and given != self.currency:
            raise BudgetExceeded(
                f"{tool} would spend {given}, and the budget is in {self.currency}",
                amount=amount,
                left=NOTHING,
                limit="currency",
            )


class GuardedClient(AsyncTwin):
    """A client whose calls are charged before they are made."""

    def __init__(self, guard: BudgetGuard, client: Executes) -> None:
        self.guard = guard
        self._client = client

    @property
    def wrapped_client(self) -> Executes:
        """The client that is called within the budget."""
        return self._client

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call the tool within the budget.

        Raises:
            BudgetExceeded: before the call, which is not made then.
        """
        amount = self.guard.charge(tool, input_data)
        result = self._client.execute(tool, input_data)
        status = result.get("status_code")
        if amount and status in REFUSED and status not in TRY_AGAIN:
            self.guard.give_back(tool, input_data, amount)
        return result


def configure_test_budget(  # noqa: PLR0913 - the guide's two; the rest is keyword-only
    api_key: str,
    agent_id: str,
    *,
    base_url: str = SANDBOX_URL,
    daily: Decimal | str = "5.00",
    monthly: Decimal | str = "50.00",
    per_transaction: Decimal | str = "1.00",
    currency: str = DEFAULT_CURRENCY,
    client: Executes | None = None,
) -> Result:
    """Cap on the server what a test key can spend, and give the gateway's answer.

    Raises:
        BudgetRefused: the gateway did not set the cap, so nothing limits the key.
        ValueError: a cap is no positive decimal.
        Unreachable: nothing answered in time.
    """
    limits = {"daily": daily, "monthly": monthly, "per_transaction": per_transaction}
    caps: JsonObject = {name: f"{_limit(name, value):f}" for name, value in limits.items()}
    content: JsonObject = {"agent_id": _named("agent_id", agent_id), **caps, "currency": currency}
    asked = client or ToolClient(base_url, headers=bearer(api_key))
    result = asked.execute("set_budget_cap", content)
    if result.get("status_code") not in SUCCESS:
        raise BudgetRefused(
            f"set_budget_cap for {agent_id} answered {result.get('status_code')}: "
            f"{result.get('body')!r}; the key is not capped"
        )
    return result


def bearer(api_key: str) -> dict[str, str]:
    """Give the header that lets a caller in; none for an empty key."""
    return {"Authorization": f"Bearer {api_key}"} if api_key else {}


def amount_spent(tool: str, input_data: JsonValue) -> Decimal | str | None:
    """Give the `amount` in the input of a tool that spends.

    Raises:
        ValueError: it stands there as a number, which may have been rounded.
    """
    if tool.startswith(NOT_SPENDING) or not isinstance(input_data, dict):
        return None
    amount = input_data.get("amount")
    if amount is None or isinstance(amount, Decimal | str):
        return amount
    raise ValueError(f'amount is {amount!r}: give a decimal string such as "10.00"')


def _amount(value: Decimal | str | None) -> Decimal:
    return NOTHING if value is None else _limit("amount", value)


def _limit(name: str, value: object) -> Decimal:
    if isinstance(value, str) and WRITTEN.fullmatch(value):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise ValueError(f'{name} is {value!r}: give a decimal string such as "5.00"')  # noqa: TRY004 - callers name one fault, whatever the type
    if not value.is_finite() or value <= NOTHING:
        raise ValueError(f"{name} is {str(value)!r}: it must be above zero")
    if value.adjusted() >= MOST_DIGITS or int(value.as_tuple().exponent) < -MOST_PLACES:
        raise ValueError(f"{name} is {str(value)!r}: no currency has so large or so fine an amount")
    return value


def _named(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is {value!r}: give its name")
    return value


def _key_of(tool: str, input_data: JsonValue) -> tuple[str, str] | None:
    key = input_data.get(KEY) if isinstance(input_data, dict) else None
    return None if key is None else (tool, str(key))
