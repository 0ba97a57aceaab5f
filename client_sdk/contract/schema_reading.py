"""Embedded schemas: is a value a JSON Schema or a field map, and what does it mean?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.keywords import is_schema_value, keywords_of
from client_sdk.contract.members import Faults, shown
from client_sdk.contract.pointer import join
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import DEFAULT_LIMITS, JsonObject, JsonValue, Limits

ANY_VALUE: Final = SchemaResource(schema=True, dialect=Dialect.D2020)


@dataclass(slots=True)
class SchemaReader:
    """Reads the embedded schemas of one document; all of them share its limits."""

    dialect: Dialect
    faults: Faults
    limits: Limits = DEFAULT_LIMITS

    def read(self, value: JsonValue, pointer: str) -> SchemaResource | None:
        """Read a schema or a field map as it is meant; None when it is neither, which is noted.

        A field map is an object whose named members, where they are there, fit. A schema that
        names members at its root without saying `type` means an object too.
        """
        if isinstance(value, bool):
            return SchemaResource(value, self.dialect)
        if not isinstance(value, dict):
            message = "A JSON Schema or a field map is wanted here."
            self.faults.error("not-a-schema", pointer, message)
            return None
        dialect = _dialect_of(value, pointer, self.dialect, self.faults)
        strangers = _strangers(value, dialect)
        if not strangers:
            _note_ambiguity(value, pointer, dialect, self.faults)
            return SchemaResource(_meaning_an_object(value), dialect)
        if all(_looks_like_schema(member, dialect) for member in value.values()):
            return SchemaResource({"type": "object", "properties": value}, dialect)
        self.faults.error(
            "neither-schema-nor-field-map",
            join(pointer, strangers[0]),
            _explanation(value, strangers[0], dialect),
        )
        return None


def _dialect_of(value: JsonObject, pointer: str, dialect: Dialect, faults: Faults) -> Dialect:
    uri = value.get("$schema")
    if not isinstance(uri, str):
        return dialect
    own = dialect_from_uri(uri)
    if own is None:
        faults.error("unknown-dialect", join(pointer, "$schema"), unknown_dialect(uri))
        return dialect
    return own


def unknown_dialect(uri: str) -> str:
    """Say which dialects there are."""
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
        names = ", ".join(shown(name) for name in value)
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
