"""The closed reading: nobody sends members that nobody wrote down.

`closed(S)` is `S` and one generated schema that admits exactly the declared members at every
depth (contract format, section 3). The generated part uses positive keywords only, so the result
is an ordinary conjunction: validator and containment engine need no second notion of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from client_sdk.contract.declared import (
    Declared,
    Place,
    Spot,
    declared_at,
    in_place,
    place_of,
    undeclared_members,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.patterns import compile_pattern
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.values import JsonObject, JsonValue

__all__ = ["closed", "undeclared_members"]

_REMEMBERED: Final = 512
_Key: TypeAlias = "frozenset[int]"


def closed(shape: Shape) -> Shape:
    """The values of `shape` in which every member, at every depth, is declared at its place.

    Contained in `shape` by construction; closing twice changes nothing.
    """
    return _closed(shape)


@lru_cache(maxsize=_REMEMBERED)
def _closed(shape: Shape) -> Shape:
    generator = _Generator()
    root = generator.node(place_of(shape))
    generator.mark()
    schema = generator.schema_of(root)
    if schema is True:
        return shape
    if isinstance(schema, dict) and generator.shared:
        schema = {**schema, "$defs": generator.definitions()}
    part = SchemaResource(schema, Dialect.D2020)
    return shape if part in shape.parts else Shape((*shape.parts, part))


@dataclass(slots=True, eq=False)
class _Node:
    """One place of the shape, and where its members and items lead."""

    found: Declared
    names: dict[str, _Node] = field(default_factory=dict)
    patterns: dict[str, _Node] = field(default_factory=dict)
    others: _Node | None = None
    prefix: list[_Node] = field(default_factory=list)
    items: _Node | None = None
    restricts: bool = False
    uses: int = 0

    def inner(self) -> Iterator[_Node]:
        """Every node one step below."""
        yield from self.names.values()
        yield from self.patterns.values()
        yield from self.prefix
        if self.others is not None:
            yield self.others
        if self.items is not None:
            yield self.items


class _Generator:
    """Builds one node per set of schemas that stand together, then writes the schema."""

    def __init__(self) -> None:
        self._nodes: dict[_Key, _Node] = {}
        self._places: list[Place] = []  # keeps every spot alive, so that ids stay unique
        self.shared: dict[_Node, str] = {}

    def node(self, place: Place) -> _Node:
        """The node of a place; below it everything is built, without recursion."""
        root = self._found(place)
        waiting = [root]
        built: set[int] = set()
        while waiting:
            node = waiting.pop()
            if id(node) not in built:
                built.add(id(node))
                self._connect(node)
                waiting += node.inner()
        return root

    def mark(self) -> None:
        """Find the nodes that restrict something, and those that are used more than once."""
        nodes = list(self._nodes.values())
        for node in nodes:
            found = node.found
            node.restricts = not found.is_free and found.others is None
        changed = True
        while changed:
            changed = False
            for node in nodes:
                if not node.restricts and any(inner.restricts for inner in node.inner()):
                    node.restricts = changed = True
        for node in nodes:
            for inner in node.inner():
                inner.uses += 1
        counted = (node for node in nodes if node.restricts and (node.uses > 1 or _returns(node)))
        self.shared = {node: f"p{index}" for index, node in enumerate(counted)}

    def definitions(self) -> JsonObject:
        """The schemas of the shared nodes, by the name they are referred to."""
        return {name: self._written(node) for node, name in self.shared.items()}

    def schema_of(self, node: _Node) -> JsonValue:
        """The schema of a node: a reference when it is shared, `true` when it restricts nothing."""
        if not node.restricts:
            return True
        if node in self.shared:
            return {"$ref": f"#/$defs/{self.shared[node]}"}
        return self._written(node)

    def _written(self, node: _Node) -> JsonObject:
        schema: JsonObject = {}
        if not node.found.is_free:
            names = {name: self.schema_of(inner) for name, inner in node.names.items()}
            schema["properties"] = names
            patterns = {each: self.schema_of(inner) for each, inner in node.patterns.items()}
            if patterns:
                schema["patternProperties"] = _apart(patterns, tuple(names))
            schema["additionalProperties"] = (
                False if node.others is None else self.schema_of(node.others)
            )
        if node.prefix:
            schema["prefixItems"] = [self.schema_of(inner) for inner in node.prefix]
        if node.items is not None and node.items.restricts:
            schema["items"] = self.schema_of(node.items)
        return schema

    def _found(self, place: Place) -> _Node:
        key = frozenset(spot.key for spot in place)
        node = self._nodes.get(key)
        if node is None:
            self._places.append(place)
            node = self._nodes[key] = _Node(declared_at(place))
        return node

    def _connect(self, node: _Node) -> None:
        found = node.found
        node.names = {name: self._below(spots) for name, spots in found.names.items()}
        together = [spot for spots in found.patterns.values() for spot in spots]
        overlap = len(found.patterns) > 1  # a name under two patterns meets the schemas of both
        node.patterns = {
            pattern: self._below(together if overlap else spots)
            for pattern, spots in found.patterns.items()
        }
        node.others = None if found.others is None else self._below(found.others)
        node.prefix = [self._below(spots) for spots in found.prefix]
        node.items = self._below(found.items) if found.items else None

    def _below(self, spots: list[Spot]) -> _Node:
        return self._found(in_place(spots))


def _returns(node: _Node) -> bool:
    """Whether a node can be reached from itself: recursion needs a reference."""
    seen: set[int] = set()
    waiting = list(node.inner())
    while waiting:
        inner = waiting.pop()
        if inner is node:
            return True
        if id(inner) not in seen:
            seen.add(id(inner))
            waiting += inner.inner()
    return False


def _apart(patterns: dict[str, JsonValue], names: tuple[str, ...]) -> JsonObject:
    """Patterns that leave the named members alone: those have their own, fuller schema."""
    return {
        _without(pattern, names) if schema is not True else pattern: schema
        for pattern, schema in patterns.items()
    }


def _without(pattern: str, names: tuple[str, ...]) -> str:
    hit = [name for name in names if compile_pattern(pattern).search(name)]
    if not hit:
        return pattern
    listed = "|".join(_SYNTAX.sub(r"\\\g<0>", name) for name in hit)
    return rf"^(?!(?:{listed})$)(?=[\s\S]*?(?:{pattern}))"


_SYNTAX: Final = re.compile(r"[\\^$.*+?()\[\]{}|/]")
