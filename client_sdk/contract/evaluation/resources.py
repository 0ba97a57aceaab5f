"""A schema resource made ready once: its references resolve offline, its lists are hashed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from jsonschema_specifications import (  # type: ignore[import-untyped]
    REGISTRY as META_SCHEMAS,
)
from referencing import Specification, exceptions
from referencing import jsonschema as specifications
from referencing.jsonschema import lookup_recursive_ref

from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.document import equality_key
from client_sdk.contract.evaluation.failures import SchemaUnusable
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonObject, JsonValue

SPECIFICATIONS: Final[Mapping[Dialect, Specification[Any]]] = {
    Dialect.DRAFT4: specifications.DRAFT4,
    Dialect.DRAFT6: specifications.DRAFT6,
    Dialect.DRAFT7: specifications.DRAFT7,
    Dialect.D2019: specifications.DRAFT201909,
    Dialect.D2020: specifications.DRAFT202012,
}
REF_STANDS_ALONE: Final = frozenset({Dialect.DRAFT4, Dialect.DRAFT6, Dialect.DRAFT7})
META_SCHEMA_HOST: Final = "json-schema.org"


@dataclass(frozen=True, slots=True)
class Base:
    """What a subschema inherits from where it stands: its dialect, and where `$ref` starts."""

    dialect: Dialect
    resolver: Any  # referencing.Resolver, whose type is not exported

    @property
    def ref_stands_alone(self) -> bool:
        """Whether `$ref` makes its siblings void (up to draft 7)."""
        return self.dialect in REF_STANDS_ALONE


@dataclass(slots=True)
class LoadedResource:
    """A schema resource with its look-ups remembered; safe to share between threads."""

    schema: JsonValue
    base: Base
    tracks_evaluation: bool
    scope_matters: bool
    _targets: dict[tuple[int, str], tuple[JsonValue, Base]] = field(default_factory=dict)
    _canonical: dict[int, tuple[JsonValue, Base]] = field(default_factory=dict)
    _within: dict[int, tuple[Base, Base]] = field(default_factory=dict)
    _keys: dict[int, frozenset[Hashable]] = field(default_factory=dict)

    def base_within(self, base: Base, schema: JsonObject) -> Base:
        """Give the base that holds inside `schema`, which stands where `base` holds."""
        if "$id" not in schema and "id" not in schema and "$schema" not in schema:
            return base
        known = self._within.get(id(schema))
        if known is not None and known[0] is base:
            return known[1]
        inner = _with_own_dialect(base, schema)
        resource = SPECIFICATIONS[inner.dialect].create_resource(schema)
        inner = replace(inner, resolver=inner.resolver.in_subresource(resource))
        if not self.scope_matters:
            self._within[id(schema)] = (base, inner)
        return inner

    def target_of(self, base: Base, ref: str) -> tuple[JsonValue, Base]:
        """Follow a `$ref` to the schema it names and the base that holds there."""
        if self.scope_matters:
            return _looked_up(base, ref)
        key = (id(base), ref)
        known = self._targets.get(key)
        if known is None:
            schema, inner = _looked_up(base, ref)
            # one base per target, or a recursive schema would meet a new one at every turn
            known = self._canonical.setdefault(id(schema), (schema, inner))
            self._targets[key] = known
        return known

    def recursive_target_of(self, base: Base) -> tuple[JsonValue, Base]:
        """Follow `$recursiveRef` (2019-09, 8.2.4.2.1) through the dynamic scope."""
        resolved: Any = lookup_recursive_ref(base.resolver)  # always "#", so always there
        return _target(base, resolved.contents, resolved.resolver)

    def keys_of(self, values: list[JsonValue]) -> frozenset[Hashable]:
        """Give the equality keys of an `enum`'s values, hashed once."""
        known = self._keys.get(id(values))
        if known is None:
            known = frozenset(equality_key(value) for value in values)
            self._keys[id(values)] = known
        return known


def load_resource(resource: SchemaResource) -> LoadedResource:
    """Make a schema resource ready to judge values, without fetching anything."""
    schema = resource.schema
    dialect = _own_dialect(schema) or resource.dialect
    referenced = SPECIFICATIONS[dialect].create_resource(schema)
    words = words_of(resource)
    return LoadedResource(
        schema=schema,
        base=Base(dialect, META_SCHEMAS.resolver_with_root(referenced)),
        tracks_evaluation=not words.isdisjoint({"unevaluatedProperties", "unevaluatedItems"}),
        scope_matters=not words.isdisjoint({"$dynamicRef", "$recursiveRef", META_SCHEMA_HOST}),
    )


def _looked_up(base: Base, ref: str) -> tuple[JsonValue, Base]:
    try:
        resolved = base.resolver.lookup(ref)
    except exceptions.Unresolvable as cause:
        raise SchemaUnusable(f"The reference {ref[:200]!r} leads nowhere.") from cause
    return _target(base, resolved.contents, resolved.resolver)


def _target(base: Base, schema: JsonValue, resolver: object) -> tuple[JsonValue, Base]:
    return schema, _with_own_dialect(replace(base, resolver=resolver), schema)


def _with_own_dialect(base: Base, schema: JsonValue) -> Base:
    dialect = _own_dialect(schema)
    return base if dialect is None else replace(base, dialect=dialect)


def _own_dialect(schema: JsonValue) -> Dialect | None:
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    return dialect_from_uri(uri) if isinstance(uri, str) else None


@lru_cache(maxsize=256)
def words_of(resource: SchemaResource) -> frozenset[str]:
    """Give what `words_in` gives for the schema of a resource, each word once."""
    return frozenset(words_in(resource.schema))


def words_in(schema: JsonValue) -> Iterator[str]:
    """Give the member names at every depth, and the host when the meta-schemas are named."""
    waiting: list[JsonValue] = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value
            waiting.extend(value.values())
            if META_SCHEMA_HOST in str(value.get("$ref", "")):
                yield META_SCHEMA_HOST
        elif isinstance(value, list):
            waiting.extend(value)
