"""Contracts as a test writes them in Python: the fields of the file, saved and loaded whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from threading import get_ident
from typing import Any, Final

from client_sdk.contract.canonical import dumps
from client_sdk.contract.model import Contract
from client_sdk.contract.model import ToolContract as KernelTool
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.contract.sources.mcp import contract_from_tools
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.validator.json_schema import json_schema_of
from client_sdk.validator.openapi import contract_from_openapi
from client_sdk.validator.pact import contract_from_pact

SOMEBODY: Final = "somebody"  # a tool alone has no consumer; the kernel wants a name


@dataclass(frozen=True, slots=True)
class ToolContract:
    """What a consumer sends to one tool, and what it understands of the answers.

    `input_schema` and `output_schema` are JSON Schemas or flat maps from field to schema. The
    fields are those of the contract file; `extra` keeps members that the file format does not know.

    Example:
        >>> tool = ToolContract("get_balance", "1.0", {}, {"balance": {"type": "string"}})
        >>> tool.status_codes
        [200]
    """

    tool_name: str
    version: str
    input_schema: JsonValue
    output_schema: JsonValue
    required_output_fields: list[str] = field(default_factory=list)
    optional_output_fields: list[str] = field(default_factory=list)
    status_codes: list[int] = field(default_factory=lambda: [200])
    constraints: list[JsonObject] = field(default_factory=list)
    responses: Mapping[int | str, JsonValue] = field(default_factory=dict, kw_only=True)
    examples: list[JsonObject] = field(default_factory=list, kw_only=True)
    expectations: JsonObject = field(default_factory=dict, kw_only=True)
    description: str = field(default="", kw_only=True)
    extra: JsonObject = field(default_factory=dict, kw_only=True)

    @property
    def provider_states(self) -> tuple[str, ...]:
        """The states of the producer that the examples want, each once."""
        states = (example.get("provider_state") for example in self.examples)
        return tuple(dict.fromkeys(state for state in states if isinstance(state, str)))

    def to_document(self) -> JsonObject:
        """Give the tool as it stands in a contract file; what is empty is left out."""
        document: JsonObject = {
            "tool_name": self.tool_name,
            "version": self.version,
            "input_schema": self.input_schema,
            "output_schema": self.output_schema,
        }
        optional: tuple[tuple[str, JsonValue], ...] = (
            ("required_output_fields", list(self.required_output_fields)),
            ("optional_output_fields", list(self.optional_output_fields)),
            ("responses", {str(status): body for status, body in self.responses.items()}),
            ("constraints", list(self.constraints)),
            ("examples", list(self.examples)),
            ("expectations", dict(self.expectations)),
            ("description", self.description),
        )
        document |= {name: value for name, value in optional if value}
        return document | {"status_codes": list(self.status_codes)} | self.extra

    def to_kernel(self) -> KernelTool:
        """Give the tool as the kernel reads it.

        Raises:
            DocumentInvalid: it is no valid tool contract; `faults` holds everything found.
        """
        return AgentContract(SOMEBODY, SOMEBODY, [self]).to_kernel().tools[0]

    def to_json_schema(self, status: int | None = None) -> JsonValue:
        """Give one JSON Schema: of the input, or with a `status` of the bodies understood for it.

        Required fields and constraints of severity error are part of it.

        Raises:
            DocumentInvalid: it is no valid tool contract.
        """
        tool = self.to_kernel()
        return json_schema_of(tool.input_shape() if status is None else tool.output_shape(status))

    @classmethod
    def from_document(cls, document: JsonObject) -> ToolContract:
        """Make a tool out of one that the kernel has read without a fault."""
        return cls(**_arguments(cls, document))


@dataclass(frozen=True, slots=True)
class AgentContract:
    """What one consumer relies on: its name, the producer's, and the tools it uses.

    `dialect` is the file's `$schema`, None for the default. `extra` keeps unknown members.
    """

    consumer: str
    producer: str
    tools: list[ToolContract] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    dialect: str | None = field(default=None, kw_only=True)
    extra: JsonObject = field(default_factory=dict, kw_only=True)

    def to_document(self) -> JsonObject:
        """Give the contract as it stands in a file."""
        document: JsonObject = {} if self.dialect is None else {"$schema": self.dialect}
        document |= {"consumer": self.consumer, "producer": self.producer}
        if self.metadata:
            document["metadata"] = dict(self.metadata)
        return document | {"tools": [tool.to_document() for tool in self.tools]} | self.extra

    def to_kernel(self) -> Contract:
        """Give the contract as the kernel reads it.

        Raises:
            DocumentInvalid: it is no valid contract; `faults` holds everything found.
        """
        return contract_from_document(self.to_document())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the contract file whole, or not at all; folders are made.

        Raises:
            DocumentInvalid: it is no valid contract, and no file is written.
        """
        document = self.to_kernel().document
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"{file.name}.{os.getpid()}-{get_ident()}.partial")
        partial.write_text(dumps(document, indent=2) + "\n", encoding="utf-8")
        partial.replace(file)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> AgentContract:
        """Read a contract file strictly.

        Raises:
            OSError: the file cannot be read.
            ContractError: it is no valid contract; `faults` holds everything found.
        """
        return cls.from_kernel(parse_contract(Path(path).read_bytes()))

    @classmethod
    def from_kernel(cls, contract: Contract) -> AgentContract:
        """Make the contract that was read from the kernel's document."""
        arguments = _arguments(cls, contract.document)
        arguments["dialect"] = arguments["extra"].pop("$schema", None)
        arguments["tools"] = [ToolContract.from_document(tool) for tool in arguments["tools"]]
        return cls(**arguments)

    @classmethod
    def from_mcp(
        cls, listing: JsonObject, *, consumer: str, producer: str, tools: Iterable[str]
    ) -> AgentContract:
        """Make the contract of a consumer that uses `tools` of a listed MCP server as they stand.

        `listing` is the result of `tools/list`; its `version` becomes the tools' version.

        Raises:
            DocumentInvalid: a tool is not listed, or a listed schema is none.
        """
        document = contract_from_tools(listing, consumer=consumer, producer=producer, tools=tools)
        return cls.from_kernel(contract_from_document(document))

    @classmethod
    def from_openapi(
        cls, document: JsonObject, *, consumer: str, producer: str, operations: Iterable[str]
    ) -> AgentContract:
        """Make the contract of a consumer that uses `operations` of an OpenAPI document.

        An operation is a tool by its `operationId`, of the version in the document's `info`.

        Raises:
            DocumentInvalid: an operation is not there, or the document is no OpenAPI 3.0 or 3.1.
        """
        made = contract_from_openapi(
            document, consumer=consumer, producer=producer, operations=operations
        )
        return cls.from_kernel(contract_from_document(made))

    @classmethod
    def from_pact(cls, document: JsonObject, *, version: str = "1.0") -> AgentContract:
        """Make the contract that a Pact file (version 2, 3 or 4) stands for.

        Its interactions become examples, and what their bodies look like the schemas.

        Raises:
            DocumentInvalid: it holds no HTTP interaction, or one that cannot be read.
        """
        return cls.from_kernel(
            contract_from_document(contract_from_pact(document, version=version))
        )


def _arguments(kind: type[Any], document: JsonObject) -> dict[str, Any]:
    """Split a document into the fields of a class, and `extra` for the rest."""
    names = {each.name for each in fields(kind)} - {"extra", "dialect"}
    known: dict[str, Any] = {name: value for name, value in document.items() if name in names}
    known["extra"] = {name: value for name, value in document.items() if name not in names}
    return known
