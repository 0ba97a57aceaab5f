"""What a JSON value is in this kernel, and the limits that a received one must keep."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Final, TypeAlias, TypeGuard

JsonValue: TypeAlias = (
    "bool | int | Decimal | float | str | list[JsonValue] | dict[str, JsonValue] | None"
)
JsonObject: TypeAlias = "dict[str, JsonValue]"

MIB: Final = 1024 * 1024
_BEYOND_EVERY_DOUBLE: Final = Decimal("1e400")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a received document may be; every field is a largest allowed value.

    `max_values` counts every value at every depth, containers included. `max_number_digits`
    counts significant digits, `max_exponent` bounds the power of ten of the leading digit on
    both sides of zero. `max_schema_nodes` counts the schemas of one document, at every depth;
    `max_expanded_nodes` how many of them one value may meet once references are followed.
    `max_pattern_total` bounds the characters of all different patterns of one document.
    """

    max_bytes: int = 2 * MIB
    max_depth: int = 64
    max_values: int = 60_000
    max_number_digits: int = 40
    max_exponent: int = 308
    max_tools: int = 1_000
    max_schema_nodes: int = 10_000
    max_expanded_nodes: int = 20_000
    max_pattern_length: int = 1_000
    max_pattern_total: int = 50_000
    max_enum_values: int = 10_000
    max_unique_items: int = 10_000


DEFAULT_LIMITS: Final = Limits()


def is_number(value: JsonValue) -> TypeGuard[int | Decimal | float]:
    """Tell whether a value is a JSON number; a boolean is none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def is_finite(number: float | Decimal) -> bool:
    """Tell whether JSON can write a number; a Decimal is never taken through a double."""
    return number.is_finite() if isinstance(number, Decimal) else isfinite(number)


def integer_in(value: JsonValue) -> int | None:
    """Give the integer that a number means, or None: `1.0` is `1`, `true` is no number."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    if not isinstance(value, float | Decimal) or not is_finite(value):
        return None
    # Bounded first: 1e999999999 as an int would take gigabytes.
    if not -_BEYOND_EVERY_DOUBLE < value < _BEYOND_EVERY_DOUBLE:
        return None
    return int(value) if value == int(value) else None
