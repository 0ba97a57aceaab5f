"""Reads the input of a tool: every faulty member is named at once, as a 422."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import ToolRefused
from client_sdk.mock.money import CURRENCY, DEFAULT_CURRENCY, amount_from

LONGEST_NAME: Final = 128
LONGEST_TEXT: Final = 2_000


class Inputs:
    """The members of one input; read what is needed, then `check` before acting on it."""

    def __init__(self, value: JsonValue) -> None:
        if not isinstance(value, dict):
            raise ToolRefused(422, "input-invalid", "The input is a JSON object.")
        self._members: JsonObject = value
        self._errors: list[JsonValue] = []

    def name(self, member: str) -> str:
        """Read a required name."""
        if member not in self._members:
            self._fault(member, "is required")
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
        if member not in self._members:
            self._fault(member, "is required")
            return Decimal(0)
        try:
            amount = amount_from(self._members[member])
        except ValueError as error:
            self._fault(member, str(error))
            return Decimal(0)
        if amount <= 0:
            self._fault(member, "an amount is above zero")
        return amount

    def currency(self) -> str:
        """Read the currency; dollars when none is given."""
        currency = self._members.get("currency", DEFAULT_CURRENCY)
        if not isinstance(currency, str) or CURRENCY.fullmatch(currency) is None:
            self._fault("currency", "a currency has three capital letters")
            return DEFAULT_CURRENCY
        return currency

    def seconds(self, member: str) -> int | None:
        """Read a whole number of seconds above zero, which may be absent."""
        value = self._members.get(member)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            self._fault(member, "is a whole number of seconds above zero")
            return None
        return value

    def check(self) -> None:
        """Refuse the input if anything read so far was faulty.

        Raises:
            ToolRefused: 422 with every fault.
        """
        if self._errors:
            detail = "The input is not one this tool takes."
            raise ToolRefused(422, "input-invalid", detail, errors=self._errors)

    def _text(self, member: str, longest: int, *, least: int) -> str | None:
        value = self._members.get(member)
        if value is None and member not in self._members:
            return None
        if not isinstance(value, str) or not least <= len(value) <= longest:
            self._fault(member, f"is a text of {least} to {longest} characters")
            return None
        return value

    def _fault(self, member: str, message: str) -> None:
        self._errors.append({"pointer": f"/{member}", "message": f"{member}: {message}"})
