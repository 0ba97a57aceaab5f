"""Lint: everything that is wrong or doubtful in a contract document, in one pass.

Reading a contract and linting it are the same walk. Reading refuses when the walk met an error;
lint shows the warnings too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect, dialect_from_uri
from client_sdk.contract.errors import Fault
from client_sdk.contract.example_checks import check_examples
from client_sdk.contract.members import Faults, Members, shown
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.names import check_participant_name
from client_sdk.contract.schema_reading import SchemaReader, unknown_dialect
from client_sdk.contract.tool_reading import read_tool
from client_sdk.contract.values import DEFAULT_LIMITS, JsonValue, Limits

_CONTRACT: Final = ("consumer", "producer", "metadata", "tools", "$schema")


@dataclass(frozen=True, slots=True)
class Examination:
    """What reading a document gave: its faults, and the contract if none of them is an error."""

    contract: Contract | None
    faults: tuple[Fault, ...]


def lint(document: JsonValue, *, limits: Limits = DEFAULT_LIMITS) -> tuple[Fault, ...]:
    """Give all faults of a contract document, errors and warnings; never raise."""
    return examine(document, limits=limits).faults


def examine(document: JsonValue, *, limits: Limits = DEFAULT_LIMITS) -> Examination:
    """Read a contract document to its end, whatever is wrong with it."""
    faults = Faults()
    if not isinstance(document, dict):
        faults.error("not-an-object", "", "A contract is a JSON object.")
        return Examination(None, tuple(faults.found))
    members = Members(document, "", faults)
    members.only(_CONTRACT)
    dialect = _dialect(members)
    contract = Contract(
        consumer=members.checked("consumer", check_participant_name),
        producer=members.checked("producer", check_participant_name),
        metadata=members.json_object("metadata"),
        tools=_tools(members, SchemaReader(dialect, faults, limits)),
        dialect=dialect,
        document=document,
    )
    return Examination(None if faults.has_errors else contract, tuple(faults.found))


def _dialect(members: Members) -> Dialect:
    uri = members.text("$schema", DEFAULT_DIALECT.meta_schema_uri)
    dialect = dialect_from_uri(uri)
    if dialect is None:
        members.faults.error("unknown-dialect", members.at("$schema"), unknown_dialect(uri))
        return DEFAULT_DIALECT
    return dialect


def _tools(members: Members, schemas: SchemaReader) -> tuple[ToolContract, ...]:
    if not members.required("tools"):
        return ()
    count = len(members.array("tools"))
    if not count and isinstance(members.value["tools"], list):
        message = "A contract names at least one tool."
        members.faults.error("empty-array", members.at("tools"), message)
    if count > schemas.limits.max_tools:
        message = f"There are {count} tools; at most {schemas.limits.max_tools} are allowed."
        members.faults.error("too-many-tools", members.at("tools"), message)
        return ()
    tools: dict[str, ToolContract] = {}
    for item in members.each("tools"):
        tool = _tool(item, schemas)
        if tool.tool_name and tool.tool_name in tools:
            message = f"The tool {shown(tool.tool_name)} stands in the file twice."
            members.faults.error("duplicate-tool", item.at("tool_name"), message)
        tools[tool.tool_name] = tool
    return tuple(tools.values())


def _tool(members: Members, schemas: SchemaReader) -> ToolContract:
    before = len(members.faults.found)
    tool = read_tool(members, schemas)
    if not members.faults.has_errors_since(before):
        check_examples(tool, members)
    return tool
