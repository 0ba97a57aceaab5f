"""Numbers without rounding: an integer is any integral value, `true` is no number."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from client_sdk.contract.evaluation.failures import EvaluationTooComplex
from client_sdk.contract.values import JsonValue

LARGEST_EXPONENT: Final = 5_000  # fractions beyond it would be built digit by digit


def number_of(value: JsonValue) -> int | Decimal | None:
    """Give the exact number, or None when the value is no JSON number.

    A float stands for the shortest decimal that reads back as it, which is what a JSON writer
    prints: `0.1` is one tenth.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return value
    return Decimal(repr(value)) if isinstance(value, float) else None


def is_integral(number: int | Decimal) -> bool:
    """Say whether a number has no fractional part; `1.0` has none."""
    return isinstance(number, int) or number == number.to_integral_value()


def is_multiple(number: int | Decimal, divisor: int | Decimal) -> bool:
    """Say whether `number / divisor` is an integer, in exact arithmetic."""
    if isinstance(number, int) and isinstance(divisor, int):
        return number % divisor == 0
    return (_fraction(number) / _fraction(divisor)).denominator == 1


def _fraction(number: int | Decimal) -> Fraction:
    if isinstance(number, Decimal) and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise EvaluationTooComplex(f"A number has an exponent beyond ±{LARGEST_EXPONENT}.")
    return Fraction(number)
