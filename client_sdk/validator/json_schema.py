"""A shape as one JSON Schema that any validator reads."""

from __future__ import annotations

from typing import Final

from client_sdk.contract.dialect import DEFAULT_DIALECT
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.values import JsonObject, JsonValue

NAME: Final = "urn:tallystick:part:"


def json_schema_of(shape: Shape) -> JsonValue:
    """Give one schema that is valid for exactly the values of the shape.

    Several parts become embedded resources, each with its own `$id` and dialect, so that a
    reference inside a part still means what it meant.
    """
    if not shape.parts:
        return True
    if len(shape.parts) == 1:
        return _with_dialect(shape.parts[0])
    parts: list[JsonValue] = [_embedded(part, number) for number, part in enumerate(shape.parts)]
    return {"$schema": DEFAULT_DIALECT.meta_schema_uri, "allOf": parts}


def _with_dialect(part: SchemaResource) -> JsonValue:
    if not isinstance(part.schema, dict):
        return part.schema
    # The kernel's reading wins: a part may have the dialect of its document.
    return {**part.schema, "$schema": part.dialect.meta_schema_uri}


def _embedded(part: SchemaResource, number: int) -> JsonValue:
    whole = _with_dialect(part)
    if not isinstance(whole, dict) or "$id" in whole:
        return whole
    named: JsonObject = {"$id": f"{NAME}{number}"}
    return named | whole
