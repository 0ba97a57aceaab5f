"""Values as a reader sees them inside a sentence: short, exact JSON."""

from __future__ import annotations

from client_sdk.contract.document import dumps
from client_sdk.contract.values import JsonValue

_WIDTH = 90
_LISTED = 6


def shown(value: JsonValue) -> str:
    """One value, cut to fit a sentence."""
    text = dumps(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def listed(values: list[JsonValue]) -> str:
    """Some values in a row; beyond six only how many more there are."""
    said = ", ".join(shown(value) for value in values[:_LISTED])
    more = len(values) - _LISTED
    return f"{said} and {more} more" if more > 0 else said


def typed(value: JsonValue) -> str:
    """A `type` keyword in words."""
    if value is None:
        return "any"
    return " or ".join(str(each) for each in value) if isinstance(value, list) else str(value)
