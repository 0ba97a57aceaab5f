"""A minimal contract out of recordings: only what the consumer sends and really reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.model import is_success
from client_sdk.contract.names import check_participant_name
from client_sdk.contract.pointer import join
from client_sdk.contract.values import JsonObject, JsonValue, integer_in
from client_sdk.harness.encoding import file_value
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteInvalid
from client_sdk.harness.matching import ANY_ITEM
from client_sdk.harness.reads import ROOT, FieldReads

if TYPE_CHECKING:
    from client_sdk.harness.cassette import Cassette

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EVERYTHING = FieldReads(wholes=frozenset({ROOT}))


def contract_document(
    cassettes: Sequence[Cassette],
    *,
    consumer: str,
    producer: str,
    reads: Mapping[str, FieldReads] | None = None,
    version: str = "1.0",
) -> JsonObject:
    """Give the document of the smallest contract that the recorded calls need.

    Of a tool that `reads` does not name nothing is read; without `reads` everything is.

    Raises:
        CassetteInvalid: nothing was recorded.
        NameRefused: the consumer's or producer's name is outside its grammar.
    """
    answered: dict[str, list[CassetteEntry]] = {}
    for cassette in cassettes:
        for entry in cassette.entries:
            if entry.error is None:
                answered.setdefault(entry.request_tool, []).append(entry)
    if not answered:
        raise CassetteInvalid("there is no recorded answer to infer a contract from")
    wanted = {
        tool: EVERYTHING if reads is None else reads.get(tool, FieldReads()) for tool in answered
    }
    return {
        "$schema": DIALECT,
        "consumer": check_participant_name(consumer),
        "producer": check_participant_name(producer),
        "metadata": {"source": "cassettes", "cassettes": [each.name for each in cassettes]},
        "tools": [_tool(tool, answered[tool], wanted[tool], version) for tool in sorted(answered)],
    }


def schema_of(
    values: Sequence[JsonValue], reads: FieldReads = EVERYTHING, at: str = ROOT
) -> JsonValue:
    """Give the smallest schema of the read parts of some values; `at` is where they stand."""
    if not reads.wants(at):
        return True
    types = sorted({_type_of(value) for value in values})
    if "number" in types and "integer" in types:
        types.remove("integer")
    schema: JsonObject = {"type": types[0] if len(types) == 1 else [*types]}
    objects = [value for value in values if isinstance(value, dict)]
    items = [item for value in values if isinstance(value, list) for item in value]
    if objects:
        schema |= _members(objects, reads, at)
    if items and reads.wants(join(at, ANY_ITEM)):
        schema["items"] = schema_of(items, reads, join(at, ANY_ITEM))
    return schema


def pruned(value: Any, reads: FieldReads, at: str = ROOT) -> Any:  # noqa: ANN401 - a JSON value
    """Give a value with its read members only."""
    if isinstance(value, dict):
        return {
            name: pruned(each, reads, join(at, name))
            for name, each in value.items()
            if reads.wants(join(at, name))
        }
    if isinstance(value, list):
        return [pruned(each, reads, join(at, ANY_ITEM)) for each in value]
    return value


def _tool(
    tool: str, entries: Sequence[CassetteEntry], reads: FieldReads, version: str
) -> JsonObject:
    bodies: dict[int, list[JsonValue]] = {}
    for entry in entries:
        bodies.setdefault(entry.response_status, []).append(file_value(entry.response_body))
    good = [body for status in bodies if is_success(status) for body in bodies[status]]
    written: JsonObject = {
        "tool_name": tool,
        "version": version,
        "input_schema": schema_of([entry.request_input for entry in entries]),
        "output_schema": schema_of(good, reads) if good else True,
        "status_codes": [*sorted(bodies)],
        "examples": _examples(entries, reads),
    }
    others: JsonObject = {
        str(status): schema_of(found, reads)
        for status, found in sorted(bodies.items())
        if not is_success(status)
    }
    return written | ({"responses": others} if others else {})


def _members(objects: Sequence[JsonObject], reads: FieldReads, at: str) -> JsonObject:
    names = sorted({name for each in objects for name in each if reads.wants(join(at, name))})
    required = [name for name in names if all(name in each for each in objects)]
    properties: JsonObject = {
        name: schema_of([each[name] for each in objects if name in each], reads, join(at, name))
        for name in names
    }
    found: JsonObject = {"properties": properties} if properties else {}
    return found | ({"required": [*required]} if required else {})


def _examples(entries: Sequence[CassetteEntry], reads: FieldReads) -> list[JsonValue]:
    """Give each different input once, with the answer it got first."""
    seen: dict[str, CassetteEntry] = {}
    for entry in entries:
        seen.setdefault(equality_key(entry.request_input), entry)
    return [
        {
            "name": f"recorded call {number}",
            "input": entry.request_input,
            "response": {
                "status_code": entry.response_status,
                "body": pruned(file_value(entry.response_body), reads),
            },
        }
        for number, entry in enumerate(seen.values(), start=1)
    ]


def _type_of(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "boolean"
    if integer_in(value) is not None:
        return "integer"
    names = {type(None): "null", str: "string", dict: "object", list: "array"}
    return names.get(type(value), "number")
