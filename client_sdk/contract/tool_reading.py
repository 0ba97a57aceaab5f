"""Tool contracts out of a document, with every fault noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from client_sdk.contract.constraint_reading import read_constraint
from client_sdk.contract.constraints import Constraint
from client_sdk.contract.members import Faults, Members, integer_at, shown
from client_sdk.contract.model import ABSENT, Example, ExampleResponse, ToolContract, is_success
from client_sdk.contract.names import check_tool_name, check_version_number
from client_sdk.contract.pointer import join
from client_sdk.contract.schema_reading import ANY_VALUE, SchemaReader
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonObject, JsonValue, Limits, is_number

STATUSES: Final = range(100, 600)
_STATUS: Final = re.compile("[1-5][0-9]{2}")


class _Named(Protocol):
    @property
    def tool_name(self) -> str: ...


_Tool = TypeVar("_Tool", bound=_Named)
_TOOL: Final = (
    "tool_name",
    "version",
    "input_schema",
    "output_schema",
    "required_output_fields",
    "optional_output_fields",
    "status_codes",
    "responses",
    "constraints",
    "examples",
    "expectations",
    "description",
)
_EXAMPLE: Final = ("name", "provider_state", "params", "input", "response")
_RESPONSE: Final = ("status_code", "body")
_EXPECTATIONS: Final = ("latency_ms", "max_bytes")


def read_tool(members: Members, schemas: SchemaReader) -> ToolContract:
    """Read one tool contract; what is faulty is noted and replaced by something empty."""
    members.only(_TOOL)
    return ToolContract(
        tool_name=members.checked("tool_name", check_tool_name),
        version=members.checked("version", check_version_number),
        input=_schema(members, "input_schema", schemas),
        output=_schema(members, "output_schema", schemas),
        input_schema=members.value.get("input_schema"),
        output_schema=members.value.get("output_schema"),
        required_output_fields=_fields(members, "required_output_fields", schemas),
        optional_output_fields=_fields(members, "optional_output_fields", schemas),
        status_codes=read_status_codes(members) if members.has("status_codes") else (200,),
        responses=_responses(members.inner("responses"), schemas),
        constraints=_constraints(members, schemas),
        examples=tuple(_example(item) for item in members.each("examples")),
        expectations=_expectations(members.inner("expectations")),
        description=members.text("description"),
    )


def read_tools(
    members: Members, limits: Limits, read: Callable[[Members], _Tool]
) -> tuple[_Tool, ...]:
    """Read the tools of a document with `read`: at least one, not too many, no name twice."""
    if not members.required("tools"):
        return ()
    count = len(members.array("tools"))
    if not count and isinstance(members.value["tools"], list):
        message = "At least one tool is wanted here."
        members.faults.error("empty-array", members.at("tools"), message)
    if count > limits.max_tools:
        message = f"There are {count} tools; at most {limits.max_tools} are allowed."
        members.faults.error("too-many-tools", members.at("tools"), message)
        return ()
    tools: dict[str, _Tool] = {}
    for item in members.each("tools"):
        tool = read(item)
        if tool.tool_name and tool.tool_name in tools:
            message = f"The tool {shown(tool.tool_name)} stands in the document twice."
            members.faults.error("duplicate-tool", item.at("tool_name"), message)
        tools[tool.tool_name] = tool
    return tuple(tools.values())


def _schema(members: Members, name: str, schemas: SchemaReader) -> SchemaResource:
    if not members.required(name):
        return ANY_VALUE
    return schemas.read(members.value[name], members.at(name)) or ANY_VALUE


def _fields(members: Members, name: str, schemas: SchemaReader) -> tuple[str, ...]:
    fields: dict[str, None] = {}
    for index, item in enumerate(members.array(name)):
        place = join(members.at(name), index)
        if not isinstance(item, str):
            members.faults.error("wrong-type", place, "The name of a field is a string.")
            continue
        if item in fields:
            members.faults.warning("repeated-field", place, f"{shown(item)} stands here twice.")
            continue
        trouble = schemas.fields.trouble(item)
        if trouble is not None:
            members.faults.error("field-invalid", place, trouble)
        fields[item] = None
    return tuple(fields)


def read_status_codes(members: Members) -> tuple[int, ...]:
    """Read the statuses of a tool; an array that is there names at least one."""
    place = members.at("status_codes")
    items = members.array("status_codes")
    statuses: dict[int, None] = {}
    for index, item in enumerate(items):
        status = integer_at(item, join(place, index), STATUSES, members.faults)
        if status in statuses:
            message = f"{status} stands here twice."
            members.faults.warning("repeated-status", join(place, index), message)
        statuses[status] = None
    if not items:
        members.faults.error("empty-array", place, "At least one status is wanted here.")
    return tuple(statuses)


def _responses(members: Members, schemas: SchemaReader) -> dict[int, SchemaResource]:
    responses: dict[int, SchemaResource] = {}
    for name in members.value:
        status = int(name) if _STATUS.fullmatch(name) else None
        if status is None or is_success(status):
            message = (
                f"{shown(name)} is no status outside of 2xx; "
                "bodies for 2xx are described by 'output_schema'."
            )
            members.faults.error("response-status", members.at(name), message)
        else:
            responses[status] = _schema(members, name, schemas)
    return responses


def _constraints(members: Members, schemas: SchemaReader) -> tuple[Constraint, ...]:
    read = (read_constraint(item, schemas) for item in members.each("constraints"))
    return tuple(constraint for constraint in read if constraint is not None)


def _example(members: Members) -> Example:
    members.only(_EXAMPLE)
    name = members.text("name") if members.required("name") else ""
    members.required("input")
    state = members.value.get("provider_state")
    return Example(
        name=name,
        input=members.value.get("input"),
        provider_state=None if state is None else members.text("provider_state"),
        params=members.json_object("params"),
        response=_response(members.inner("response")) if members.has("response") else None,
    )


def _response(members: Members) -> ExampleResponse:
    members.only(_RESPONSE)
    return ExampleResponse(
        members.integer("status_code", STATUSES), members.value.get("body", ABSENT)
    )


def _expectations(members: Members) -> JsonObject:
    members.only(_EXPECTATIONS)
    latency = members.inner("latency_ms")
    for name, limit in latency.value.items():
        _expect_amount(limit, latency.at(name), members.faults)
    if members.has("max_bytes"):
        _expect_amount(members.value["max_bytes"], members.at("max_bytes"), members.faults)
    return members.value


def _expect_amount(value: JsonValue, pointer: str, faults: Faults) -> None:
    if not (is_number(value) and value > 0):
        faults.error("wrong-type", pointer, "A number above 0 is wanted here.")
