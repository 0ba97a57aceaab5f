"""Python values as JSON: what goes on the wire, and what a file gives back with its type.

On the wire a Decimal, a date and bytes are text, so that what is recorded equals what is sent. In
a file a date and bytes of an answer are marked, so that playback gives the same type as the call.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from client_sdk.contract.values import JsonValue

DATETIME: Final = "$datetime"
BYTES: Final = "$bytes"
LITERAL: Final = "$literal"
MARKS: Final = frozenset({DATETIME, BYTES, LITERAL})
MONEY_NAMES: Final = frozenset({"amount", "balance"})


def wire_value(value: Any, name: str = "input_data") -> JsonValue:  # noqa: ANN401 - a caller's value
    """Give a fresh JSON value: Decimal, date, UUID and bytes (as base64) become text.

    Raises:
        ValueError: a number is not finite, an amount of money is a float, or it is nested too
            deeply to be JSON that anybody reads.
        TypeError: a value has no JSON form; the message says where it stands.
    """
    try:
        return _wire_value(value, name)
    except RecursionError:
        raise ValueError(f"{name} is nested too deeply: flatten it") from None


def file_value(value: Any, name: str = "body") -> JsonValue:  # noqa: ANN401 - any answer
    """Give the form a value has in a file; `value_from_file` is its inverse.

    Raises:
        ValueError: a number is not finite.
        TypeError: a value has no such form.
    """
    if isinstance(value, dict):
        members = {
            _key(key, name): file_value(each, f"{name}.{key}") for key, each in value.items()
        }
        return {LITERAL: members} if _looks_marked(members) else members
    if isinstance(value, list | tuple):
        return [file_value(each, f"{name}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, datetime):
        return {DATETIME: value.isoformat()}
    if isinstance(value, bytes):
        return {BYTES: base64.b64encode(value).decode()}
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        raise ValueError(f"{name} is {value}, which JSON cannot write")
    if value is None or isinstance(value, str | bool | int | float | Decimal):
        return value
    raise TypeError(f"{name} is a {type(value).__name__}, which a cassette cannot hold")


def value_from_file(value: JsonValue) -> Any:  # noqa: ANN401 - the answer as it was
    """Give a fresh value out of its form in a file."""
    if isinstance(value, list):
        return [value_from_file(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _looks_marked(value):
        ((mark, content),) = value.items()
        if mark == LITERAL and isinstance(content, dict):
            return {key: value_from_file(each) for key, each in content.items()}
        if mark == DATETIME:
            return datetime.fromisoformat(str(content))
        if mark == BYTES:
            return base64.b64decode(str(content))
    return {key: value_from_file(each) for key, each in value.items()}


def holds_floats(value: Any) -> bool:  # noqa: ANN401 - any answer
    """Say whether the numbers of an answer are floats: some are, and none is a Decimal."""
    kinds = set(_number_kinds(value))
    return float in kinds and Decimal not in kinds


def with_floats(value: Any) -> Any:  # noqa: ANN401 - any answer
    """Give a copy with a float where a Decimal stands."""
    if isinstance(value, dict):
        return {key: with_floats(each) for key, each in value.items()}
    if isinstance(value, list):
        return [with_floats(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def copied(value: Any) -> Any:  # noqa: ANN401 - a JSON value, or one with typed leaves
    """Copy containers at every depth; leaves are immutable. Many times faster than `deepcopy`."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [copied(each) for each in value]
    return value


def _wire_value(value: Any, name: str) -> JsonValue:  # noqa: ANN401 - a caller's value
    if value is None or isinstance(value, str | bool | int):
        return _plain(value)
    if isinstance(value, Mapping):
        return {_key(key, name): _wire_value(each, f"{name}.{key}") for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_wire_value(each, f"{name}[{index}]") for index, each in enumerate(value)]
    if isinstance(value, float):
        return _checked_float(value, name)
    for kind, written in _WIRE_FORMS.items():
        if isinstance(value, kind):
            return written(value)
    raise TypeError(f"{name} is a {type(value).__name__}, which has no JSON form: convert it first")


def _number_kinds(value: Any) -> Iterator[type]:  # noqa: ANN401 - any answer
    if isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _number_kinds(each)
    elif isinstance(value, float | Decimal):
        yield Decimal if isinstance(value, Decimal) else float


def _plain(value: str | bool | int | None) -> JsonValue:  # noqa: FBT001 - a JSON scalar
    if isinstance(value, str):
        return str(value)  # an enum of strings is its text
    return value


def _key(key: object, name: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{name} has the key {key!r}; a JSON object's keys are text")
    return key


def _checked_float(number: float, name: str) -> float:
    if not math.isfinite(number):
        raise ValueError(f"{name} is {number}, which JSON cannot write")
    last = name.rsplit(".", 1)[-1]
    if last in MONEY_NAMES:
        raise ValueError(
            f"{name} is the float {number}: give money as a Decimal or as text such as '25.00'"
        )
    return number


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError(f"{value} is no amount")
    return format(value, "f")


def _looks_marked(value: Mapping[str, JsonValue]) -> bool:
    return len(value) == 1 and not MARKS.isdisjoint(value)


_WIRE_FORMS: Final[Mapping[type, Callable[[Any], str]]] = {
    Decimal: _decimal,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bytes: lambda value: base64.b64encode(value).decode(),
    UUID: str,
}
