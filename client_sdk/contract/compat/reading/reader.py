"""Reads one schema resource: each subschema becomes one term, each recursion one variable.

References resolve as the validator resolves them, by the same code, so that engine and judge read
one and the same schema.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from client_sdk.contract import pointer as pointers
from client_sdk.contract.compat.meter import GivenUp, Reason
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation.judge import loaded_resource
from client_sdk.contract.evaluation.resources import Base, LoadedResource
from client_sdk.contract.evaluation.vocabularies import VOCABULARIES
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonObject, JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.reading.grants import Grant

# What a reference to `false` leads to; one object, because subschemas are known by identity.
NOTHING: Final[JsonObject] = {"not": {}}
DEEP: Final = 60  # from where on references are read later
MAX_NESTING: Final = 100  # schemas inside schemas; five Python frames each

# What looking up `$id` and `$ref` meets when a schema has a shape its dialect does not know.
_SHAPE_TROUBLE: Final = (AttributeError, LookupError, TypeError, ValueError)

Keyword = Callable[["At", JsonValue], Node]


def term_from_resource(
    arena: Arena, resource: SchemaResource, keywords: Mapping[str, Keyword], name: str
) -> Node:
    """Read a resource into a term; `name` keeps its variables apart from other resources'.

    Raises:
        GivenUp: a keyword or a reference cannot be read; never a silent omission.
    """
    try:
        loaded = loaded_resource(resource)
    except _SHAPE_TROUBLE as cause:
        raise GivenUp(Reason.KEYWORD_UNREADABLE) from cause
    reader = Reader(arena, loaded, keywords, name)
    term = reader.read(loaded.schema, loaded.base, "")
    reader.read_postponed()
    return term


@dataclass(slots=True)
class _Open:
    """A subschema being read: how many instance steps lay above it, and whether it recurs."""

    level: int
    name: str
    recurs: bool = False


@dataclass(slots=True)
class Reader:
    """Reads the subschemas of one resource, each once.

    `level` counts the steps into members and items above the subschema being read; `trail` holds
    the schemas, each with its level, whose evaluated parts are being listed, and `granted` what
    was listed for a schema.
    """

    arena: Arena
    loaded: LoadedResource
    keywords: Mapping[str, Keyword]
    name: str
    level: int = 0
    trail: list[tuple[int, int]] = field(default_factory=list)
    granted: dict[Hashable, tuple[Grant, ...]] = field(default_factory=dict)
    _opened: int = 0
    _postponed: list[tuple[str, At]] = field(default_factory=list)
    _read: dict[Hashable, tuple[Node, Base]] = field(default_factory=dict)
    _open: dict[Hashable, _Open] = field(default_factory=dict)

    def read(self, schema: JsonValue, base: Base, path: str) -> Node:
        """Give the term of a subschema that stands at `path`."""
        if isinstance(schema, bool):
            return self.arena.anything if schema else self.arena.never
        if not isinstance(schema, dict):
            raise GivenUp(Reason.KEYWORD_UNREADABLE, path)
        base = self.base_within(base, schema, path)
        key = self.key(schema, base)
        known = self._read.get(key)
        if known is not None:
            return known[0]
        if key in self._open:
            return self._recurring(self._open[key], path)
        node = self._read_new(key, At(self, base, schema, path))
        self._read[key] = (node, base)
        return node

    def base_within(self, base: Base, schema: JsonObject, path: str) -> Base:
        """Give the base that holds inside a subschema."""
        try:
            return self.loaded.base_within(base, schema)
        except _SHAPE_TROUBLE as cause:
            raise GivenUp(Reason.KEYWORD_UNREADABLE, path) from cause

    def referred(self, target: At) -> Node:
        """Give the term of a reference's target; from deep inside it is read later."""
        if len(self._open) < DEEP:
            return self.read(target.schema, target.base, target.path)
        name = f"{self.name}:later{len(self._postponed)}"
        self._postponed.append((name, target))
        return self.arena.variable(name)

    def read_postponed(self) -> None:
        """Read what was put off, which may put off more."""
        for name, target in self._postponed:  # grows while it is read
            self.arena.bodies[name] = self.read(target.schema, target.base, target.path)

    def _read_new(self, key: Hashable, at: At) -> Node:
        if len(self._open) >= MAX_NESTING:
            raise GivenUp(Reason.NESTING, at.path)
        self._opened += 1
        opened = self._open[key] = _Open(self.level, f"{self.name}:{self._opened}")
        node = self.arena.all_of(keyword_terms(at))
        del self._open[key]
        if not opened.recurs:
            return node
        self.arena.bodies[opened.name] = node
        return self.arena.variable(opened.name)

    def _recurring(self, opened: _Open, path: str) -> Node:
        if opened.level == self.level:  # no member or item lies between: it says nothing
            raise GivenUp(Reason.REFERENCE_UNPRODUCTIVE, path)
        opened.recurs = True
        return self.arena.variable(opened.name)

    def key(self, schema: JsonObject, base: Base) -> Hashable:
        """Identify a subschema where it stands; its meaning may depend on the way there."""
        if not self.loaded.scope_matters:
            return (id(schema), id(base))
        scope = tuple(uri for uri, _ in base.resolver.dynamic_scope())
        outermost = tuple(dict.fromkeys(reversed(scope)))
        return (id(schema), base.dialect, base.resolver._base_uri, outermost)  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class At:
    """One schema object where it stands; what a keyword function reads from."""

    reader: Reader
    base: Base
    schema: JsonObject
    path: str

    @property
    def arena(self) -> Arena:
        """The arena that terms are made in."""
        return self.reader.arena

    def here(self, schema: JsonValue, *tokens: str | int) -> Node:
        """Read a subschema that applies to the same value."""
        return self.reader.read(schema, self.base, self.below(*tokens))

    def inside(self, schema: JsonValue, *tokens: str | int) -> Node:
        """Read a subschema that applies to a member, an item or a name."""
        self.reader.level += 1
        node = self.reader.read(schema, self.base, self.below(*tokens))
        self.reader.level -= 1
        return node

    def target(self, reference: str) -> At | None:
        """Follow a `$ref` or `$dynamicRef`; None when it leads to the schema `true`."""
        path = reference[1:] if reference.startswith("#/") else self.path
        return self._landed(path, lambda: self.reader.loaded.target_of(self.base, reference))

    def recursive_target(self) -> At | None:
        """Follow `$recursiveRef` (2019-09, 8.2.4.2.1)."""
        find = self.reader.loaded.recursive_target_of
        return self._landed(self.path, lambda: find(self.base))

    def below(self, *tokens: str | int) -> str:
        """Give the path of something under this schema object."""
        path = self.path
        for token in tokens:
            path = pointers.join(path, token)
        return path

    def unreadable(self, keyword: str) -> GivenUp:
        """Make the refusal of a keyword whose argument has no meaning."""
        return GivenUp(Reason.KEYWORD_UNREADABLE, self.below(keyword))

    def _landed(self, path: str, find: Callable[[], tuple[JsonValue, Base]]) -> At | None:
        try:
            schema, base = find()
        except (ContractError, *_SHAPE_TROUBLE) as cause:
            raise GivenUp(Reason.REFERENCE_UNRESOLVED, self.path) from cause
        if isinstance(schema, bool):
            return None if schema else At(self.reader, base, NOTHING, path)
        if not isinstance(schema, dict):
            raise GivenUp(Reason.REFERENCE_UNRESOLVED, self.path)
        return At(self.reader, base, schema, path)


def active_keywords(at: At) -> Mapping[str, JsonValue]:
    """Give the keywords that count here: those of the dialect, and `$ref` alone up to draft 7."""
    vocabulary = VOCABULARIES[at.base.dialect].keys() | ({"format"} & at.reader.keywords.keys())
    if "$ref" in at.schema and at.base.ref_stands_alone:
        return {"$ref": at.schema["$ref"]}
    return {keyword: argument for keyword, argument in at.schema.items() if keyword in vocabulary}


def keyword_terms(at: At) -> list[Node]:
    """Give one term per keyword; one that is not modelled becomes opaque, never nothing."""
    keywords = at.reader.keywords
    terms: list[Node] = []
    for keyword, argument in active_keywords(at).items():
        rule = keywords.get(keyword)
        if rule is None:
            terms.append(at.arena.opaque(f"{at.reader.name}{at.below(keyword)}"))
        else:
            terms.append(rule(at, argument))
    return terms
