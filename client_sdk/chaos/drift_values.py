"""What each drift does to the value at its place; one it is not about is not applicable."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from client_sdk.chaos.mutators import NotApplicable, json_type
from client_sdk.contract.values import JsonValue

UNKNOWN_MEMBER: Final = "x_unexpected"


def retyped(value: JsonValue) -> JsonValue:
    """Give the value as another type would write it: a text as a number, a number as a text."""
    match json_type(value):
        case "string":
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                return [value]
            return number if number.is_finite() else [value]
        case "array":
            return {"items": value}
        case "null":
            raise NotApplicable("null has no other form")
        case _:
            return str(value).lower()


def emptied(value: JsonValue) -> JsonValue:
    """Give the empty text."""
    return "" if isinstance(value, str) else _wrong_type(value, "text")


def number_form(value: JsonValue) -> JsonValue:
    """Give the same number written otherwise: 10 as 10.0."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return _wrong_type(value, "number")
    return Decimal(value) + Decimal("0.0") if value == int(value) else Decimal(f"{value}0")


def with_unknown_member(value: JsonValue) -> JsonValue:
    """Give the object with a member nobody declared."""
    if not isinstance(value, dict):
        return _wrong_type(value, "object")
    return {**value, UNKNOWN_MEMBER: "drift"}


def turned_round(value: JsonValue) -> JsonValue:
    """Give the list in the other order."""
    return value[::-1] if isinstance(value, list) else _wrong_type(value, "array")


def without_items(value: JsonValue) -> JsonValue:
    """Give the empty list."""
    return [] if isinstance(value, list) else _wrong_type(value, "array")


def _wrong_type(value: JsonValue, wanted: str) -> JsonValue:
    raise NotApplicable(f"it is {json_type(value)} and not {wanted}")
