"""The data of a screen as JSON: the same values its template reads."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

from client_sdk.contract.document import JsonObject, JsonValue
from client_sdk.contract.evolve import Report


def json_of(value: object) -> JsonValue:
    """A value of frozen dataclasses, tuples, words and times as JSON; times in UTC with a Z."""
    match value:
        case Enum():
            return json_of(value.value)
        case None | bool() | int() | float() | Decimal() | str():
            return value
        case Mapping():
            return {str(key): json_of(member) for key, member in value.items()}
        case tuple() | list() | frozenset():
            return [json_of(item) for item in value]
        case _:
            return _other(value)


def _other(value: object) -> JsonValue:
    match value:
        case Report():
            return value.to_json()
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case _:
            return _members(value) if is_dataclass(value) else str(value)


def _members(value: object) -> JsonObject:
    if not is_dataclass(value):
        return {}
    return {member.name: json_of(getattr(value, member.name)) for member in fields(value)}
