"""Embedded schemas: is a value a JSON Schema or a field map, and what does it mean?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect, dialect_from_uri
from client_sdk.contract.field_gate import FieldGate
from client_sdk.contract.keywords import is_schema_value, keywords_of
from client_sdk.contract.members import Faults, Members, shown
from client_sdk.contract.passages import passed
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.pointer import join
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import DEFAULT_LIMITS, JsonObject, JsonValue, Limits

_NAMED: Final = 5  # names that one message repeats
ANY_VALUE: Final = SchemaResource(schema=True, dialect=Dialect.D2020)


@dataclass(slots=True)
class SchemaReader:
    """Reads the embedded schemas of one document; all of them share its limits."""

    dialect: Dialect
    faults: Faults
    limits: Limits = DEFAULT_LIMITS
    patterns: PatternGate = field(init=False)
    fields: FieldGate = field(init=False)

    def __post_init__(self) -> None:
        self.patterns = PatternGate(self.limits)
        self.fields = FieldGate(self.limits)

    def read(self, value: JsonValue, pointer: str) -> SchemaResource | None:
        """Read a schema or a field map as it is meant; None when it is neither, which is noted.

        A field map is an object whose named members, where they are there, fit. A schema that
        names members at its root without saying `type` means an object too.
        """
        if isinstance(value, bool):
            return self._passed(SchemaResource(value, self.dialect), pointer)
        if not isinstance(value, dict):
            message = "A JSON Schema or a field map is wanted here."
            self.faults.error("not-a-schema", pointer, message)
            return None
        dialect = _dialect_of(value, pointer, self.dialect, self.faults)
        strangers = _strangers(value, dialect)
        if not strangers:
            _note_ambiguity(value, pointer, dialect, self.faults)
            return self._passed(SchemaResource(_meaning_an_object(value), dialect), pointer)
        if all(_looks_like_schema(member, dialect) for member in value.values()):
            resource = SchemaResource({"type": "object", "properties": value}, dialect)
            return self._passed(resource, pointer, added="/properties")
        self.faults.error(
            "neither-schema-nor-field-map",
            join(pointer, strangers[0]),
            _explanation(value, strangers[0], dialect),
        )
        return None

    def _passed(self, resource: SchemaResource, pointer: str, *, added: str = "") -> SchemaResource:
        """Note what the gate finds; `added` is what the author did not write before members."""
        passage = passed(resource.schema, resource.dialect, self.patterns)
        schemas_left = max(0, self.patterns.limits.max_schema_nodes - passage.schema_count)
        self.patterns.limits = _with_room_for(schemas_left, self.limits)
        self.faults.extend(
            replace(fault, pointer=pointer + fault.pointer.removeprefix(added))
            for fault in passage.faults
        )
        return resource


@lru_cache(maxsize=1_024)
def _with_room_for(schemas: int, limits: Limits) -> Limits:
    return replace(limits, max_schema_nodes=schemas)


def read_dialect(members: Members) -> Dialect:
    """Read the dialect of all schemas of a document that carry none themselves."""
    uri = members.text("$schema", DEFAULT_DIALECT.meta_schema_uri)
    dialect = dialect_from_uri(uri)
    if dialect is None:
        members.faults.error("unknown-dialect", members.at("$schema"), _unknown_dialect(uri))
        return DEFAULT_DIALECT
    return dialect


def _dialect_of(value: JsonObject, pointer: str, dialect: Dialect, faults: Faults) -> Dialect:
    uri = value.get("$schema")
    if not isinstance(uri, str):
        return dialect
    own = dialect_from_uri(uri)
    if own is None:
        faults.error("unknown-dialect", join(pointer, "$schema"), _unknown_dialect(uri))
        return dialect
    return own


def _unknown_dialect(uri: str) -> str:
    known = ", ".join(dialect.meta_schema_uri for dialect in Dialect)
    return f"{shown(uri)} is no known dialect of JSON Schema. Known: {known}."


def _strangers(value: JsonObject, dialect: Dialect) -> list[str]:
    """Give the names that no schema of the dialect can have, or not with such a value."""
    keywords = keywords_of(dialect)
    return [
        name
        for name, member in value.items()
        if not name.startswith("x-") and (name not in keywords or not keywords[name].fits(member))
    ]


def _looks_like_schema(value: JsonValue, dialect: Dialect) -> bool:
    """Tell whether a value can be read as a schema; unknown keywords are only warned of."""
    if not isinstance(value, dict):
        return is_schema_value(value)
    keywords = keywords_of(dialect)
    return all(keywords[name].fits(member) for name, member in value.items() if name in keywords)


def _note_ambiguity(value: JsonObject, pointer: str, dialect: Dialect, faults: Faults) -> None:
    """Warn when every member is a full schema by itself: a field map may have been meant."""
    members = [member for member in value.values() if isinstance(member, dict)]
    is_ambiguous = (
        any(members)
        and all(is_schema_value(member) for member in value.values())
        and not any(_strangers(member, dialect) for member in members)
    )
    if is_ambiguous:
        names = ", ".join(shown(name) for name in list(value)[:_NAMED])
        message = (
            f"{names} can be read as keywords or as names of members; they are read as keywords. "
            "Write 'type': 'object' with 'properties' if members are meant."
        )
        faults.warning("schema-or-field-map", pointer, message)


def _meaning_an_object(schema: JsonObject) -> JsonObject:
    names_members = "properties" in schema or "required" in schema
    return {"type": "object", **schema} if names_members and "type" not in schema else schema


def _explanation(value: JsonObject, stranger: str, dialect: Dialect) -> str:
    keywords = keywords_of(dialect)
    not_schemas = [
        name for name, member in value.items() if not _looks_like_schema(member, dialect)
    ]
    if stranger in keywords:
        as_keyword = f"{shown(stranger)} is {keywords[stranger].form} in a schema of {dialect}"
    else:
        meant = near_miss(stranger, keywords)
        hint = f" (did you mean {shown(meant)}?)" if meant else ""
        as_keyword = f"{shown(stranger)} is no keyword of {dialect}{hint}"
    return (
        f"{as_keyword}, and the value of {shown(not_schemas[0])} is no schema: "
        "this is neither a JSON Schema nor a field map."
    )
