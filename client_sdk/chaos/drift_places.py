"""Places of a body that a schema declares, and edits of schema and body at such a place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from client_sdk.chaos.mutators import NotApplicable
from client_sdk.contract.pointer import join
from client_sdk.contract.values import JsonObject, JsonValue

NEVER: Final[JsonObject] = {"not": {}}  # what no value fits, in every dialect
EACH: Final = "*"  # every item of an array
DEEPEST: Final = 4
Change = Callable[[JsonValue], JsonValue]


@dataclass(frozen=True, slots=True)
class Place:
    """A declared place: the way to it in a body, and its schema as it is written there."""

    way: tuple[str, ...]
    schema: JsonObject

    @property
    def pointer(self) -> str:
        """The way as a JSON Pointer; `*` stands for every item of an array."""
        pointer = ""
        for step in self.way:
            pointer = join(pointer, step)
        return pointer

    @property
    def is_member(self) -> bool:
        """Whether it is a named member of an object."""
        return bool(self.way) and self.way[-1] != EACH


def places_of(schema: JsonValue, way: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every place that `properties` and `items` declare in line, outermost first.

    What stands behind a reference or inside a choice is not taken apart.
    """
    if not isinstance(schema, dict) or len(way) > DEEPEST:
        return
    yield Place(way, schema)
    properties = schema.get("properties")
    for name, below in properties.items() if isinstance(properties, dict) else ():
        yield from places_of(below, (*way, name))
    yield from places_of(schema.get("items"), (*way, EACH))


def schema_with(schema: JsonValue, way: tuple[str, ...], edit: Change) -> JsonValue:
    """Give the schema with what is declared at the way edited."""
    if not way or not isinstance(schema, dict):
        return edit(schema)
    first, rest = way[0], way[1:]
    if first == EACH:
        return {**schema, "items": schema_with(schema.get("items"), rest, edit)}
    properties = schema.get("properties")
    members = properties if isinstance(properties, dict) else {}
    below = schema_with(members.get(first), rest, edit)
    return {**schema, "properties": {**members, first: below}}


def body_with(body: JsonValue, way: tuple[str, ...], change: Change) -> JsonValue:
    """Give the body with what stands at the way changed.

    Raises:
        NotApplicable: nothing stands there.
    """
    if not way:
        return change(body)
    first, rest = way[0], way[1:]
    if first == EACH:
        if not isinstance(body, list) or not body:
            raise NotApplicable("the array has no items")
        return [body_with(item, rest, change) for item in body]
    if not isinstance(body, dict) or first not in body:
        raise NotApplicable(f"{first!r} is not in the body")
    return {**body, first: body_with(body[first], rest, change)}


def schema_without(schema: JsonValue, way: tuple[str, ...], new_name: str = "") -> JsonValue:
    """Give the schema in which a member is never there, or under another name."""
    name = way[-1]

    def edit(parent: JsonValue) -> JsonValue:
        if not isinstance(parent, dict):
            return parent
        properties, required = parent.get("properties"), parent.get("required")
        members = dict(properties) if isinstance(properties, dict) else {}
        moved = members.get(name, {})
        members[name] = NEVER  # left out it would be open to anything where nothing else is named
        names = [each for each in required if each != name] if isinstance(required, list) else []
        if new_name:
            members[new_name] = moved
            names = [*names, new_name]
        return {**parent, "properties": members, "required": names}

    return schema_with(schema, way[:-1], edit)


def body_without(body: JsonValue, way: tuple[str, ...], new_name: str = "") -> JsonValue:
    """Give the body without a member, or with it under another name.

    Raises:
        NotApplicable: the member is not there.
    """
    name = way[-1]

    def change(parent: JsonValue) -> JsonValue:
        if not isinstance(parent, dict) or name not in parent:
            raise NotApplicable(f"{name!r} is not in the body")
        rest = {each: value for each, value in parent.items() if each != name}
        return {**rest, new_name: parent[name]} if new_name else rest

    return body_with(body, way[:-1], change)


def as_pointer(field: str) -> str:
    """Give the pointer of a field, which may be written as a member's name."""
    return field if field.startswith("/") else join("", field)
