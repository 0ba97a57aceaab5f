"""Offers: what a producer's version says it does, whoever calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from typing import Final

from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.errors import DocumentInvalid, Fault
from client_sdk.contract.members import Faults, Members, shown
from client_sdk.contract.model import ANYTHING, Shape, contract_digest
from client_sdk.contract.names import check_participant_name, check_tool_name, check_version_number
from client_sdk.contract.reading import invalid
from client_sdk.contract.schema_reading import ANY_VALUE, SchemaReader, read_dialect
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.tool_reading import read_status_codes, read_tools
from client_sdk.contract.values import DEFAULT_LIMITS, JsonObject, JsonValue, Limits

_OFFER: Final = ("producer", "metadata", "source", "tools", "$schema")
_TOOL: Final = (
    "tool_name",
    "version",
    "input_schema",
    "output_schema",
    "status_codes",
    "annotations",
    "description",
)


class OfferSource(StrEnum):
    """Where an offer was taken from."""

    MCP = "mcp"
    OPENAPI = "openapi"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """What one tool accepts and may emit; an absent output or status list says nothing."""

    tool_name: str
    version: str
    input: SchemaResource
    output: SchemaResource | None = None
    status_codes: tuple[int, ...] | None = None
    annotations: JsonObject = field(default_factory=dict)
    description: str = ""

    def input_shape(self) -> Shape:
        """Give the inputs that the tool accepts, read literally."""
        return Shape((self.input,))

    def output_shape(self) -> Shape:
        """Give the 2xx bodies that the tool may emit."""
        return ANYTHING if self.output is None else Shape((self.output,))


@dataclass(frozen=True)
class Offer:
    """All tools that one version of a producer offers; `document` is what it was read from."""

    producer: str
    source: OfferSource
    tools: tuple[OfferedTool, ...]
    document: JsonObject = field(repr=False)
    metadata: JsonObject = field(default_factory=dict)
    dialect: Dialect = DEFAULT_DIALECT

    @cached_property
    def digest(self) -> str:
        """Name the content: `sha256:` and the hex digest, without metadata and order of tools."""
        return contract_digest(self.document)

    def tool(self, name: str) -> OfferedTool | None:
        """Find a tool by its name, or None."""
        return next((tool for tool in self.tools if tool.tool_name == name), None)


def parse_offer(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Offer:
    """Read an offer file.

    Raises:
        DocumentMalformed: the bytes are not strict JSON.
        DocumentTooLarge: they are over a size limit.
        DocumentInvalid: they are JSON but no offer; `faults` holds every error.
    """
    return offer_from_document(parse_untrusted(raw, limits=limits), limits=limits)


def offer_from_document(document: JsonValue, *, limits: Limits = DEFAULT_LIMITS) -> Offer:
    """Read an offer out of JSON that was parsed before.

    Raises:
        DocumentInvalid: it is no offer; `faults` holds every error.
    """
    if not isinstance(document, dict):
        message = "An offer is a JSON object."
        raise DocumentInvalid(message, (Fault("not-an-object", "", message),))
    faults = Faults()
    members = Members(document, "", faults)
    members.only(_OFFER)
    dialect = read_dialect(members)
    schemas = SchemaReader(dialect, faults, limits)
    offer = Offer(
        producer=members.checked("producer", check_participant_name),
        source=_source(members),
        tools=read_tools(members, limits, partial(_tool, schemas=schemas)),
        document=document,
        metadata=members.json_object("metadata"),
        dialect=dialect,
    )
    if faults.error_count:
        raise invalid("offer", tuple(faults.found))
    return offer


def _source(members: Members) -> OfferSource:
    known = tuple(source.value for source in OfferSource)
    name = members.text("source") if members.required("source") else ""
    if name in known:
        return OfferSource(name)
    if members.has("source"):
        message = f"{shown(name)} is no source; known are {', '.join(known)}."
        members.faults.error("unknown-source", members.at("source"), message)
    return OfferSource.MANUAL


def _tool(members: Members, schemas: SchemaReader) -> OfferedTool:
    members.only(_TOOL)
    return OfferedTool(
        tool_name=members.checked("tool_name", check_tool_name),
        version=members.checked("version", check_version_number),
        input=_schema(members, "input_schema", schemas) or ANY_VALUE,
        output=_schema(members, "output_schema", schemas, is_required=False),
        status_codes=read_status_codes(members) if members.has("status_codes") else None,
        annotations=members.json_object("annotations"),
        description=members.text("description"),
    )


def _schema(
    members: Members, name: str, schemas: SchemaReader, *, is_required: bool = True
) -> SchemaResource | None:
    is_there = members.required(name) if is_required else members.has(name)
    return schemas.read(members.value[name], members.at(name)) if is_there else None
