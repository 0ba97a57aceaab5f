"""Money on the wire: decimal strings, never numbers, never more than the cents there are."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext
from typing import Final

AMOUNT: Final = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})?")
CURRENCY: Final = re.compile(r"[A-Z]{3}")
DEFAULT_CURRENCY: Final = "USD"
CENT: Final = Decimal("0.01")
EXACT: Final = Context(prec=100)


def exact() -> AbstractContextManager[Context]:
    """Reckon without rounding in a block, whatever precision the caller's own thread has."""
    return localcontext(EXACT)


def amount_from(value: object) -> Decimal:
    """Read an amount as it goes on the wire: a decimal string without sign, at most two places.

    Raises:
        ValueError: it is anything else; a number may have been rounded before it came here.
    """
    if isinstance(value, bool | int | float | Decimal):
        raise ValueError(  # noqa: TRY004 - callers name one fault, whatever the type
            'an amount is a decimal string such as "10.00", not a number'
        )
    if not isinstance(value, str) or AMOUNT.fullmatch(value) is None:
        raise ValueError('an amount is a decimal string such as "10.00", with at most two places')
    return Decimal(value).quantize(CENT)


def as_on_the_wire(value: object) -> object:
    """Write a Decimal as the text that goes on the wire; anything else stays as it is."""
    return format(value, "f") if isinstance(value, Decimal) else value


def currency_from(value: object) -> str:
    """Read a currency.

    Raises:
        ValueError: it has not three capital letters.
    """
    if not isinstance(value, str) or CURRENCY.fullmatch(value) is None:
        raise ValueError(f"a currency has three capital letters, not {value!r}")
    return value


def written(amount: Decimal) -> str:
    """Write an amount with two places."""
    return str(amount.quantize(CENT))
