"""Makes consumer contracts, and the server's own offer, out of the tools an MCP server lists."""

from collections.abc import Iterable

from client_sdk.contract.document import JsonObject, JsonValue
from client_sdk.contract.errors import DocumentInvalid, Fault


def contract_from_tools(
    listing: JsonObject, *, consumer: str, producer: str, tools: Iterable[str]
) -> JsonObject:
    """The contract document of a consumer that uses `tools` of the listed server as they stand.

    `listing` is the result of `tools/list` with the server's `version`. A tool without an
    `outputSchema` may answer anything; an `isError` result is status 500 and not expected.
    Raises DocumentInvalid naming each tool that is not listed.
    """
    listed = {tool["name"]: tool for tool in _tools(listing)}
    wanted = tuple(tools)
    missing = tuple(_missing(name, listed) for name in wanted if name not in listed)
    if missing:
        raise DocumentInvalid("the server does not list every tool", missing)
    version = str(listing.get("version", "0"))
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "consumer": consumer,
        "producer": producer,
        "metadata": {"source": "mcp", "server": listing.get("server"), "server_version": version},
        "tools": [_tool(listed[name], version) for name in wanted],
    }


def offer_from_tools(listing: JsonObject, *, producer: str) -> JsonObject:
    """The offer document of a server: every tool of its `tools/list`, as it lists it.

    A result is status 200, or 500 when it is marked `isError`. Raises DocumentInvalid when it is
    no listing.
    """
    version = str(listing.get("version", "0"))
    return {
        "producer": producer,
        "source": "mcp",
        "metadata": {"server": listing.get("server"), "server_version": version},
        "tools": [_offered(tool, version) for tool in _tools(listing)],
    }


def _offered(tool: dict[str, JsonValue], version: str) -> JsonObject:
    taken = {"outputSchema": "output_schema", "annotations": "annotations"}
    optional = {name: tool[listed] for listed, name in taken.items() if listed in tool}
    return {
        "tool_name": tool["name"],
        "version": version,
        "description": tool.get("description", ""),
        "input_schema": tool.get("inputSchema", True),
        **optional,
    }


def _tools(listing: JsonObject) -> list[dict[str, JsonValue]]:
    tools = listing.get("tools")
    if not isinstance(tools, list):
        fault = Fault("not-a-listing", "/tools", "The tools must be an array.")
        raise DocumentInvalid("not a tool listing", (fault,))
    return [tool for tool in tools if isinstance(tool, dict) and isinstance(tool.get("name"), str)]


def _missing(name: str, listed: dict[JsonValue, dict[str, JsonValue]]) -> Fault:
    known = ", ".join(sorted(str(each) for each in listed))
    return Fault("tool-not-listed", "/tools", f"{name} is not among the listed tools: {known}")


def _tool(tool: dict[str, JsonValue], version: str) -> JsonObject:
    return {
        "tool_name": tool["name"],
        "version": version,
        "input_schema": tool.get("inputSchema", True),
        "output_schema": tool.get("outputSchema", True),
    }
