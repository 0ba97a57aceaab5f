"""The contract as a value: what a consumer sends and understands, tool by tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from client_sdk.contract.canonical import digest_of, utf16_order
from client_sdk.contract.constraints import (
    Constraint,
    FieldAbsentIf,
    FieldEquals,
    FieldMatches,
    FieldPresentIf,
    SchemaConstraint,
    required_fields_schema,
)
from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect, dialect_from_uri
from client_sdk.contract.errors import Severity
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.values import JsonObject, JsonValue

__all__ = [
    "ABSENT",
    "ANYTHING",
    "Absent",
    "Constraint",
    "Contract",
    "Dialect",
    "Example",
    "ExampleResponse",
    "FieldAbsentIf",
    "FieldEquals",
    "FieldMatches",
    "FieldPresentIf",
    "SchemaConstraint",
    "SchemaResource",
    "Shape",
    "ToolContract",
    "contract_digest",
    "dialect_from_uri",
    "is_success",
]


class Absent(Enum):
    """The one value that says: no JSON value stands here, not even null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
ANYTHING: Final = Shape()
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class ExampleResponse:
    """What the consumer expects for an example; an absent body says nothing about it."""

    status_code: int
    body: JsonValue | Absent = ABSENT


@dataclass(frozen=True, slots=True)
class Example:
    """One input that the consumer really sends, and the state of the producer it belongs to."""

    name: str
    input: JsonValue
    provider_state: str | None = None
    params: JsonObject = field(default_factory=dict)
    response: ExampleResponse | None = None


@dataclass(frozen=True)
class ToolContract:
    """What one consumer sends to one tool, and which answers it understands.

    `input` and `output` are the schemas as they are meant; `input_schema` and `output_schema`
    keep them as they were written, which may be a field map.
    """

    tool_name: str
    version: str
    input: SchemaResource
    output: SchemaResource
    input_schema: JsonValue
    output_schema: JsonValue
    required_output_fields: tuple[str, ...] = ()
    optional_output_fields: tuple[str, ...] = ()
    status_codes: tuple[int, ...] = (200,)
    responses: Mapping[int, SchemaResource] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    examples: tuple[Example, ...] = ()
    expectations: JsonObject = field(default_factory=dict)
    description: str = ""

    def input_shape(self) -> Shape:
        """Give the inputs that the consumer may send, read literally."""
        return self._input_shape

    def output_shape(self, status: int) -> Shape:
        """Give the bodies that the consumer understands for a status.

        For a 2xx status: the output schema, the required fields and the constraints of severity
        error. For another: its entry in `responses`, else anything. Whether the status is
        handled at all is the question of `status_codes`.
        """
        if is_success(status):
            return self._success_shape
        response = self.responses.get(status)
        return ANYTHING if response is None else Shape((response,))

    @cached_property
    def _input_shape(self) -> Shape:
        return Shape((self.input,))

    @cached_property
    def _success_shape(self) -> Shape:
        required = self.required_output_fields
        return Shape(
            (
                self.output,
                *((required_fields_schema(required),) if required else ()),
                *(
                    constraint.to_schema()
                    for constraint in self.constraints
                    if constraint.severity is Severity.ERROR
                ),
            )
        )


@dataclass(frozen=True)
class Contract:
    """What one consumer needs of one producer; `document` is the JSON it was read from."""

    consumer: str
    producer: str
    tools: tuple[ToolContract, ...]
    document: JsonObject = field(repr=False)
    metadata: JsonObject = field(default_factory=dict)
    dialect: Dialect = DEFAULT_DIALECT

    @cached_property
    def digest(self) -> str:
        """Name the content: `sha256:` and the hex digest, without metadata and order of tools."""
        return contract_digest(self.document)

    def tool(self, name: str) -> ToolContract | None:
        """Find a tool by its name, or None."""
        return self._tools_by_name.get(name)

    @cached_property
    def _tools_by_name(self) -> dict[str, ToolContract]:
        return {tool.tool_name: tool for tool in self.tools}


def is_success(status: int) -> bool:
    """Tell whether a status is a 2xx."""
    return status in _SUCCESS


def contract_digest(document: JsonObject) -> str:
    """Give the digest of a contract document: without `metadata`, tools ordered by their name."""
    content = {name: value for name, value in document.items() if name != "metadata"}
    tools = content.get("tools")
    if isinstance(tools, list):
        content["tools"] = sorted(tools, key=_tool_order)
    return digest_of(content)


def _tool_order(tool: JsonValue) -> bytes:
    name = tool.get("tool_name") if isinstance(tool, dict) else None
    return utf16_order(name) if isinstance(name, str) else b""
