"""One change of a tool's contract: which rule, where, from what to what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from client_sdk.contract.model import ABSENT, Absent, ToolContract
from client_sdk.contract.report import Side
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonObject, JsonValue

Application: TypeAlias = Callable[[ToolContract], ToolContract]


@dataclass(frozen=True, slots=True)
class Change:
    """`path` points into the tool's contract; `status` is the response it belongs to.

    `apply` makes this change alone to the old tool; `None` when it changes no set of values.
    """

    rule: str
    side: Side
    path: str
    what: str
    old: JsonValue = None
    new: JsonValue = None
    apply: Application | None = None
    status: int | None = None
    member: str = ""  # the name that became required or no longer is, as a reader calls it


@dataclass(frozen=True, slots=True)
class Where:
    """A schema of a tool: its side, the name it has in the contract, and its status."""

    side: Side
    member: str  # "input_schema", "output_schema" or "responses/<status>"
    status: int | None = None

    def resource(self, tool: ToolContract) -> SchemaResource:
        """The schema in a tool."""
        if self.status is not None:
            return tool.responses[self.status]
        return tool.input if self.side is Side.INPUT else tool.output

    def put(self, tool: ToolContract, resource: SchemaResource) -> ToolContract:
        """The tool with another schema there."""
        if self.status is not None:
            return replace(tool, responses={**tool.responses, self.status: resource})
        if self.side is Side.INPUT:
            return replace(tool, input=resource)
        return replace(tool, output=resource)


def put(schema: JsonValue, tokens: tuple[str, ...], value: JsonValue) -> JsonValue:
    """A copy of `schema` with `value` at `tokens`; only what lies on the way is copied."""
    if not tokens:
        return value
    first, rest = tokens[0], tokens[1:]
    if isinstance(schema, list):
        copy = list(schema)
        copy[int(first)] = put(copy[int(first)], rest, value)
        return copy
    outer = dict(mapped(schema))
    outer[first] = put(outer.get(first, {}), rest, value)
    return outer


def edited(
    schema: JsonValue, tokens: tuple[str, ...], keyword: str, value: JsonValue | Absent
) -> JsonValue:
    """A copy of `schema` with one keyword at `tokens` set, or taken away when `value` is ABSENT."""
    if value is not ABSENT:
        return put(schema, (*tokens, keyword), value)
    around = schema
    for token in tokens:
        around = around[int(token)] if isinstance(around, list) else mapped(around).get(token)
    kept = {name: each for name, each in mapped(around).items() if name != keyword}
    return put(schema, tokens, kept)


def mapped(value: JsonValue) -> JsonObject:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
