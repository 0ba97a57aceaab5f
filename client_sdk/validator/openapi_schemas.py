"""Reads the schemas of an OpenAPI document as JSON Schemas that stand on their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.pointer import escape, tokens_of
from client_sdk.contract.values import JsonObject, JsonValue

COMPONENTS: Final = "#/components/schemas/"
DEFINITIONS: Final = {Dialect.DRAFT4: "definitions", Dialect.D2020: "$defs"}
# What only OpenAPI knows would make a schema look like a map of fields.
OPENAPI_ONLY: Final = frozenset({"nullable", "example", "discriminator", "xml", "externalDocs"})
YOUNGER_THAN_DRAFT4: Final = frozenset({"readOnly", "writeOnly", "deprecated"})
NAMED_SCHEMAS: Final = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "definitions", "$defs"}
)
LISTED_SCHEMAS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
SINGLE_SCHEMAS: Final = frozenset(
    [
        "items",
        "additionalItems",
        "additionalProperties",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contains",
        "propertyNames",
        "not",
        "if",
        "then",
        "else",
    ]
)


class SchemaReader:
    """Reads schemas of one document; each comes with the components that it refers to."""

    def __init__(self, document: JsonObject, dialect: Dialect) -> None:
        components = document.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        self._components = schemas if isinstance(schemas, dict) else {}
        self._dialect = dialect
        self._place = DEFINITIONS[dialect]
        self._dropped = OPENAPI_ONLY | (
            YOUNGER_THAN_DRAFT4 if dialect is Dialect.DRAFT4 else frozenset()
        )

    def read(self, schema: JsonValue) -> JsonValue:
        """Give the schema for use outside the document.

        Raises:
            DocumentInvalid: it refers to what is no component of the document.
        """
        needed: dict[str, None] = {}
        read = self._read(schema, needed)
        if not needed or not isinstance(read, dict):
            return read
        definitions: JsonObject = {}
        while missing := [name for name in needed if name not in definitions]:
            definitions[missing[0]] = self._read(self._components[missing[0]], needed)
        # In draft 4 nothing stands beside a reference.
        whole: JsonObject = {"allOf": [read]} if "$ref" in read else read
        own = whole.get(self._place)
        return {**whole, self._place: {**(own if isinstance(own, dict) else {}), **definitions}}

    def _read(self, schema: JsonValue, needed: dict[str, None]) -> JsonValue:
        if not isinstance(schema, dict):
            return schema

        def inner(value: JsonValue) -> JsonValue:
            return self._read(value, needed)

        kept = {name: value for name, value in schema.items() if name not in self._dropped}
        read = {name: _member(name, value, inner) for name, value in kept.items()}
        if isinstance(schema.get("$ref"), str):
            read["$ref"] = self._moved(str(schema["$ref"]), needed)
        if schema.get("nullable") is True and isinstance(read.get("type"), str):
            read["type"] = [read["type"], "null"]
        return read

    def _moved(self, reference: str, needed: dict[str, None]) -> str:
        name, *rest = tokens_of(f"/{reference.removeprefix(COMPONENTS)}")
        if not reference.startswith(COMPONENTS) or name not in self._components:
            message = f"The schema {reference!r} is no component of the document."
            raise DocumentInvalid(message, (Fault("not-openapi", "", message),))
        needed[name] = None
        return "/".join([f"#/{self._place}", *map(escape, (name, *rest))])


def _member(name: str, value: JsonValue, inner: Callable[[JsonValue], JsonValue]) -> JsonValue:
    """Read the schemas in one member of a schema; what holds none stays as it is."""
    if name in NAMED_SCHEMAS and isinstance(value, dict):
        return {key: inner(each) for key, each in value.items()}
    if isinstance(value, list) and (name in LISTED_SCHEMAS or name == "items"):
        return [inner(each) for each in value]
    return inner(value) if name in SINGLE_SCHEMAS else value
