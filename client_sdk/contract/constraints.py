"""Constraints on a 2xx body: five kinds of clause, each with one exact JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import Severity
from client_sdk.contract.pointer import index_of, tokens_of
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonObject, JsonValue

MAX_INDEX: Final = 999
MAX_TOKENS: Final = 32


@dataclass(frozen=True, slots=True)
class FieldEquals:
    """The field is present and equal to the value, as JSON."""

    field: str
    value: JsonValue
    severity: Severity = Severity.ERROR
    message: str = ""

    def to_schema(self) -> SchemaResource:
        """Say the same as a JSON Schema of the whole body."""
        places = _Places()
        return places.resource(places.at(self.field, {"const": self.value}))


@dataclass(frozen=True, slots=True)
class FieldPresentIf:
    """If the condition field equals the value, the required field is present."""

    condition_field: str
    condition_value: JsonValue
    required_field: str
    severity: Severity = Severity.ERROR
    message: str = ""

    def to_schema(self) -> SchemaResource:
        """Say the same as a JSON Schema of the whole body."""
        places = _Places()
        condition = places.at(self.condition_field, {"const": self.condition_value})
        return places.resource({"if": condition, "then": places.at(self.required_field)})


@dataclass(frozen=True, slots=True)
class FieldAbsentIf:
    """If the condition field equals the value, the other field is absent."""

    condition_field: str
    condition_value: JsonValue
    absent_field: str
    severity: Severity = Severity.ERROR
    message: str = ""

    def to_schema(self) -> SchemaResource:
        """Say the same as a JSON Schema of the whole body."""
        places = _Places()
        condition = places.at(self.condition_field, {"const": self.condition_value})
        absent: JsonObject = {"not": places.at(self.absent_field)}
        return places.resource({"if": condition, "then": absent})


@dataclass(frozen=True, slots=True)
class FieldMatches:
    """The field is a string in which the ECMA-262 pattern is found."""

    field: str
    pattern: str
    severity: Severity = Severity.ERROR
    message: str = ""

    def to_schema(self) -> SchemaResource:
        """Say the same as a JSON Schema of the whole body."""
        places = _Places()
        return places.resource(places.at(self.field, {"type": "string", "pattern": self.pattern}))


@dataclass(frozen=True, slots=True)
class SchemaConstraint:
    """The whole body is valid under the schema."""

    schema: SchemaResource
    severity: Severity = Severity.ERROR
    message: str = ""

    def to_schema(self) -> SchemaResource:
        """Give the schema itself, in its own dialect."""
        return self.schema


Constraint: TypeAlias = (
    FieldEquals | FieldPresentIf | FieldAbsentIf | FieldMatches | SchemaConstraint
)


def field_tokens(field: str) -> tuple[str, ...]:
    """Split a field into names: a pointer when it begins with `/`, else the name of one member.

    Raises:
        ValueError: it is empty, no JSON Pointer, too long, or an index in it is beyond 999.
    """
    if not field:
        raise ValueError("A field is the name of a member, or a JSON Pointer.")
    if not field.startswith("/"):
        return (field,)
    tokens = tokens_of(field)
    if len(tokens) > MAX_TOKENS:
        raise ValueError(f"A field has at most {MAX_TOKENS} steps.")
    if any((index_of(token) or 0) > MAX_INDEX for token in tokens):
        raise ValueError(f"An index in a field is at most {MAX_INDEX}.")
    return tokens


def required_fields_schema(fields: tuple[str, ...]) -> SchemaResource:
    """Give the schema of the bodies in which every field is present."""
    names: list[JsonValue] = [field for field in fields if not field.startswith("/")]
    pointers = [field for field in fields if field.startswith("/")]
    places = _Places()
    schema: JsonObject = {"type": "object", "required": names} if names else {}
    if pointers:
        schema["allOf"] = [places.at(field) for field in pointers]
    return places.resource(schema)


class _Places:
    """Builds schemas of fields; what two keywords share stands once, in `$defs`."""

    def __init__(self) -> None:
        self._shared: JsonObject = {}

    def at(self, field: str, leaf: JsonObject | None = None) -> JsonObject:
        """Give the schema of the bodies that hold the field and, there, fit `leaf`."""
        *outer, last = field_tokens(field)
        is_pointer = field.startswith("/")
        schema = self._step(last, leaf, is_pointer=is_pointer)
        for token in reversed(outer):
            schema = self._step(token, schema, is_pointer=is_pointer)
        return schema

    def resource(self, schema: JsonObject) -> SchemaResource:
        """Close the building: the schema with what it shares."""
        whole = {**schema, "$defs": self._shared} if self._shared else schema
        return SchemaResource(whole, Dialect.D2020)

    def _step(self, token: str, inner: JsonObject | None, *, is_pointer: bool) -> JsonObject:
        index = index_of(token) if is_pointer else None
        schema: JsonObject = {"type": "object", "required": [token]}
        if index is not None:
            # The index of an array, or the member of an object: each type has its own keywords.
            schema["type"] = ["object", "array"]
            schema["minItems"] = index + 1
        if inner is not None and index is not None:
            inner = self._share(inner)
            schema["prefixItems"] = [*([True] * index), inner]
        if inner is not None:
            schema["properties"] = {token: inner}
        return schema

    def _share(self, schema: JsonObject) -> JsonObject:
        name = f"at{len(self._shared)}"
        self._shared[name] = schema
        return {"$ref": f"#/$defs/{name}"}
