"""Wallets and escrows: what the gateway's tools do to the ledger."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from client_sdk.clock import Clock, timestamp_of
from client_sdk.contract.values import JsonObject
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.ledger import Account, Ledger, held, outside, wallet
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


class Bank:
    """One set of books: a ledger, the escrows, and the clock that stamps them."""

    def __init__(self, clock: Clock) -> None:
        self.ledger = Ledger()
        self.clock = clock
        self._escrows: dict[str, Escrow] = {}
        self._wallets: set[str] = set()
        self._counter = 0

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

    def balance(self, agent_id: str, currency: str) -> Decimal:
        """Give what an agent has; nothing for one that is not known."""
        return self.ledger.balance(wallet(agent_id, currency))

    def hold(self, escrow: Escrow) -> Escrow:
        """Move the amount of a new escrow from its payer into what it holds.

        Raises:
            ToolRefused: 402, the payer has not enough.
        """
        source = wallet(escrow.payer, escrow.currency)
        balance = self.ledger.balance(source)
        if balance < escrow.amount:
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
        return self._kept(escrow)

    def settle(self, escrow: Escrow, status: str, *, to: str) -> Escrow:
        """End a pending escrow: what it holds goes to the wallet of `to`."""
        self.ledger.post(
            held(escrow.escrow_id, escrow.currency),
            self.open_wallet(to, escrow.currency),
            escrow.amount,
            status,
        )
        stamp = (f"{status}_at", timestamp_of(self.clock))
        return self._kept(replace(escrow, status=status, stamps=(*escrow.stamps, stamp)))

    def escrow(self, escrow_id: str) -> Escrow:
        """Find an escrow; one whose time is over has expired and paid its money back.

        Raises:
            ToolRefused: 404, there is none.
        """
        found = self._escrows.get(escrow_id)
        if found is None:
            raise ToolRefused(404, "escrow-not-found", f"There is no escrow {escrow_id}.")
        over = found.expires_at is not None and found.expires_at <= self.clock.time()
        if found.status == PENDING and over:
            return self.settle(found, "expired", to=found.payer)
        return found

    def escrows(self) -> list[Escrow]:
        """Give every escrow, oldest first."""
        return [self.escrow(escrow_id) for escrow_id in self._escrows]

    def next_escrow_id(self) -> str:
        """Give an id that no escrow has; the same ones in the same order after a reset."""
        while True:
            self._counter += 1
            escrow_id = f"esc_{self._counter:06d}"
            if escrow_id not in self._escrows:
                return escrow_id

    def check(self) -> None:
        """Make sure that the ledger balances and that each escrow holds what it should.

        Raises:
            LedgerUnbalanced: money was made or lost.
        """
        self.ledger.check()

    def _kept(self, escrow: Escrow) -> Escrow:
        self._escrows[escrow.escrow_id] = escrow
        return escrow
