"""Reads the input of a tool: every faulty member is named at once, as a 422."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject, JsonValue, integer_in, is_finite, is_number
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.money import DEFAULT_CURRENCY, amount_from, currency_from

IDEMPOTENCY_MEMBER: Final = "idempotency_key"
LONGEST_NAME: Final = 128
LONGEST_TEXT: Final = 2_000
MOST: Final = 10**12


class Inputs:
    """The members of one input; read what is needed, then `check` before acting on it."""

    def __init__(self, value: JsonValue) -> None:
        if not isinstance(value, dict):
            raise ToolRefused(422, "input-invalid", "The input is a JSON object.")
        self._members: JsonObject = value
        self._asked = {IDEMPOTENCY_MEMBER}
        self._errors: list[JsonValue] = []

    def has(self, member: str) -> bool:
        """Say whether a member is there."""
        self._asked.add(member)
        return member in self._members

    def name(self, member: str) -> str:
        """Read a required name."""
        if not self.has(member):
            self.fault(member, "is required")
            return ""
        return self.optional_name(member) or ""

    def optional_name(self, member: str) -> str | None:
        """Read a name that may be absent."""
        return self._text(member, LONGEST_NAME, least=1)

    def optional_text(self, member: str) -> str | None:
        """Read a text that may be absent or empty."""
        return self._text(member, LONGEST_TEXT, least=0)

    def amount(self, member: str = "amount") -> Decimal:
        """Read a required amount above zero."""
        amount = self.price(member)
        if not self.has(member):
            self.fault(member, "is required")
        elif amount == 0:
            self.fault(member, "an amount is above zero")
        return amount or Decimal(0)

    def optional_amount(self, member: str) -> Decimal | None:
        """Read an amount above zero that may be absent."""
        return self.amount(member) if self.has(member) else None

    def price(self, member: str) -> Decimal | None:
        """Read an amount that may be zero or absent."""
        if not self.has(member):
            return None
        try:
            return amount_from(self._members[member])
        except ValueError as error:
            self.fault(member, str(error))
            return None

    def number(self, member: str) -> Decimal:
        """Read a finite number from zero, which is zero when absent; no money."""
        value = self._members[member] if self.has(member) else 0
        if not is_number(value) or not is_finite(value) or value < 0:
            self.fault(member, "is a number from zero")
            return Decimal(0)
        return Decimal(str(value))

    def count(self, member: str, default: int | None = None, *, most: int = MOST) -> int:
        """Read a whole number; required from zero, or from one when there is a default."""
        least = 0 if default is None else 1
        value = self._members[member] if self.has(member) else default
        number = integer_in(value)
        if number is None or not least <= number <= most:
            self.fault(member, f"is a whole number from {least} to {most}")
            return least
        return number

    def names(self, member: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Read a list of names that may be absent."""
        if not self.has(member):
            return default
        value = self._members[member]
        if not isinstance(value, list) or not all(_is_name(each) for each in value):
            self.fault(member, f"is a list of texts of 1 to {LONGEST_NAME} characters")
            return default
        return tuple(str(each) for each in value)

    def currency(self) -> str:
        """Read the currency; dollars when none is given."""
        if not self.has("currency"):
            return DEFAULT_CURRENCY
        try:
            return currency_from(self._members["currency"])
        except ValueError as error:
            self.fault("currency", str(error))
            return DEFAULT_CURRENCY

    def seconds(self, member: str) -> int | None:
        """Read a whole number of seconds above zero, which may be absent."""
        value = self._members[member] if self.has(member) else None
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            self.fault(member, "is a whole number of seconds above zero")
            return None
        return value

    def fault(self, member: str, message: str) -> None:
        """Note that a member is faulty, and why."""
        self._errors.append({"pointer": f"/{member}", "message": f"{member}: {message}"})

    def check(self) -> None:
        """Refuse the input if anything read so far was faulty, or a member is misspelt.

        A member that nobody reads is let pass, as it is by most services, unless it is a near miss
        of one that is read and absent: an amount or a key would be lost without a word.

        Raises:
            ToolRefused: 422 with every fault.
        """
        absent = self._asked - self._members.keys()
        for member in sorted(self._members.keys() - self._asked) if absent else ():
            if near := near_miss(str(member), absent):
                self.fault(member, f"is no member of this input; did you mean {near!r}?")
        if self._errors:
            detail = "The input is not one this tool takes."
            raise ToolRefused(422, "input-invalid", detail, errors=self._errors)

    def _text(self, member: str, longest: int, *, least: int) -> str | None:
        if not self.has(member):
            return None
        value = self._members[member]
        if not isinstance(value, str) or not least <= len(value) <= longest:
            self.fault(member, f"is a text of {least} to {longest} characters")
            return None
        return value


def check_agent(agent_id: JsonValue) -> None:
    """Make sure that a call can name this agent.

    Raises:
        ValueError: none can.
    """
    if not _is_name(agent_id):
        raise ValueError(f"agent_id is a text of 1 to {LONGEST_NAME} characters, not {agent_id!r}")


def _is_name(value: JsonValue) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= LONGEST_NAME
