"""Which members and items are declared at a place: the schemas that stand there, taken together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation.resources import Base, LoadedResource, load_resource
from client_sdk.contract.patterns import compile_pattern
from client_sdk.contract.pointer import join
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonObject, JsonValue

MAX_SPOTS: Final = 2_000  # schemas that one value may meet; the gate refuses documents far below

# `not` is missing on purpose: what must not be there is not declared by saying so.
_BRANCHES: Final = ("allOf", "anyOf", "oneOf")
_INNER: Final = ("if", "then", "else")
_BY_MEMBER: Final = ("dependentSchemas", "dependencies")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """One schema where it stands: its resource and the base that holds inside it."""

    resource: LoadedResource
    base: Base
    schema: JsonObject

    @property
    def key(self) -> int:
        """What makes two spots the same: the schema itself, whatever the dynamic scope."""
        return id(self.schema)


Place: TypeAlias = "tuple[Spot, ...]"


@dataclass(slots=True)
class Declared:
    """What a place declares: members by name and by pattern, items by index, and the rest.

    `others` is `None` unless some schema explicitly allows members beyond the named ones.
    """

    names: dict[str, list[Spot]] = field(default_factory=dict)
    patterns: dict[str, list[Spot]] = field(default_factory=dict)
    others: list[Spot] | None = None
    prefix: list[list[Spot]] = field(default_factory=list)
    items: list[Spot] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        """A place that declares no member is a free map."""
        return not self.names and not self.patterns and self.others is None


def place_of(shape: Shape) -> Place:
    """The place of the whole value: every part of the shape stands there."""
    found: list[Spot] = []
    for part in shape.parts:
        loaded = load_resource(part)
        found += _spot(loaded, loaded.base, part.schema)
    return in_place(found)


def in_place(roots: Iterable[Spot]) -> Place:
    """Everything that judges the same value as `roots`: they, their branches and references."""
    seen: dict[int, Spot] = {}
    waiting = list(roots)
    while waiting and len(seen) < MAX_SPOTS:
        spot = waiting.pop()
        if spot.key not in seen:
            seen[spot.key] = spot
            waiting += _beside(spot)
    return tuple(seen.values())


def declared_at(place: Place) -> Declared:
    """Collect the declarations of every schema at a place."""
    found = Declared()
    for spot in place:
        if "$ref" in spot.schema and spot.base.ref_stands_alone:
            continue
        for keyword, argument in spot.schema.items():
            collect = _COLLECTORS.get(keyword)
            if collect is not None:
                collect(found, spot, argument)
    _spread(found, place)
    return found


def undeclared_members(shape: Shape, value: JsonValue) -> tuple[str, ...]:
    """Pointers to the members of `value` that nothing in `shape` declares, at every depth.

    Independent of `closed`: it looks each member up instead of generating a schema.
    """
    return tuple(_undeclared(place_of(shape), value, ""))


def _undeclared(place: Place, value: JsonValue, pointer: str) -> Iterator[str]:
    if isinstance(value, dict):
        found = declared_at(place)
        for name, inner in value.items():
            spots = _spots_for(found, name)
            if spots is None:
                yield join(pointer, name)
            else:
                yield from _undeclared(in_place(spots), inner, join(pointer, name))
    elif isinstance(value, list):
        found = declared_at(place)
        for index, inner in enumerate(value):
            spots = found.prefix[index] if index < len(found.prefix) else found.items
            yield from _undeclared(in_place(spots), inner, join(pointer, str(index)))


def _spots_for(found: Declared, name: str) -> list[Spot] | None:
    """The schemas of a member, or `None` when it is not declared."""
    if found.is_free:
        return []
    if name in found.names:
        return found.names[name]
    matching = [
        spot
        for pattern, spots in found.patterns.items()
        if compile_pattern(pattern).search(name)
        for spot in spots
    ]
    matched = any(compile_pattern(pattern).search(name) for pattern in found.patterns)
    return matching if matched else found.others


def _spot(resource: LoadedResource, base: Base, schema: JsonValue) -> list[Spot]:
    if not isinstance(schema, dict):
        return []
    return [Spot(resource, resource.base_within(base, schema), schema)]


def _inside(spot: Spot, schema: JsonValue) -> list[Spot]:
    return _spot(spot.resource, spot.base, schema)


def _beside(spot: Spot) -> list[Spot]:
    """The schemas that judge the same value, one step away."""
    found = list(_referenced(spot))
    if "$ref" in spot.schema and spot.base.ref_stands_alone:
        return found
    for keyword in _BRANCHES:
        for branch in _listed(spot.schema.get(keyword)):
            found += _inside(spot, branch)
    for keyword in _INNER:
        found += _inside(spot, spot.schema.get(keyword))
    for keyword in _BY_MEMBER:
        for branch in _mapped(spot.schema.get(keyword)).values():
            found += _inside(spot, branch)
    return found


def _referenced(spot: Spot) -> Iterator[Spot]:
    for keyword in ("$ref", "$dynamicRef"):
        reference = spot.schema.get(keyword)
        if isinstance(reference, str):
            schema, base = spot.resource.target_of(spot.base, reference)
            if isinstance(schema, dict):
                yield Spot(spot.resource, base, schema)
    if "$recursiveRef" in spot.schema:
        schema, base = spot.resource.recursive_target_of(spot.base)
        if isinstance(schema, dict):
            yield Spot(spot.resource, base, schema)


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _mapped(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _properties(found: Declared, spot: Spot, argument: JsonValue) -> None:
    for name, schema in _mapped(argument).items():
        found.names.setdefault(name, []).extend(_inside(spot, schema))


def _pattern_properties(found: Declared, spot: Spot, argument: JsonValue) -> None:
    for pattern, schema in _mapped(argument).items():
        found.patterns.setdefault(pattern, []).extend(_inside(spot, schema))


def _others(found: Declared, spot: Spot, argument: JsonValue) -> None:
    if argument is not False:
        found.others = [*(found.others or []), *_inside(spot, argument)]


def _required(found: Declared, _: Spot, argument: JsonValue) -> None:
    for name in _listed(argument):  # draft 4 also knows `required` as a list only
        if isinstance(name, str):
            found.names.setdefault(name, [])


def _dependent(found: Declared, _: Spot, argument: JsonValue) -> None:
    for name, needed in _mapped(argument).items():
        found.names.setdefault(name, [])
        for other in _listed(needed):
            if isinstance(other, str):
                found.names.setdefault(other, [])


def _const(found: Declared, spot: Spot, argument: JsonValue) -> None:
    if isinstance(argument, dict):
        for name, inner in argument.items():
            found.names.setdefault(name, []).extend(_inside(spot, {"const": inner}))
    elif isinstance(argument, list):
        for index, inner in enumerate(argument):
            _prefix_at(found, index).extend(_inside(spot, {"const": inner}))


def _enum(found: Declared, spot: Spot, argument: JsonValue) -> None:
    for value in _listed(argument):
        _const(found, spot, value)


def _prefix(found: Declared, spot: Spot, argument: JsonValue) -> None:
    for index, schema in enumerate(_listed(argument)):
        _prefix_at(found, index).extend(_inside(spot, schema))


def _items(found: Declared, spot: Spot, argument: JsonValue) -> None:
    if isinstance(argument, list):
        _prefix(found, spot, argument)
    else:
        found.items += _inside(spot, argument)


def _prefix_at(found: Declared, index: int) -> list[Spot]:
    while len(found.prefix) <= index:
        found.prefix.append([])
    return found.prefix[index]


def _spread(found: Declared, place: Place) -> None:
    """Let patterns, the rest and the items also stand at the names and indices they reach."""
    for name, spots in found.names.items():
        for pattern, matching in found.patterns.items():
            if compile_pattern(pattern).search(name):
                spots.extend(matching)
        spots.extend(_rest_for(place, name))
    for index, spots in enumerate(found.prefix):
        spots.extend(_items_for(place, index))


def _items_for(place: Place, index: int) -> Iterator[Spot]:
    """The schemas of items in general, as far as they reach an index of the prefix."""
    for spot in place:
        yield from _inside(spot, spot.schema.get("contains"))
        if index >= _prefix_length(spot):
            for keyword in _item_keywords(spot):
                yield from _inside(spot, spot.schema.get(keyword))


def _rest_for(place: Place, name: str) -> Iterator[Spot]:
    """The `additionalProperties` and `unevaluatedProperties` schemas that a name falls under."""
    for spot in place:
        own = _mapped(spot.schema.get("properties"))
        patterns = _mapped(spot.schema.get("patternProperties"))
        if name in own or any(compile_pattern(each).search(name) for each in patterns):
            continue
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            yield from _inside(spot, spot.schema.get(keyword))


def _prefix_length(spot: Spot) -> int:
    keyword = "prefixItems" if spot.base.dialect is Dialect.D2020 else "items"
    return len(_listed(spot.schema.get(keyword)))


def _item_keywords(spot: Spot) -> tuple[str, ...]:
    if spot.base.dialect is Dialect.D2020:
        return ("items", "unevaluatedItems")
    if isinstance(spot.schema.get("items"), list):
        return ("additionalItems", "unevaluatedItems")
    return ("items", "unevaluatedItems")


_Collector: TypeAlias = Callable[[Declared, Spot, JsonValue], None]
_COLLECTORS: Final[dict[str, _Collector]] = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _others,
    "unevaluatedProperties": _others,
    "required": _required,
    "dependentRequired": _dependent,
    "dependentSchemas": _dependent,
    "dependencies": _dependent,
    "const": _const,
    "enum": _enum,
    "prefixItems": _prefix,
    "items": _items,
    "additionalItems": _items,
    "unevaluatedItems": _items,
    "contains": _items,
}
