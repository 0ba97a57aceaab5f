"""Contract content: what is stored of a document, how two differ, how shards of one merge."""

from collections.abc import Iterator

from broker.domain.expectation import expectations_of
from broker.domain.publication import Content
from client_sdk.contract.canonical import canonical_json, json_equal, utf16_order
from client_sdk.contract.delta import delta_lines
from client_sdk.contract.document import DEFAULT_LIMITS, JsonObject, JsonValue, Limits
from client_sdk.contract.model import Contract
from client_sdk.contract.reading import parse_contract

DIALECT = "$schema"
METADATA = "metadata"
TOOLS = "tools"

_AMPLE = 1_000
_STORED = Limits(
    max_bytes=DEFAULT_LIMITS.max_bytes * _AMPLE,
    max_depth=DEFAULT_LIMITS.max_depth * _AMPLE,
    max_values=DEFAULT_LIMITS.max_values * _AMPLE,
    max_number_digits=DEFAULT_LIMITS.max_number_digits * _AMPLE,
    max_exponent=DEFAULT_LIMITS.max_exponent * _AMPLE,
    max_tools=DEFAULT_LIMITS.max_tools * _AMPLE,
    max_schema_nodes=DEFAULT_LIMITS.max_schema_nodes * _AMPLE,
    max_expanded_nodes=DEFAULT_LIMITS.max_expanded_nodes * _AMPLE,
    max_pattern_length=DEFAULT_LIMITS.max_pattern_length * _AMPLE,
    max_enum_values=DEFAULT_LIMITS.max_enum_values * _AMPLE,
    max_unique_items=DEFAULT_LIMITS.max_unique_items * _AMPLE,
)


def content_from_contract(contract: Contract) -> Content:
    """The content of a contract; the SHA-256 of its `document` is its digest."""
    names = sorted((tool.tool_name for tool in contract.tools), key=utf16_order)
    document = {key: value for key, value in contract.document.items() if key != METADATA}
    tools = tools_by_name(contract.document)
    document[TOOLS] = [tools[name] for name in names]
    return Content(
        digest=contract.digest,
        tools=tuple(names),
        document=canonical_json(document),
        expectations=expectations_of(contract),
    )


def tools_by_name(document: JsonObject) -> dict[str, JsonValue]:
    """The tools of a valid contract document as they were written."""
    tools = document.get(TOOLS)
    return {
        str(tool["tool_name"]): tool
        for tool in (tools if isinstance(tools, list) else ())
        if isinstance(tool, dict)
    }


def contract_from_stored(raw: bytes) -> Contract:
    """Read what was accepted before, under whatever limits held then."""
    return parse_contract(raw, limits=_STORED)


def delta_between(old: JsonObject, new: JsonObject) -> tuple[str, ...]:
    """What differs between two contract documents, tool by tool, one line a difference."""
    return tuple(_differences(old, new))


def _differences(old: JsonObject, new: JsonObject) -> Iterator[str]:
    for member in sorted({*old, *new} - {METADATA, TOOLS}):
        if not json_equal(old.get(member), new.get(member)):
            yield f"{member}: changed"
    before, after = tools_by_name(old), tools_by_name(new)
    for name in sorted({*before, *after}):
        if name not in after:
            yield f"tool {name}: not in the new content"
        elif name not in before:
            yield f"tool {name}: only in the new content"
        elif not json_equal(before[name], after[name]):
            yield f"tool {name}: defined differently"
            for line in delta_lines(before[name], after[name]):
                yield f"tool {name}: {line}"


def merge_conflicts(stored: JsonObject, sent: JsonObject) -> tuple[str, ...]:
    """Tools of `sent` that `stored` defines differently, by name.

    Under another dialect every tool means something else, so all of them conflict.
    """
    before, after = tools_by_name(stored), tools_by_name(sent)
    if not json_equal(stored.get(DIALECT), sent.get(DIALECT)):
        return tuple(sorted(after))
    return tuple(
        name
        for name, tool in sorted(after.items())
        if name in before and not json_equal(before[name], tool)
    )


def merged(stored: JsonObject, sent: JsonObject) -> JsonObject:
    """`stored` with the tools and members of `sent` that it does not have yet."""
    before = tools_by_name(stored)
    added = [tool for name, tool in tools_by_name(sent).items() if name not in before]
    metadata = {**_object(sent.get(METADATA)), **_object(stored.get(METADATA))}
    whole = {**sent, **stored, TOOLS: [*before.values(), *added]}
    return {**whole, METADATA: metadata} if metadata else whole


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
