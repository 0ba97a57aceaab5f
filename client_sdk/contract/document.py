"""Strict JSON in: bytes from a stranger become a value, or a refusal that names the position.

The standard parser is fast but lenient, so what it lets through is refused around it: depth and
count before it runs (its recursion limit depends on the caller's stack), bad escapes before,
duplicate keys and numbers from its hooks. Only when something is wrong a slow walk
(`positions`) finds the place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from itertools import accumulate
from typing import Final, NoReturn

from client_sdk.contract.canonical import canonical_json, digest_of, dumps, equality_key, json_equal
from client_sdk.contract.errors import DocumentMalformed, DocumentTooLarge, Fault
from client_sdk.contract.positions import first_fault, where
from client_sdk.contract.values import DEFAULT_LIMITS, JsonObject, JsonValue, Limits

__all__ = [
    "DEFAULT_LIMITS",
    "JsonObject",
    "JsonValue",
    "Limits",
    "canonical_json",
    "digest_of",
    "dumps",
    "equality_key",
    "json_equal",
    "parse_untrusted",
]

_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Possessive, with an optional closing quote: linear also on a string that never ends.
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_SPACE: Final = b" \t\r\n"
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_DEPTH_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
# Runs to the end of the text unless an escape is NUL or an unpaired surrogate.
_SOUND_ESCAPES: Final = re.compile(
    r"(?:[^\\]++|\\[^u]"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u(?!0000|[dD][89a-fA-F]))*+",
    re.DOTALL,
)


def parse_untrusted(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> JsonValue:
    """Read strict JSON: integers become int, every other number an exact Decimal.

    Raises:
        DocumentTooLarge: more bytes or values than the limits allow.
        DocumentMalformed: anything else; its fault says where.
    """
    if len(raw) > limits.max_bytes:
        message = f"The document has {len(raw)} bytes; at most {limits.max_bytes} are allowed."
        raise DocumentTooLarge(message, (Fault("too-many-bytes", "", message),))
    text = _decoded(raw)
    if not _is_shallow(raw, limits):
        raise _refusal(text, limits)
    if "\\u" in text and _SOUND_ESCAPES.fullmatch(text) is None:
        raise _refusal(text, limits)
    return _loaded(text, limits)


def _decoded(raw: bytes) -> str:
    if raw.startswith(_BYTE_ORDER_MARKS):
        raise _malformed("byte-order-mark", "A byte order mark stands at byte 0; JSON has none.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start} is not UTF-8."
        raise _malformed("not-utf8", message) from None


def _is_shallow(raw: bytes, limits: Limits) -> bool:
    """Bound depth and count before the parser runs, from what stands outside of strings."""
    skeleton = _STRING.sub(b'"', raw).translate(None, _SPACE)
    brackets = skeleton.translate(None, _NOT_BRACKETS)
    if max(accumulate(map(_DEPTH_STEP.__getitem__, brackets)), default=0) > limits.max_depth:
        return False
    containers = skeleton.count(b"[") + skeleton.count(b"{")
    filled = containers - skeleton.count(b"[]") - skeleton.count(b"{}")
    # n members or items stand with n - 1 commas, so commas + filled containers counts them all.
    values = skeleton.count(b",") + filled + 1
    if values > limits.max_values:
        message = f"The document has {values} values; at most {limits.max_values} are allowed."
        raise DocumentTooLarge(message, (Fault("too-many-values", "", message),))
    return True


def _loaded(text: str, limits: Limits) -> JsonValue:
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer_reader(limits),
            parse_float=_decimal_reader(limits),
        )
    except _Lenient:
        raise _refusal(text, limits) from None
    except json.JSONDecodeError as error:
        message = f"{error.msg} at {where(text, error.pos)}."
        raise _malformed("not-json", message) from None
    return value


class _Lenient(Exception):
    """The standard parser met what strict JSON, or a limit, does not allow."""


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Lenient
    return members


def _refuse_constant(_: str) -> NoReturn:
    raise _Lenient


def _integer_reader(limits: Limits) -> Callable[[str], int]:
    def read(text: str) -> int:
        # Looked at as text: turning a million digits into an int takes minutes.
        digits = text.lstrip("-")
        if len(digits) > limits.max_number_digits and (
            len(digits) > limits.max_exponent + 1
            or len(digits.rstrip("0")) > limits.max_number_digits
        ):
            raise _Lenient
        return int(text)

    return read


def _decimal_reader(limits: Limits) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:  # an exponent of more than 18 digits
            raise _Lenient from None
        if abs(number.adjusted()) > limits.max_exponent:
            raise _Lenient
        if len(text) > limits.max_number_digits:
            digits = "".join(map(str, number.as_tuple().digits))
            if len(digits.strip("0")) > limits.max_number_digits:
                raise _Lenient
        return number

    return read


def _refusal(text: str, limits: Limits) -> DocumentMalformed:
    """Say what is wrong with a text of which something is known to be wrong."""
    fault = first_fault(text, limits) or Fault("not-json", "", "An escape in a string is no JSON.")
    return DocumentMalformed(fault.message, (fault,))


def _malformed(code: str, message: str) -> DocumentMalformed:
    return DocumentMalformed(message, (Fault(code, "", message),))
