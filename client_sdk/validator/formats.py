"""Formats: does a text look like what the `format` of its schema says?

For the kernel a format is a note, as JSON Schema has it; here it is checked. Reached are the
schemas that surely apply: members, items, `allOf` and references inside the document, not the
branches of `anyOf`, `oneOf` or `if`. A format that is not known here stays a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import unquote

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.pointer import join, resolve
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonObject, JsonValue

DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME: Final = re.compile(
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)*")
HOSTNAME: Final = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
UUID: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
REFERENCE_STANDS_ALONE: Final = (Dialect.DRAFT4, Dialect.DRAFT6, Dialect.DRAFT7)


@dataclass(frozen=True, slots=True)
class Misformatted:
    """A text at a place of the value that does not have the format its schema says."""

    pointer: str
    wanted: str
    text: str


def misformatted(shape: Shape, value: JsonValue) -> Iterator[Misformatted]:
    """Give every text that does not have its format, each place and format once."""
    found: dict[tuple[str, str], Misformatted] = {}
    for part in shape.parts:
        alone = part.dialect in REFERENCE_STANDS_ALONE
        waiting = [_Place(part.schema, value)]
        while waiting:  # no recursion: values may be nested deeper than calls may be
            place = waiting.pop()
            waiting += _below(place, part.schema, alone=alone)
            broken = _broken(place)
            if broken is not None and not (alone and _is_reference(place)):
                found.setdefault((broken.pointer, broken.wanted), broken)
    yield from sorted(found.values(), key=lambda each: each.pointer)


@dataclass(frozen=True, slots=True)
class _Place:
    """A schema, the value it is for, and where in the whole that value is."""

    schema: JsonValue
    value: JsonValue
    pointer: str = ""

    def member(self, schema: JsonValue, name: str | int, value: JsonValue) -> _Place:
        """Give the place one step down in the value."""
        return _Place(schema, value, join(self.pointer, name))


def _below(place: _Place, root: JsonValue, *, alone: bool) -> Iterator[_Place]:
    schema = place.schema
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield from _followed(place, root, reference)
        if alone:
            return
    every = schema.get("allOf")
    for each in every if isinstance(every, list) else ():
        yield replace(place, schema=each)
    if isinstance(place.value, dict):
        yield from _members(place, schema, place.value)
    elif isinstance(place.value, list):
        yield from _items(place, schema, place.value)


def _followed(place: _Place, root: JsonValue, reference: str) -> Iterator[_Place]:
    """Follow a pointer into the document; the kernel has refused those that lead in circles.

    One that is relative to an embedded `$id` is not followed.
    """
    if reference == "#" or reference.startswith("#/"):
        try:
            yield replace(place, schema=resolve(root, unquote(reference[1:])))
        except KeyError:
            return


def _members(place: _Place, schema: JsonObject, value: JsonObject) -> Iterator[_Place]:
    named = schema.get("properties")
    known = named if isinstance(named, dict) else {}
    rest = None if "patternProperties" in schema else schema.get("additionalProperties")
    for name, member in value.items():
        below = known.get(name, rest)
        if below is not None:
            yield place.member(below, name, member)


def _items(place: _Place, schema: JsonObject, value: list[JsonValue]) -> Iterator[_Place]:
    items = schema.get("items")
    first = items if isinstance(items, list) else schema.get("prefixItems")
    listed = first if isinstance(first, list) else []
    rest = schema.get("additionalItems") if isinstance(items, list) else items
    for index, item in enumerate(value):
        below = listed[index] if index < len(listed) else rest
        if below is not None:
            yield place.member(below, index, item)


def _broken(place: _Place) -> Misformatted | None:
    if not isinstance(place.schema, dict) or not isinstance(place.value, str):
        return None
    wanted = place.schema.get("format")
    has_it = FORMATS.get(wanted) if isinstance(wanted, str) else None
    if has_it is None or has_it(place.value):
        return None
    return Misformatted(place.pointer, str(wanted), place.value)


def _is_reference(place: _Place) -> bool:
    return isinstance(place.schema, dict) and "$ref" in place.schema


def _is_date(text: str) -> bool:
    return DATE.fullmatch(text) is not None and _is_made(date.fromisoformat, text)


def _is_date_time(text: str) -> bool:
    return text[10:11] in {"T", "t"} and _is_date(text[:10]) and _is_time(text[11:])


def _is_time(text: str) -> bool:
    return TIME.fullmatch(text) is not None


def _is_made(make: Callable[[str], object], text: str) -> bool:
    try:
        make(text)
    except ValueError:
        return False
    return True


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "time": _is_time,
    "email": lambda text: EMAIL.fullmatch(text) is not None,
    "hostname": lambda text: HOSTNAME.fullmatch(text) is not None,
    "ipv4": lambda text: _is_made(IPv4Address, text),
    "ipv6": lambda text: "%" not in text and _is_made(IPv6Address, text),
    "uri": lambda text: URI.fullmatch(text) is not None,
    "uuid": lambda text: UUID.fullmatch(text) is not None,
}
