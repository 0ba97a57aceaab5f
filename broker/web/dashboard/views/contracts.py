"""One content as people read it: tools, schemas as trees, constraints, examples."""

import re
from dataclasses import dataclass

from broker.domain.contents import contract_from_stored
from broker.services.publications import content_by_digest
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.commands import call_command
from broker.web.dashboard.view_models.tree import Node, tree_of
from broker.web.refusals import PathNameInvalid
from client_sdk.contract.document import JsonObject, JsonValue, dumps
from client_sdk.contract.model import Contract, ToolContract

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})(?:\.json)?")
_PARTS = (
    "input_schema", "output_schema", "required_output_fields", "optional_output_fields",
    "status_codes", "responses", "constraints", "expectations",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One member of a tool; `tree` is `None` when it is too large to be folded."""

    name: str
    pointer: str
    tree: Node | None
    text: str


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example with the line that sends it."""

    name: str
    pointer: str
    text: str
    curl: str


@dataclass(frozen=True, slots=True)
class ShownTool:
    """One tool of the contract, member by member."""

    name: str
    version: str
    description: str | None
    pointer: str
    parts: tuple[ShownPart, ...]
    examples: tuple[ShownExample, ...]


@dataclass(frozen=True, slots=True)
class ContractScreen:
    """A content by its digest; `document` is the whole of it."""

    digest: str
    consumer: str
    producer: str
    tools: tuple[ShownTool, ...]
    document: JsonValue


def contract(digest: str) -> Shown:
    """GET one content."""
    found = _DIGEST.fullmatch(digest)
    if found is None:
        raise PathNameInvalid("digest", "must be sha256: and 64 hexadecimal digits")
    whole = f"sha256:{found[1]}"
    read = contract_from_stored(content_by_digest(context().store, whole))
    screen = ContractScreen(
        digest=whole,
        consumer=read.consumer,
        producer=read.producer,
        tools=tuple(_tool(read, index, tool) for index, tool in enumerate(read.tools)),
        document=read.document,
    )
    return Shown("contract.html", screen)


def _tool(read: Contract, index: int, tool: ToolContract) -> ShownTool:
    pointer = f"/tools/{index}"
    written = _written(read, index)
    return ShownTool(
        name=tool.tool_name,
        version=tool.version,
        description=tool.description or None,
        pointer=pointer,
        parts=tuple(_part(pointer, name, written[name]) for name in _PARTS if written.get(name)),
        examples=tuple(
            ShownExample(
                name=example.name,
                pointer=f"{pointer}/examples/{place}",
                text=_example_text(written, place),
                curl=call_command(tool.tool_name, example.input),
            )
            for place, example in enumerate(tool.examples)
        ),
    )


def _written(read: Contract, index: int) -> JsonObject:
    """The tool as the document has it."""
    tools = read.document.get("tools")
    written = tools[index] if isinstance(tools, list) and index < len(tools) else None
    return written if isinstance(written, dict) else {}


def _part(pointer: str, name: str, value: JsonValue) -> ShownPart:
    place = f"{pointer}/{name}"
    return ShownPart(name, place, tree_of(value, place, name), dumps(value, indent=2))


def _example_text(written: JsonObject, place: int) -> str:
    examples = written.get("examples")
    shown = examples[place] if isinstance(examples, list) and place < len(examples) else None
    return dumps(shown, indent=2)


SCREENS = (Screen("/contracts/<digest>", contract, is_immutable=True),)
