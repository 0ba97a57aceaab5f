"""Changes values: always to another value, always of the same JSON type.

Texts keep their look: a date stays a date, a version a version, a decimal its places.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from client_sdk.chaos.decisions import Draws
from client_sdk.contract.document import json_equal
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import ToolContract, is_success
from client_sdk.contract.pointer import resolve, tokens_of
from client_sdk.contract.sampling import sample_inputs
from client_sdk.contract.values import JsonValue

MEMBER: Final = "unexpected"
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(.*)", re.ASCII | re.DOTALL)
_VERSION: Final = re.compile(r"(v?\d+(?:\.\d+){2,})(.*)", re.ASCII | re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_HEX: Final = re.compile(r"[0-9a-f-]*\d[0-9a-f-]*", re.ASCII)
_ALPHABETS: Final = (digits, ascii_lowercase, ascii_uppercase)
_SAMPLES: Final = 24


class NotApplicable(Exception):
    """A change cannot be made to this value; the message says why."""


def changed_value(value: JsonValue, draws: Draws) -> JsonValue:
    """Give another value of the same JSON type.

    Raises:
        NotApplicable: the type has one value only (null).
    """
    if isinstance(value, bool):  # before the numbers: for Python a boolean is one
        return not value
    if isinstance(value, str):
        return changed_text(value, draws)
    if isinstance(value, int | float | Decimal):
        return _changed_number(value)
    if isinstance(value, list):
        return value[:-1] if value else [None]
    if isinstance(value, dict):
        return dict(list(value.items())[:-1]) if value else {MEMBER: True}
    if value is not None:  # bytes, a date: what a client may answer beside JSON
        raise NotApplicable(f"a {type(value).__name__} is no JSON value")
    raise NotApplicable("null is the only value of its type")


def changed_text(text: str, draws: Draws) -> str:
    """Give another text of the same look: a date, a version, a decimal, or the same letters."""
    if not text:
        return "x"
    for change in (_other_date, _other_version, _other_number):
        found = change(text)
        if found is not None:
            return found
    return _other_letter(text, draws)


def sampled_value(
    tool: ToolContract, status: int, body: JsonValue, pointer: str, draws: Draws
) -> JsonValue:
    """Give another value for a place of a body that the contract understands as well.

    Raises:
        NotApplicable: the contract's own schema admits no other value of that type there.
    """
    before = resolve(body, pointer)
    for other in _samples(tool, status, body, draws):
        with suppress(KeyError):
            after = resolve(other, pointer)
            same_type = json_type(after) == json_type(before)
            if (
                same_type
                and not json_equal(after, before)
                and _differ_only_at(body, other, pointer)
            ):
                return after
    raise NotApplicable("the contract admits no other value there")


def json_type(value: JsonValue) -> str:
    """Name the JSON type of a value."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list | dict):
        return "array" if isinstance(value, list) else "object"
    return "number"


def replaced(value: JsonValue, tokens: Sequence[str], new: JsonValue) -> JsonValue:
    """Give a copy in which another value stands at the tokens; the rest is shared."""
    if not tokens:
        return new
    first, rest = tokens[0], tokens[1:]
    if isinstance(value, list):
        index = int(first)
        return [*value[:index], replaced(value[index], rest, new), *value[index + 1 :]]
    members = value if isinstance(value, dict) else {}
    return {**members, first: replaced(members.get(first), rest, new)}


def _samples(tool: ToolContract, status: int, body: JsonValue, draws: Draws) -> Sequence[JsonValue]:
    if not is_success(status):
        return ()
    try:
        shape = tool.output_shape(status)
        seed = draws.below("sample", 2**31)
        return [
            sample.value for sample in sample_inputs(shape, seed=seed, around=body, limit=_SAMPLES)
        ]
    except ContractError:
        return ()


def _differ_only_at(body: JsonValue, other: JsonValue, pointer: str) -> bool:
    tokens = tokens_of(pointer)
    return json_equal(replaced(body, tokens, None), replaced(other, tokens, None))


def _changed_number(number: float | Decimal) -> int | float | Decimal:
    """One more in the last place, so that a decimal keeps its places."""
    if isinstance(number, Decimal):
        exponent = number.as_tuple().exponent
        step = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
        return number + step
    return number + 1 if number + 1 != number else -number


def _other_date(text: str) -> str | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
        other = day - timedelta(days=1) if day.day > 1 else day + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return other.isoformat() + found[2]


def _other_version(text: str) -> str | None:
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    above, _, last = found[1].rpartition(".")
    return f"{above}.{int(last[:300]) + 1}{found[2]}"


def _other_number(text: str) -> str | None:
    """Another last digit: no sign is lost, no place, and nothing turns scientific."""
    if _NUMBER.fullmatch(text) is None:
        return None
    return text[:-1] + str((int(text[-1]) + 1) % 10)


def _other_letter(text: str, draws: Draws) -> str:
    """Another letter of the same kind at one place."""
    start = draws.below("place", len(text))
    for at in (*range(start, len(text)), *range(start)):
        alphabet = _alphabet_of(text, text[at])
        if alphabet:
            other = alphabet[(alphabet.index(text[at]) + 1) % len(alphabet)]
            return text[:at] + other + text[at + 1 :]
    return text + "x"


def _alphabet_of(text: str, letter: str) -> str:
    if letter in "abcdef" and _HEX.fullmatch(text):
        return "abcdef"
    return next((each for each in _ALPHABETS if letter in each), "")
