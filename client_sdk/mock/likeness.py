"""Likeness of two JSON values: the same members with the same types, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from client_sdk.contract.values import JsonValue, is_number

ITEM: Final = "[]"


def differences(mocked: JsonValue, real: JsonValue) -> Iterator[str]:
    """Say in words where a mocked value is made otherwise than the real one.

    An empty array says nothing about its items.
    """
    left, right = _places(mocked), _places(real)
    for place in sorted(left.keys() | right.keys()):
        if _is_beside_nothing(place, left, right):
            continue
        where = place or "the body"
        if place not in left:
            yield f"{where} is missing in the mock"
        elif place not in right:
            yield f"{where} is not there in the real thing"
        elif left[place] != right[place]:
            yield f"{where} is {_types(left[place])} in the mock, {_types(right[place])} really"


def _places(value: JsonValue, place: str = "") -> dict[str, frozenset[str]]:
    """Give the types found at each place; the items of an array share one."""
    found: dict[str, frozenset[str]] = {place: frozenset({_type_of(value)})}
    below: list[tuple[str, JsonValue]] = []
    if isinstance(value, dict):
        below = [(f"{place}/{name}", member) for name, member in value.items()]
    elif isinstance(value, list):
        below = [(f"{place}/{ITEM}", item) for item in value]
    for where, inner in below:
        for at, types in _places(inner, where).items():
            found[at] = found.get(at, frozenset()) | types
    return found


def _is_beside_nothing(
    place: str, left: dict[str, frozenset[str]], right: dict[str, frozenset[str]]
) -> bool:
    """Say whether a place is below one that one side has not, or in an array empty there."""
    if not place:
        return False
    above = place.rpartition("/")[0]
    if above not in left or above not in right or _is_beside_nothing(above, left, right):
        return True
    is_item = place.endswith(f"/{ITEM}")
    return is_item and (place not in left or place not in right)


def _type_of(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "boolean"
    if is_number(value):
        return "number"
    names = {dict: "object", list: "array", str: "string", type(None): "null"}
    return names.get(type(value), type(value).__name__)


def _types(types: frozenset[str]) -> str:
    return " or ".join(sorted(types))
