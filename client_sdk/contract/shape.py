"""Shapes: what values a place may hold, as a conjunction of JSON Schemas that stay themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from client_sdk.contract.canonical import digest_of
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.values import JsonValue


@dataclass(frozen=True, eq=False)
class SchemaResource:
    """One embedded JSON Schema: its own resource, with its own dialect, `$id` and `$ref` base.

    Equal when the dialect and the JSON value are equal: Python would call `{"const": true}` and
    `{"const": 1}` the same. Not slotted, so that the key is computed once.
    """

    schema: JsonValue
    dialect: Dialect

    @cached_property
    def key(self) -> str:
        """A text that equal resources share and different ones do not; made for caches."""
        return f"{self.dialect} {digest_of(self.schema)}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SchemaResource):
            return NotImplemented
        return self is other or self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@dataclass(frozen=True)
class Shape:
    """A value fits when it is valid under every part; without parts everything fits.

    Not slotted, so that the hash is computed once: shapes are what caches are asked for.
    """

    parts: tuple[SchemaResource, ...] = ()

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.parts)
