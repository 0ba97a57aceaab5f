"""JSON out: exact text, the canonical form (RFC 8785), digests and equality.

Numbers are written by value from exact decimals in the layout of ECMAScript's Number::toString,
which is what RFC 8785 prescribes where a double holds the value. Nothing here recurses, so a
deep value costs memory, never the stack.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from json.encoder import JSONEncoder, encode_basestring
from typing import Final, TypeAlias, cast

from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.values import JsonObject, JsonValue, is_finite

_Scalar: TypeAlias = "bool | int | Decimal | float | str | None"
_quote: Final[Callable[[str], str]] = encode_basestring
_PLAIN_DIGITS: Final = 21  # Number::toString writes up to so many digits before the point
_LEADING_ZEROS: Final = 6  # and, below one, up to so many places without an exponent
_PLAIN_INTEGER: Final = 10**_PLAIN_DIGITS


def dumps(value: JsonValue, *, indent: int | None = None) -> str:
    """Write JSON text in the order of the value; a Decimal keeps every digit it was read with."""
    separators = (", ", ": ") if indent is None else (",", ": ")
    text = _quickly_written(value, _encoder(separators, indent))
    if text is not None:
        return text
    return _written(value, _Layout(_as_given, _exact_number, *separators, indent))


def canonical_json(value: JsonValue) -> bytes:
    """Write the canonical form: equal values give equal bytes, different values different ones."""
    try:
        return _canonical_text(value).encode("utf-8")
    except UnicodeEncodeError:
        message = "A string holds half of a surrogate pair, which UTF-8 cannot write."
        raise DocumentInvalid(message, (Fault("lone-surrogate", "", message),)) from None


def digest_of(value: JsonValue) -> str:
    """Give `sha256:` and the hex digest of the canonical form."""
    return "sha256:" + hashlib.sha256(canonical_json(value)).hexdigest()


def equality_key(value: JsonValue) -> str:
    """Give a string that two values share exactly when they are equal as JSON.

    A string and not a number: hashes of strings are seeded, so a list of crafted numbers cannot
    make a set of keys quadratic.
    """
    return '"' + value if isinstance(value, str) else _canonical_text(value)


def json_equal(a: JsonValue, b: JsonValue) -> bool:
    """Tell whether two values are equal as JSON: `1` is `1.0`, `true` is not `1`."""
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    return equality_key(a) == equality_key(b)


def utf16_order(key: str) -> bytes:
    """Give the sort key of RFC 8785: the order of UTF-16 code units."""
    return key.encode("utf-16-be", "surrogatepass")


def _canonical_text(value: JsonValue) -> str:
    text = _quickly_written(value, _ORDERED)
    return _written(value, _CANONICAL) if text is None else text


def _quickly_written(value: JsonValue, encoder: JSONEncoder) -> str | None:
    """Write with the standard encoder where it writes the same; None where it may not.

    It does for everything but fractions, huge integers and the order of astral characters.
    What looks like one of these inside a string only costs the slower way.
    """
    if isinstance(value, str):
        return None
    try:
        text = encoder.encode(value)
    except (TypeError, ValueError, RecursionError):  # a Decimal, NaN, or too deep for its stack
        return None
    if not text.isascii() and _ASTRAL.search(text):
        return None
    # A blank in front, so that a number that stands alone is found like one in a list.
    is_careless = _WANTS_CARE.search(text if isinstance(value, dict | list) else f" {text}") is None
    return text if is_careless else None


@cache
def _encoder(separators: tuple[str, str], indent: int | None) -> JSONEncoder:
    return JSONEncoder(ensure_ascii=False, allow_nan=False, separators=separators, indent=indent)


_ORDERED: Final = JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_WANTS_CARE: Final = re.compile(
    r"[\[,:\s]-?(?:[0-9]{21}|[0-9]+(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)(?=[,\]}\s]|$))"
)


@dataclass(frozen=True, slots=True)
class _Layout:
    order: Callable[[JsonObject], Iterable[str]]
    number: Callable[[int | Decimal | float], str]
    item_separator: str
    key_separator: str
    indent: int | None = None

    def lead(self, depth: int) -> str:
        return "" if self.indent is None else "\n" + " " * (self.indent * depth)


def _written(value: JsonValue, layout: _Layout) -> str:
    out: list[str] = []
    if not isinstance(value, dict | list):
        return _scalar(value, layout)
    open_containers = [_members(value, out, layout, 1)]
    while open_containers:
        child = next(open_containers[-1], None)
        if child is None:
            open_containers.pop()
        else:
            open_containers.append(_members(child, out, layout, len(open_containers) + 1))
    return "".join(out)


def _members(
    container: JsonObject | list[JsonValue], out: list[str], layout: _Layout, depth: int
) -> Iterator[JsonObject | list[JsonValue]]:
    """Write one container, handing out each container inside it at its place."""
    brackets = "{}" if isinstance(container, dict) else "[]"
    if not container:
        out.append(brackets)
        return
    lead = layout.lead(depth)
    before = brackets[0] + lead
    for label, child in _labelled(container, layout):
        out.append(before + label)
        before = layout.item_separator + lead
        if isinstance(child, dict | list):
            yield child
        else:
            out.append(_scalar(child, layout))
    out.append(layout.lead(depth - 1) + brackets[1])


def _labelled(
    container: JsonObject | list[JsonValue], layout: _Layout
) -> Iterator[tuple[str, JsonValue]]:
    if isinstance(container, list):
        return ((("", item)) for item in container)
    separator = layout.key_separator
    return ((_quote(key) + separator, container[key]) for key in layout.order(container))


def _scalar(value: _Scalar, layout: _Layout) -> str:
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, int) and not is_finite(value):
        message = "NaN and Infinity are no JSON numbers."
        raise DocumentInvalid(message, (Fault("number-not-finite", "", message),))
    return layout.number(value)


def _as_given(container: JsonObject) -> Iterable[str]:
    return container


def _canonical_order(container: JsonObject) -> list[str]:
    """Order by UTF-16 code units, which differs from code points beyond U+FFFF only."""
    if "".join(container).isascii():
        return sorted(container)
    return sorted(container, key=utf16_order)


def _exact_number(number: float | Decimal) -> str:
    return repr(number) if isinstance(number, float) else str(number)


def _canonical_number(number: float | Decimal) -> str:
    if isinstance(number, int) and -_PLAIN_INTEGER < number < _PLAIN_INTEGER:
        return str(int(number))
    if isinstance(number, float):
        number = Decimal(repr(number))
    sign, digits, exponent = Decimal(number).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    point = len(text) + cast("int", exponent)
    text = text.rstrip("0")
    return ("-" if sign else "") + _laid_out(text, point) if text else "0"


def _laid_out(digits: str, point: int) -> str:
    """Lay out 0.`digits` times ten to the power of `point` (ECMA-262, Number::toString)."""
    count = len(digits)
    if count <= point <= _PLAIN_DIGITS:
        return digits + "0" * (point - count)
    if 0 < point <= _PLAIN_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if -_LEADING_ZEROS < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


_CANONICAL: Final = _Layout(_canonical_order, _canonical_number, ",", ":")
