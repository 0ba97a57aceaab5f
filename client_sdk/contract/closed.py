"""The closed reading: nobody sends members that nobody wrote down.

`closed(S)` is `S` and one generated schema that admits exactly the declared members at every
depth (contract format, section 3). The generated part uses positive keywords only, so the result
is an ordinary conjunction: validator and containment engine need no second notion of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Final, TypeAlias

from client_sdk.contract.declared import Declared
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.flat import declared_names
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.standing import ClosingTooWide, Place, Spot, in_place, place_of
from client_sdk.contract.undeclared import undeclared_members
from client_sdk.contract.values import JsonObject, JsonValue

__all__ = ["ClosingTooWide", "closed", "undeclared_members"]

_REMEMBERED: Final = 512
_MAX_SPOTS: Final = 20_000  # schemas at all places together; below a second of work
_MAX_NESTED: Final = 200
_MAX_PATTERNS: Final = 4  # a place with so many splits its members into fifteen groups
_Key: TypeAlias = "frozenset[int]"
_Group: TypeAlias = "frozenset[str]"  # the patterns that a member's name fits


class _Closing(SchemaResource):
    """A part that this module generated."""


def closed(shape: Shape) -> Shape:
    """The values of `shape` in which every member, at every depth, is declared at its place.

    Contained in `shape` by construction; closing twice changes nothing.

    Raises:
        ClosingTooWide: the declared members cannot be written down in reasonable space.
    """
    if any(isinstance(part, _Closing) for part in shape.parts):
        return shape
    return _closed(shape)


@lru_cache(maxsize=_REMEMBERED)
def _closed(shape: Shape) -> Shape:
    names = declared_names(shape)
    closing = _closing_of(shape) if names is None else _flat_closing(names)
    if closing is None:
        return shape
    return Shape((*shape.parts, _Closing(closing, Dialect.D2020)))


def _flat_closing(names: tuple[str, ...]) -> JsonObject | None:
    if not names:
        return None
    return {"properties": dict.fromkeys(names, True), "additionalProperties": False}


def _closing_of(shape: Shape) -> JsonObject | None:
    """The schema that refuses what nobody declares, at every depth; None when it would not."""
    nodes = _Places().nodes(place_of(shape))
    _mark(nodes)
    return _Writer(nodes).whole() if nodes[0].restricts else None


@dataclass(slots=True, eq=False)
class _Node:
    """One place of the shape, and where its members and items lead."""

    found: Declared
    names: dict[str, _Node] = field(default_factory=dict)
    groups: dict[_Group, _Node] = field(default_factory=dict)
    others: _Node | None = None
    prefix: list[_Node] = field(default_factory=list)
    items: _Node | None = None
    restricts: bool = False

    def inner(self) -> Iterator[_Node]:
        """Every node one step below."""
        yield from self.names.values()
        yield from self.groups.values()
        yield from self.prefix
        yield from filter(None, (self.others, self.items))


class _Places:
    """One node for each set of schemas that stand together."""

    def __init__(self) -> None:
        self._known: dict[_Key, _Node] = {}
        self._kept: list[Place] = []  # keeps every spot alive, so that keys stay unique
        self._waiting: list[_Node] = []
        self._spots = 0

    def nodes(self, root: Place) -> list[_Node]:
        """Every node that can be reached, the root first; built without recursion."""
        self._below(root)
        while self._waiting:
            self._connect(self._waiting.pop())
        return list(self._known.values())

    def _below(self, spots: Iterable[Spot]) -> _Node:
        place = in_place(spots)
        key = frozenset(spot.key for spot in place)
        if key not in self._known:
            self._spots += len(place) + 1
            if self._spots > _MAX_SPOTS:
                raise ClosingTooWide("Too many schemas stand together in too many ways.")
            self._kept.append(place)
            self._known[key] = _Node(Declared(place))
            self._waiting.append(self._known[key])
        return self._known[key]

    def _connect(self, node: _Node) -> None:
        found = node.found
        node.names = {name: self._below(found.at_member(name)) for name in found.names}
        node.groups = {
            group: self._below(found.at_others(group)) for group in _groups(found) if group
        }
        if found.allows_others:
            node.others = self._below(found.at_others(frozenset()))
        node.prefix = [self._below(found.at_item(each)) for each in range(found.prefix_length)]
        node.items = self._below(found.at_item(found.prefix_length))


def _groups(found: Declared) -> Iterator[_Group]:
    """The ways in which a name can fit the patterns, as far as they lead to different places."""
    if not found.has_inner_structure:
        return
    if len(found.patterns) > _MAX_PATTERNS:
        raise ClosingTooWide("Too many patterns for members stand together.")
    for size in range(1, len(found.patterns) + 1):
        yield from map(frozenset, combinations(found.patterns, size))


def _mark(nodes: list[_Node]) -> None:
    """Find the nodes that refuse something, here or below."""
    above: dict[_Node, list[_Node]] = {node: [] for node in nodes}
    for node in nodes:
        node.restricts = not node.found.is_free and not node.found.allows_others
        for inner in node.inner():
            above[inner].append(node)
    waiting = [node for node in nodes if node.restricts]
    while waiting:
        for outer in above[waiting.pop()]:
            if not outer.restricts:
                outer.restricts = True
                waiting.append(outer)


class _Writer:
    """Writes the schema of the first node; what is used twice, or recurs, stands in `$defs`."""

    def __init__(self, nodes: list[_Node]) -> None:
        uses = Counter(inner for node in nodes for inner in node.inner() if inner.restricts)
        self._root = nodes[0]
        restricting = [node for node in nodes if node.restricts]
        nested = len(restricting) <= _MAX_NESTED  # else one schema inside the other gets too deep
        shared = (
            node
            for node in restricting
            if not nested or uses[node] > 1 or (node is nodes[0] and uses[node])
        )
        self._names = {node: f"p{index}" for index, node in enumerate(shared)}

    def whole(self) -> JsonObject:
        """The schema, with its definitions."""
        definitions: JsonObject = {name: self._written(node) for node, name in self._names.items()}
        schema = self._reference(self._root)
        return {**schema, "$defs": definitions} if definitions else schema

    def _schema(self, node: _Node | None) -> JsonValue:
        """The schema of an inner node: `true` when it refuses nothing."""
        return True if node is None or not node.restricts else self._reference(node)

    def _reference(self, node: _Node) -> JsonObject:
        name = self._names.get(node)
        return self._written(node) if name is None else {"$ref": f"#/$defs/{name}"}

    def _written(self, node: _Node) -> JsonObject:
        schema: JsonObject = {}
        if not node.found.is_free:
            schema["properties"] = {name: self._schema(inner) for name, inner in node.names.items()}
            if node.found.patterns:
                schema["patternProperties"] = self._patterns(node)
            schema["additionalProperties"] = (
                self._schema(node.others) if node.found.allows_others else False
            )
        if any(each.restricts for each in node.prefix):
            schema["prefixItems"] = [self._schema(inner) for inner in node.prefix]
        if node.items is not None and node.items.restricts:
            # without the prefix, `items` would speak about the listed ones too
            schema.setdefault("prefixItems", [True] * len(node.prefix) or None)
            schema["items"] = self._schema(node.items)
        return {word: value for word, value in schema.items() if value is not None}

    def _patterns(self, node: _Node) -> JsonObject:
        found = node.found
        if not any(inner.restricts for inner in node.groups.values()):
            return dict.fromkeys(found.patterns, True)
        return {_exactly(group, found): self._schema(inner) for group, inner in node.groups.items()}


def _exactly(group: _Group, found: Declared) -> str:
    """A pattern of the names that fit all of a group, no other one, and are not listed."""
    listed = [name for name in found.names if group <= found.matching(name)]
    if not listed and len(found.patterns) == 1:
        return found.patterns[0]
    names = "|".join(_SYNTAX.sub(r"\\\g<0>", name) for name in listed)
    apart = rf"(?!(?:{names})$)" if listed else ""
    steps = (
        rf"(?{'=' if pattern in group else '!'}[\s\S]*?(?:{pattern}))" for pattern in found.patterns
    )
    return f"^{apart}{''.join(steps)}"


_SYNTAX: Final = re.compile(r"[\\^$.*+?()\[\]{}|/]")
