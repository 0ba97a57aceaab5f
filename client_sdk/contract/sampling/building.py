"""Values out of rooms: a small one, a full one, and what else could stand at each place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final

from client_sdk.contract import pointer as pointers
from client_sdk.contract.sampling.rooms import CannotBuild, Node, Room, room_of
from client_sdk.contract.sampling.scalars import (
    json_type,
    numbers_in,
    pattern_text,
    plain_number,
    texts_in,
)
from client_sdk.contract.values import JsonObject, JsonValue

MAX_DEPTH: Final = 12
FULL_DEPTH: Final = 5  # optional members are left out below it, or a tree would never end
MOST_ITEMS: Final = 20
MAX_BUILT: Final = 300
TYPE_ORDER: Final = ("object", "string", "integer", "number", "array", "boolean", "null")


@dataclass(slots=True)
class Effort:
    """How many values may still be made; a wide tree would never end otherwise."""

    left: int = MAX_BUILT

    def spend(self) -> None:
        """Count one value.

        Raises:
            CannotBuild: even what is required takes too many.
        """
        self.left -= 1
        if self.left < -2 * MAX_BUILT:
            raise CannotBuild


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds values; `full` takes optional members along, as long as there is effort left."""

    seed: int
    full: bool
    effort: Effort = field(default_factory=Effort)

    def build(self, nodes: list[Node], *, choice: int = 0, depth: int = 0) -> JsonValue:
        """Make one value for a place.

        Raises:
            CannotBuild: none was found.
        """
        self.effort.spend()
        if depth > MAX_DEPTH:
            raise CannotBuild
        room = room_of(nodes, choice)
        if room.values is not None:
            return self._listed(room)
        for name in _types(room):
            with suppress(CannotBuild):
                return self._of_type(name, room, depth)
        raise CannotBuild

    def members_of(self, room: Room) -> list[str]:
        """Name the members that this builder puts into an object."""
        takes_all = self.full and self.effort.left > 0
        names = dict.fromkeys([*room.required, *(room.members if takes_all else ())])
        for name in list(names):
            names.update(dict.fromkeys(room.companions.get(name, ())))
        return list(names)

    def _listed(self, room: Room) -> JsonValue:
        fitting = [value for value in room.values or () if _type_fits(room, value)]
        if not fitting:
            raise CannotBuild
        return fitting[-1 if self.full else 0]

    def _of_type(self, name: str, room: Room, depth: int) -> JsonValue:
        if name == "object":
            return self._object(room, depth)
        if name == "array":
            return self._array(room, depth)
        if name == "string":
            texts = texts_in(room, seed=self.seed)
            return texts[0]
        if name in {"integer", "number"}:
            return plain_number(numbers_in(room, whole=name == "integer"))
        return False if name == "boolean" else None

    def _object(self, room: Room, depth: int) -> JsonObject:
        small = self if depth < FULL_DEPTH else replace(self, full=False)
        built: JsonObject = {}
        for name in small.members_of(room):
            try:
                built[name] = small.build(room.members.get(name, []), depth=depth + 1)
            except CannotBuild:
                if name in room.required:
                    raise
        for name in room.members:
            if len(built) < room.min_members and name not in built:
                with suppress(CannotBuild):
                    built[name] = small.build(room.members[name], depth=depth + 1)
        for name in self._other_names(room, room.min_members - len(built)):
            built.setdefault(name, self.build(room.others[:1], depth=depth + 1))
        return built

    def _other_names(self, room: Room, count: int) -> Iterator[str]:
        if self.full and not room.members:
            count = max(count, 1)
        for index in range(min(count, MOST_ITEMS) if room.others or count > 0 else 0):
            source = room.other_names[0] if room.other_names else None
            found = pattern_text(source, self.seed + index, Room()) if source else None
            yield found or f"key{index + 1}"

    def _array(self, room: Room, depth: int) -> JsonValue:
        wanted = max(room.min_items, 1 if self.full and (room.items or room.first_items) else 0)
        if self.full:
            wanted = max(wanted, len(room.first_items))
        if room.max_items is not None:
            wanted = min(wanted, room.max_items)
        return [self.item(room, index, depth) for index in range(min(wanted, MOST_ITEMS))]

    def item(self, room: Room, index: int, depth: int) -> JsonValue:
        """Make the item at an index; neighbours differ where alternatives allow it."""
        if index < len(room.first_items):
            return self.build(room.first_items[index], depth=depth + 1)
        different = replace(self, seed=self.seed + index)
        return different.build(room.items, choice=index, depth=depth + 1)


def places(
    nodes: list[Node], value: JsonValue, pointer: str = ""
) -> Iterator[tuple[str, list[Node]]]:
    """Give every place of a built value, outermost first, with the schemas that meet there."""
    yield pointer, nodes
    try:
        room = room_of(nodes)
    except CannotBuild:
        return
    if isinstance(value, dict):
        for name, child in value.items():
            below = room.members.get(name, room.others)
            yield from places(below, child, pointers.join(pointer, name))
    elif isinstance(value, list):
        for index, item in enumerate(value[:1]):
            below = room.first_items[index] if index < len(room.first_items) else room.items
            yield from places(below, item, pointers.join(pointer, index))


def alternatives(nodes: list[Node], builder: Builder) -> Iterator[JsonValue]:
    """Give what else could stand at a place: listed values, edges, other types and branches."""
    room = room_of(nodes)
    if room.values is not None:
        yield from room.values
        return
    for name in _types(room):
        yield from _edges(name, room, builder)
    for choice in range(1, room.choices):
        yield from _branch(nodes, choice, builder)


def _edges(name: str, room: Room, builder: Builder) -> Iterator[JsonValue]:
    try:
        if name in {"integer", "number"}:
            yield from numbers_in(room, whole=name == "integer")
        elif name == "string":
            yield from texts_in(room, seed=builder.seed)
        elif name == "boolean":
            yield from (False, True)
        elif name == "null":
            yield None
        elif name == "array":
            yield from _arrays(room, builder)
    except CannotBuild:
        return


def _arrays(room: Room, builder: Builder) -> Iterator[JsonValue]:
    small = replace(builder, full=False)
    most = 2 if room.max_items is None else room.max_items
    for length in dict.fromkeys((room.min_items, min(most, MOST_ITEMS))):
        yield [small.item(room, index, 0) for index in range(length)]


def _branch(nodes: list[Node], choice: int, builder: Builder) -> Iterator[JsonValue]:
    for full in (False, True):
        try:
            yield replace(builder, full=full).build(nodes, choice=choice)
        except CannotBuild:
            continue


def _types(room: Room) -> list[str]:
    if room.types is not None:
        return [name for name in TYPE_ORDER if name in room.types]
    return [_guessed_type(room)]


def _guessed_type(room: Room) -> str:
    if room.members or room.required or room.others or room.min_members:
        return "object"
    if room.items or room.first_items or room.min_items or room.max_items is not None:
        return "array"
    if room.low or room.high or room.step:
        return "number"
    return "string"


def _type_fits(room: Room, value: JsonValue) -> bool:
    name = json_type(value)
    return (
        room.types is None or name in room.types or (name == "number" and "integer" in room.types)
    )
