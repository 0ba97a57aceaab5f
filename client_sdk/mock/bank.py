"""Wallets and escrows: what the gateway's tools do to the ledger."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from client_sdk.clock import Clock, timestamp_of
from client_sdk.contract.values import JsonObject
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.ledger import Account, Ledger, LedgerUnbalanced, held, outside, wallet
from client_sdk.mock.money import written

PENDING: Final = "pending"


@dataclass(frozen=True, slots=True)
class Escrow:
    """Money held for a piece of work; `stamps` are its times by the name of their member."""

    escrow_id: str
    payer: str
    payee: str
    amount: Decimal
    currency: str
    status: str
    stamps: tuple[tuple[str, str], ...]
    expires_at: float | None = None
    memo: str | None = None
    created: float = 0.0  # seconds since the epoch

    def to_json(self) -> JsonObject:
        """Give the body that tools answer with."""
        body: JsonObject = {
            "escrow_id": self.escrow_id,
            "payer": self.payer,
            "payee": self.payee,
            "amount": written(self.amount),
            "currency": self.currency,
            "status": self.status,
        }
        if self.memo is not None:
            body["memo"] = self.memo
        return body | dict(self.stamps)


Event = Callable[[str, Escrow], None]


class Bank:
    """One set of books: a ledger, the escrows, and the clock that stamps them.

    `on_event` is told of each escrow that was created or settled. A bank with `is_generous`
    lends what a payer lacks, which leaves the books balanced: the money comes from outside.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 0,
        is_generous: bool = False,
        on_event: Event | None = None,
    ) -> None:
        self.ledger = Ledger()
        self.clock = clock
        self.on_event: Event = on_event or (lambda _, __: None)
        self._prefix = f"esc_{seed}_" if seed else "esc_"
        self._is_generous = is_generous
        self._escrows: dict[str, Escrow] = {}
        self._expiring: list[tuple[float, str]] = []
        self._wallets: set[str] = set()
        self._held: dict[tuple[str, str], Decimal] = {}
        self._counter = 0

    def copied(self, on_event: Event) -> Bank:
        """Give a bank that goes on by itself and tells `on_event`."""
        other = Bank(self.clock, is_generous=self._is_generous, on_event=on_event)
        other.ledger = self.ledger.copied()
        other._prefix, other._counter = self._prefix, self._counter
        other._escrows, other._expiring = dict(self._escrows), list(self._expiring)
        other._wallets, other._held = set(self._wallets), dict(self._held)
        return other

    def open_wallet(self, agent_id: str, currency: str) -> Account:
        """Make a wallet known."""
        self._wallets.add(agent_id)
        account = wallet(agent_id, currency)
        self.ledger.open(account)
        return account

    def has_wallet(self, agent_id: str) -> bool:
        """Say whether a wallet was made for this agent."""
        return agent_id in self._wallets

    def deposit(self, agent_id: str, amount: Decimal, currency: str) -> Decimal:
        """Bring money in from outside and give the new balance."""
        account = self.open_wallet(agent_id, currency)
        self.ledger.post(outside(currency), account, amount, "deposit")
        return self.ledger.balance(account)

    def set_balance(self, agent_id: str, balance: Decimal, currency: str) -> None:
        """Let an agent have exactly so much; the difference comes from outside or goes there."""
        account = self.open_wallet(agent_id, currency)
        difference = balance - self.ledger.balance(account)
        if difference > 0:
            self.ledger.post(outside(currency), account, difference, "set balance")
        elif difference < 0:
            self.ledger.post(account, outside(currency), -difference, "set balance")

    def balance(self, agent_id: str, currency: str) -> Decimal:
        """Give what an agent has; nothing for one that is not known."""
        return self.ledger.balance(wallet(agent_id, currency))

    def held(self, agent_id: str, currency: str) -> Decimal:
        """Give what an agent has put into escrows that are still pending."""
        return self._held.get((agent_id, currency), Decimal(0))

    def hold(self, escrow: Escrow) -> Escrow:
        """Move the amount of a new escrow from its payer into what it holds.

        Raises:
            ToolRefused: 402, the payer has not enough.
        """
        source = wallet(escrow.payer, escrow.currency)
        balance = self.ledger.balance(source)
        if balance < escrow.amount and self._is_generous:
            self.ledger.post(outside(escrow.currency), source, escrow.amount - balance, "loan")
        elif balance < escrow.amount:
            raise ToolRefused(
                402,
                "insufficient-funds",
                f"{escrow.payer} has {written(balance)} {escrow.currency}, "
                f"{written(escrow.amount)} are needed.",
                balance=written(balance),
            )
        self._wallets.add(escrow.payer)
        target = held(escrow.escrow_id, escrow.currency)
        self.ledger.post(source, target, escrow.amount, "hold")
        self._hold_more(escrow, escrow.amount)
        if escrow.expires_at is not None:
            heapq.heappush(self._expiring, (escrow.expires_at, escrow.escrow_id))
        return self._kept(escrow, "created")

    def settle(self, escrow: Escrow, status: str, *, to: str) -> Escrow:
        """End a pending escrow: what it holds goes to the wallet of `to`."""
        self.ledger.post(
            held(escrow.escrow_id, escrow.currency),
            self.open_wallet(to, escrow.currency),
            escrow.amount,
            status,
        )
        self._hold_more(escrow, -escrow.amount)
        stamp = (f"{status}_at", timestamp_of(self.clock))
        return self._kept(replace(escrow, status=status, stamps=(*escrow.stamps, stamp)), status)

    def settle_expired(self) -> None:
        """Pay back what every escrow holds whose time is over."""
        now = self.clock.time()
        while self._expiring and self._expiring[0][0] <= now:
            _, escrow_id = heapq.heappop(self._expiring)
            escrow = self._escrows[escrow_id]
            if escrow.status == PENDING:
                self.settle(escrow, "expired", to=escrow.payer)

    def escrow(self, escrow_id: str) -> Escrow:
        """Find an escrow.

        Raises:
            ToolRefused: 404, there is none.
        """
        found = self._escrows.get(escrow_id)
        if found is None:
            raise ToolRefused(404, "escrow-not-found", f"There is no escrow {escrow_id}.")
        return found

    def escrows(self) -> list[Escrow]:
        """Give every escrow, oldest first."""
        return list(self._escrows.values())

    def next_escrow_id(self) -> str:
        """Give an id that no escrow has; the same ones in the same order after a reset."""
        while True:
            self._counter += 1
            escrow_id = f"{self._prefix}{self._counter:06d}"
            if escrow_id not in self._escrows:
                return escrow_id

    def check(self) -> None:
        """Make sure that the ledger balances and that each escrow holds what it should.

        Raises:
            LedgerUnbalanced: money was made or lost.
        """
        self.ledger.check()
        for escrow in self._escrows.values():
            holds = self.ledger.balance(held(escrow.escrow_id, escrow.currency))
            if holds != (escrow.amount if escrow.status == PENDING else 0):
                raise LedgerUnbalanced(f"{escrow.status} {escrow.escrow_id} holds {holds}")

    def _hold_more(self, escrow: Escrow, amount: Decimal) -> None:
        place = (escrow.payer, escrow.currency)
        self._held[place] = self._held.get(place, Decimal(0)) + amount

    def _kept(self, escrow: Escrow, event: str) -> Escrow:
        self._escrows[escrow.escrow_id] = escrow
        self.on_event(f"escrow.{event}", escrow)
        return escrow
