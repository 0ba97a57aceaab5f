"""Values as they are kept and compared: whole copies, and conditions on an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from client_sdk.contract.document import json_equal
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonValue

Condition: TypeAlias = "Callable[[JsonValue], bool] | Mapping[str, JsonValue]"


def copied(value: JsonValue) -> JsonValue:
    """Give a copy of a JSON value that shares nothing that can be changed."""
    if isinstance(value, dict):
        return {name: copied(member) for name, member in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


def fits(condition: Condition | None, value: JsonValue) -> bool:
    """Say whether an input meets a condition: a test, or members that it must have.

    An object in the condition is met by an object with at least its members.
    """
    if condition is None:
        return True
    if callable(condition):
        return bool(condition(value))
    return _covers(value, dict(condition))


def _covers(value: JsonValue, wanted: JsonValue) -> bool:
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(name in value and _covers(value[name], wanted[name]) for name in wanted)
    try:
        return json_equal(value, wanted)
    except (ContractError, TypeError):  # a caller in this process may send what is no JSON
        return bool(value == wanted)
