"""A room: what one place admits, gathered from every schema that meets there.

Gathering is a guess that keeps the usual keywords and drops the rest (`not`, `contains`, ...);
whoever builds from a room checks the result against the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from client_sdk.contract.evaluation.numbers import number_of
from client_sdk.contract.evaluation.resources import Base, LoadedResource, load_resource
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonObject, JsonValue

MAX_GATHERED: Final = 400  # schemas that may meet at one place before it counts as endless


class CannotBuild(Exception):
    """There is no value here that these means can make."""


@dataclass(frozen=True, slots=True)
class Node:
    """A schema where it stands: what its references and its dialect are read against."""

    resource: LoadedResource
    base: Base
    schema: JsonValue

    def at(self, schema: JsonValue) -> Node:
        """Give a subschema of this one."""
        base = self.base
        if isinstance(schema, dict):
            base = self.resource.base_within(base, schema)
        return replace(self, schema=schema, base=base)


@dataclass(slots=True)
class Room:
    """What a place admits; `choices` is how many alternatives there are to choose from."""

    choices: int = 1
    types: frozenset[str] | None = None
    values: list[JsonValue] | None = None
    low: tuple[int | Decimal, bool] | None = None  # the bound, and whether it is itself out
    high: tuple[int | Decimal, bool] | None = None
    step: int | Decimal | None = None
    min_length: int = 0
    max_length: int | None = None
    patterns: list[str] = field(default_factory=list)
    format: str | None = None
    min_items: int = 0
    max_items: int | None = None
    first_items: list[list[Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    members: dict[str, list[Node]] = field(default_factory=dict)
    required: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    companions: dict[str, list[str]] = field(default_factory=dict)
    min_members: int = 0
    others: list[Node] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)


def nodes_of(shape: Shape) -> list[Node]:
    """Give the roots of a shape, one per part."""
    loaded = [load_resource(part) for part in shape.parts]
    return [Node(resource, resource.base, resource.schema) for resource in loaded]


def room_of(nodes: list[Node], choice: int = 0) -> Room:
    """Gather the room of a place, taking the `choice`-th of each set of alternatives.

    Raises:
        CannotBuild: a schema there refuses everything, or they never end.
    """
    room = Room()
    waiting = list(nodes)
    for count, node in enumerate(waiting):
        if node.schema is False or count > MAX_GATHERED:
            raise CannotBuild
        if isinstance(node.schema, dict):
            _gather(node, node.schema, room)
            waiting.extend(_in_place(node, node.schema, room, choice))
    return room


def _in_place(node: Node, schema: JsonObject, room: Room, choice: int) -> list[Node]:
    """Give the schemas that apply to the same place as this one."""
    found = [node.at(each) for each in _list(schema.get("allOf"))]
    for keyword in ("anyOf", "oneOf"):
        branches = _list(schema.get(keyword))
        if branches:
            room.choices = max(room.choices, len(branches))
            found.append(node.at(branches[choice % len(branches)]))
    if "if" in schema:
        room.choices = max(room.choices, 2)
        words = ("if", "then") if choice % 2 == 0 else ("else",)
        found.extend(node.at(schema[word]) for word in words if word in schema)
    reference = schema.get("$ref", schema.get("$dynamicRef"))
    if isinstance(reference, str):
        target, base = node.resource.target_of(node.base, reference)
        found.append(replace(node, schema=target, base=base))
    return found


def _gather(node: Node, schema: JsonObject, room: Room) -> None:
    for keyword, gather in _GATHERERS.items():
        if keyword in schema:
            gather(node, schema[keyword], room)


def _type(_: Node, types: JsonValue, room: Room) -> None:
    names = frozenset(str(name) for name in (types if isinstance(types, list) else [types]))
    if room.types is not None:
        both = room.types & names
        if "integer" in room.types ^ names and "number" in room.types ^ names:
            both |= {"integer"}
        names = both
    if not names:
        raise CannotBuild
    room.types = names


def _values(_: Node, values: JsonValue, room: Room) -> None:
    if room.values is None or len(_list(values)) < len(room.values):
        room.values = _list(values)


def _const(_: Node, value: JsonValue, room: Room) -> None:
    room.values = [value]


def _minimum(node: Node, bound: JsonValue, room: Room) -> None:
    flag = isinstance(node.schema, dict) and node.schema.get("exclusiveMinimum") is True
    _raise_low(room, bound, excluded=flag)


def _maximum(node: Node, bound: JsonValue, room: Room) -> None:
    flag = isinstance(node.schema, dict) and node.schema.get("exclusiveMaximum") is True
    _lower_high(room, bound, excluded=flag)


def _exclusive_minimum(_: Node, bound: JsonValue, room: Room) -> None:
    _raise_low(room, bound, excluded=True)


def _exclusive_maximum(_: Node, bound: JsonValue, room: Room) -> None:
    _lower_high(room, bound, excluded=True)


def _raise_low(room: Room, bound: JsonValue, *, excluded: bool) -> None:
    number = number_of(bound)
    if number is not None and (room.low is None or (number, excluded) > room.low):
        room.low = (number, excluded)


def _lower_high(room: Room, bound: JsonValue, *, excluded: bool) -> None:
    number = number_of(bound)
    if number is not None and (room.high is None or (-number, excluded) > _negative(room.high)):
        room.high = (number, excluded)


def _negative(bound: tuple[int | Decimal, bool]) -> tuple[int | Decimal, bool]:
    return -bound[0], bound[1]


def _step(_: Node, step: JsonValue, room: Room) -> None:
    room.step = number_of(step)


def _pattern(_: Node, source: JsonValue, room: Room) -> None:
    room.patterns.append(str(source))


def _format(_: Node, name: JsonValue, room: Room) -> None:
    room.format = str(name)


def _least(attribute: str) -> Gatherer:
    def gather(_: Node, count: JsonValue, room: Room) -> None:
        number = int(number_of(count) or 0)
        setattr(room, attribute, max(getattr(room, attribute), number))

    return gather


def _most(attribute: str) -> Gatherer:
    def gather(_: Node, count: JsonValue, room: Room) -> None:
        number, known = int(number_of(count) or 0), getattr(room, attribute)
        setattr(room, attribute, number if known is None else min(known, number))

    return gather


def _items(node: Node, schemas: JsonValue, room: Room) -> None:
    if isinstance(schemas, list):
        _first_items(node, schemas, room)
    else:
        room.items.append(node.at(schemas))


def _first_items(node: Node, schemas: JsonValue, room: Room) -> None:
    for index, schema in enumerate(_list(schemas)):
        if index == len(room.first_items):
            room.first_items.append([])
        room.first_items[index].append(node.at(schema))


def _members(node: Node, schemas: JsonValue, room: Room) -> None:
    for name, schema in _object(schemas).items():
        room.members.setdefault(name, []).append(node.at(schema))


def _required(_: Node, names: JsonValue, room: Room) -> None:
    room.required.update(dict.fromkeys(str(name) for name in _list(names)))


def _companions(_: Node, groups: JsonValue, room: Room) -> None:
    for name, wanted in _object(groups).items():
        if isinstance(wanted, list):
            room.companions.setdefault(name, []).extend(str(each) for each in wanted)


def _others(node: Node, schema: JsonValue, room: Room) -> None:
    if isinstance(schema, dict):
        room.others.append(node.at(schema))


def _patterned(node: Node, schemas: JsonValue, room: Room) -> None:
    for source, schema in _object(schemas).items():
        room.other_names.append(source)
        room.others.append(node.at(schema))


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


Gatherer = Callable[[Node, JsonValue, Room], None]

_GATHERERS: Final[Mapping[str, Gatherer]] = {
    "type": _type,
    "enum": _values,
    "const": _const,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _exclusive_minimum,
    "exclusiveMaximum": _exclusive_maximum,
    "multipleOf": _step,
    "minLength": _least("min_length"),
    "maxLength": _most("max_length"),
    "pattern": _pattern,
    "format": _format,
    "minItems": _least("min_items"),
    "maxItems": _most("max_items"),
    "items": _items,
    "prefixItems": _first_items,
    "properties": _members,
    "required": _required,
    "dependentRequired": _companions,
    "dependencies": _companions,
    "minProperties": _least("min_members"),
    "additionalProperties": _others,
    "unevaluatedProperties": _others,
    "patternProperties": _patterned,
}
