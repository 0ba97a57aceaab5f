r"""``\p{..}``: Unicode properties, each computed when a pattern first names it."""

import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from client_sdk.contract.patterns.charset import ANY, CharSet, charset_from_intervals


class UnknownProperty(LookupError):
    """A property that the standard library cannot answer for."""


def property_set(expression: str) -> CharSet:
    r"""Return the characters that ``\p{expression}`` stands for.

    Known are the values of General_Category by short and long name, with or without
    ``General_Category=``, and Any, ASCII, ASCII_Hex_Digit and Assigned.

    Raises:
        UnknownProperty: for everything else, scripts among it.
    """
    name, equals, value = expression.partition("=")
    if equals:
        if name not in {"General_Category", "gc"}:
            raise UnknownProperty(expression)
        return _category(value)
    if name in _BINARY:
        return _binary(name)
    return _category(name)


def _category(name: str) -> CharSet:
    short = _LONG_NAMES.get(name, name)
    if short == "LC":
        return _categories("Lu").union(_categories("Ll"), _categories("Lt"))
    if short not in _LONG_NAMES.values():
        raise UnknownProperty(name)
    return _categories(short)


@lru_cache(maxsize=64)
def _categories(prefix: str) -> CharSet:
    return charset_from_intervals(
        interval for category, interval in _category_runs() if category.startswith(prefix)
    )


@lru_cache(maxsize=1)
def _category_runs() -> tuple[tuple[str, tuple[int, int]], ...]:
    """Cut the code points into runs of one category each."""
    runs: list[tuple[str, tuple[int, int]]] = []
    start, current = 0, unicodedata.category("\0")
    for code_point in range(1, sys.maxunicode + 1):
        category = unicodedata.category(chr(code_point))
        if category != current:
            runs.append((current, (start, code_point - 1)))
            start, current = code_point, category
    runs.append((current, (start, sys.maxunicode)))
    return tuple(runs)


@lru_cache(maxsize=16)
def _binary(name: str) -> CharSet:
    return _BINARY[name]()


# Only properties that the standard library states exactly: its str methods are derived from
# other Unicode properties (isalpha leaves out Nl and Other_Alphabetic), so Alphabetic,
# Lowercase and Uppercase would be wrong by hundreds of characters.
_BINARY: dict[str, Callable[[], CharSet]] = {
    "Any": lambda: ANY,
    "ASCII": lambda: CharSet(((0, 0x7F),)),
    "ASCII_Hex_Digit": lambda: CharSet(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))),
    "AHex": lambda: CharSet(((0x30, 0x39), (0x41, 0x46), (0x61, 0x66))),
    "Assigned": lambda: _categories("Cn").complement(),
}

_LONG_NAMES = {
    "Letter": "L",
    "Cased_Letter": "LC",
    "Uppercase_Letter": "Lu",
    "Lowercase_Letter": "Ll",
    "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm",
    "Other_Letter": "Lo",
    "Mark": "M",
    "Combining_Mark": "M",
    "Nonspacing_Mark": "Mn",
    "Spacing_Mark": "Mc",
    "Enclosing_Mark": "Me",
    "Number": "N",
    "Decimal_Number": "Nd",
    "digit": "Nd",
    "Letter_Number": "Nl",
    "Other_Number": "No",
    "Punctuation": "P",
    "punct": "P",
    "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd",
    "Open_Punctuation": "Ps",
    "Close_Punctuation": "Pe",
    "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf",
    "Other_Punctuation": "Po",
    "Symbol": "S",
    "Math_Symbol": "Sm",
    "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk",
    "Other_Symbol": "So",
    "Separator": "Z",
    "Space_Separator": "Zs",
    "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp",
    "Other": "C",
    "Control": "Cc",
    "cntrl": "Cc",
    "Format": "Cf",
    "Surrogate": "Cs",
    "Private_Use": "Co",
    "Unassigned": "Cn",
}
