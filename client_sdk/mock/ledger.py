"""Double entry: every amount leaves one account and enters another, so nothing is made or lost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

NOTHING: Final = Decimal("0.00")


class LedgerUnbalanced(AssertionError):
    """Money was made or lost, or an account that may not go below zero did."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where money is: an agent's wallet, what an escrow holds, or the world outside."""

    kind: str  # "wallet", "held" or "outside"
    owner: str
    currency: str


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement of money, and what it was for."""

    source: Account
    target: Account
    amount: Decimal
    reason: str


class Ledger:
    """Accounts and every posting between them; only the outside may be below zero."""

    def __init__(self) -> None:
        self._balances: dict[Account, Decimal] = {}
        self._postings: list[Posting] = []
        self._checked = 0  # postings that were looked at

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Every movement, oldest first."""
        return tuple(self._postings)

    def balance(self, account: Account) -> Decimal:
        """Give what is in an account; one that was never used holds nothing."""
        return self._balances.get(account, NOTHING)

    def balances(self) -> dict[Account, Decimal]:
        """Give every account that was ever used."""
        return dict(self._balances)

    def open(self, account: Account) -> None:
        """Make an account known before money moves."""
        self._balances.setdefault(account, NOTHING)

    def post(self, source: Account, target: Account, amount: Decimal, reason: str) -> None:
        """Move an amount.

        Raises:
            ValueError: the amount is not above zero, or the currencies differ.
            LedgerUnbalanced: the source does not hold so much.
        """
        if amount <= 0 or source.currency != target.currency:
            raise ValueError("a posting moves an amount above zero within one currency")
        left = self.balance(source) - amount
        if left < 0 and source.kind != "outside":
            raise LedgerUnbalanced(f"{source.kind} {source.owner} would hold {left}")
        self._balances[source] = left
        self._balances[target] = self.balance(target) + amount
        self._postings.append(Posting(source, target, amount, reason))

    def check_movements(self) -> None:
        """Make sure that no account moved since the last look is below zero: cheap, at each call.

        Raises:
            LedgerUnbalanced: one is.
        """
        for posting in self._postings[self._checked :]:
            for account in (posting.source, posting.target):
                self._check_account(account, self.balance(account))
        self._checked = len(self._postings)

    def copied(self) -> Ledger:
        """Give a ledger that goes on by itself."""
        other = Ledger()
        other._balances = dict(self._balances)
        other._postings = list(self._postings)
        other._checked = self._checked
        return other

    def check(self) -> None:
        """Make sure that all accounts of a currency sum up to nothing.

        Raises:
            LedgerUnbalanced: they do not, or an account inside is below zero.
        """
        sums: dict[str, Decimal] = {}
        for account, amount in self._balances.items():
            sums[account.currency] = sums.get(account.currency, NOTHING) + amount
            self._check_account(account, amount)
        for currency, total in sums.items():
            if total != 0:
                raise LedgerUnbalanced(f"{total} {currency} came from nowhere")

    @staticmethod
    def _check_account(account: Account, amount: Decimal) -> None:
        if amount < 0 and account.kind != "outside":
            raise LedgerUnbalanced(f"{account.kind} {account.owner} holds {amount}")


def wallet(agent_id: str, currency: str) -> Account:
    """Name an agent's wallet in a currency."""
    return Account("wallet", agent_id, currency)


def held(escrow_id: str, currency: str) -> Account:
    """Name what an escrow holds."""
    return Account("held", escrow_id, currency)


def outside(currency: str) -> Account:
    """Name the place deposits come from."""
    return Account("outside", "", currency)
