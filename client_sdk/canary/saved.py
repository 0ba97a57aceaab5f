"""Reads back what a controller wrote about itself, and refuses what it did not write."""

from __future__ import annotations

from decimal import Decimal

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault


def real(saved: JsonObject, name: str) -> float:
    """Give the number under `name`."""
    value = saved.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _unusable(name)
    return float(value)


def whole(saved: JsonObject, name: str) -> int:
    """Give the integer under `name`."""
    value = saved.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unusable(name)
    return value


def text(saved: JsonObject, name: str) -> str:
    """Give the string under `name`."""
    value = saved.get(name)
    if not isinstance(value, str):
        raise _unusable(name)
    return value


def optional_text(saved: JsonObject, name: str) -> str | None:
    """Give the string under `name`, or None where null stands."""
    return None if saved.get(name) is None else text(saved, name)


def members(saved: JsonObject, name: str) -> JsonObject:
    """Give the object under `name`."""
    value = saved.get(name)
    if not isinstance(value, dict):
        raise _unusable(name)
    return value


def items(saved: JsonObject, name: str) -> list[JsonValue]:
    """Give the list under `name`."""
    value = saved.get(name)
    if not isinstance(value, list):
        raise _unusable(name)
    return value


def objects(saved: JsonObject, name: str) -> list[JsonObject]:
    """Give the list of objects under `name`."""
    found = items(saved, name)
    kept = [item for item in found if isinstance(item, dict)]
    if len(kept) != len(found):
        raise _unusable(name)
    return kept


def reals(saved: JsonObject, name: str, *, count: int | None = None) -> list[float]:
    """Give the list of numbers under `name`; of `count` numbers where that is given."""
    found = items(saved, name)
    numbers = [
        float(item)
        for item in found
        if isinstance(item, int | float | Decimal) and not isinstance(item, bool)
    ]
    if len(numbers) != len(found) or count not in {None, len(numbers)}:
        raise _unusable(name)
    return numbers


def _unusable(name: str) -> SettingsFault:
    return SettingsFault(
        f"the saved state of the canary cannot be used: {name!r} is missing or of another kind; "
        "remove the file to begin anew"
    )
