"""The tools of a mock as a client may list them: names, descriptions, and schemas of both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from client_sdk.contract.model import ToolContract
from client_sdk.contract.offers import Offer, OfferedTool, parse_offer
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class ListedTool:
    """One tool; both schemas are of objects, and an absent output schema says nothing."""

    name: str
    description: str = ""
    input_schema: JsonObject = field(default_factory=lambda: {"type": "object"})
    output_schema: JsonObject | None = None
    annotations: JsonObject = field(default_factory=dict)


@cache
def gateway_offer() -> Offer:
    """Give what the simulated gateway offers, as a producer publishes it."""
    return parse_offer(files("client_sdk.mock").joinpath("gateway.offer.json").read_bytes())


def listed(tool: ToolContract | OfferedTool) -> ListedTool:
    """List a tool as a contract or an offer has it."""
    required = tool.required_output_fields if isinstance(tool, ToolContract) else ()
    return ListedTool(
        name=tool.tool_name,
        description=tool.description,
        input_schema=_object_schema(tool.input) or {"type": "object"},
        output_schema=None if tool.output is None else _output(tool.output, required),
        annotations={} if isinstance(tool, ToolContract) else tool.annotations,
    )


def _output(output: SchemaResource, required: tuple[str, ...]) -> JsonObject | None:
    schema = _object_schema(output)
    if schema is None:
        return None
    names = list(dict.fromkeys([*_names(schema.get("required")), *required]))
    plain: list[JsonValue] = [name for name in names if not name.startswith("/")]
    return {**schema, "required": plain} if plain else schema


def _object_schema(resource: SchemaResource) -> JsonObject | None:
    """Give a schema with `type: object` at its root, which is what listings may hold."""
    schema = resource.schema
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        return None
    return {"$schema": resource.dialect.meta_schema_uri, "type": "object", **schema}


def _names(value: JsonValue) -> Iterator[str]:
    return (str(each) for each in (value if isinstance(value, list) else ()))
