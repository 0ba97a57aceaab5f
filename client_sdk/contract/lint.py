"""Lint: everything that is wrong or doubtful in a contract document, in one pass.

Reading a contract and linting it are the same walk. Reading refuses when the walk met an error;
lint shows the warnings too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from client_sdk.contract.errors import Fault
from client_sdk.contract.example_checks import MAX_STEPS, check_examples
from client_sdk.contract.members import Faults, Members
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.names import check_participant_name
from client_sdk.contract.schema_reading import SchemaReader, read_dialect
from client_sdk.contract.tool_reading import read_tool, read_tools
from client_sdk.contract.validation import Steps
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
    dialect = read_dialect(members)
    schemas = SchemaReader(dialect, faults, limits)
    contract = Contract(
        consumer=members.checked("consumer", check_participant_name),
        producer=members.checked("producer", check_participant_name),
        metadata=members.json_object("metadata"),
        tools=read_tools(members, limits, partial(_tool, schemas=schemas, steps=Steps(MAX_STEPS))),
        dialect=dialect,
        document=document,
    )
    return Examination(None if faults.error_count else contract, tuple(faults.found))


def _tool(members: Members, schemas: SchemaReader, steps: Steps) -> ToolContract:
    errors_before = members.faults.error_count
    tool = read_tool(members, schemas)
    if members.faults.error_count == errors_before:
        check_examples(tool, members, steps)
    return tool
