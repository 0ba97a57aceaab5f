"""Calls the tools of an MCP server, over stdio or streamable HTTP, as every client of the kit does.

The protocol is asynchronous and lives in an event loop on a thread of its own; callers see plain
calls with a total deadline. Needs the extra `tallystick[mcp]`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.names import check_tool_name
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange.asynchronous import AsyncTwin
from client_sdk.exchange.client import BODY_LIMITS
from client_sdk.exchange.mcp_connection import Connection, Opening, over_http, over_stdio
from client_sdk.exchange.result import Result

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult

SUCCESS: Final = 200
FAILURE: Final = 500
MOST_PAGES: Final = 100
PATIENCE: Final = 30.0  # seconds


class McpClient(AsyncTwin):
    """Calls the tools of one MCP server; connects at the first call, safe between threads.

    A result marked `isError`, and a protocol error, are status 500, any other is 200. The body is
    the structured content, else the text, read as JSON where it is JSON.

    Example:
        ```python
        with McpClient.over_stdio(["python", "-m", "mcp_server_git"]) as client:
            client.execute("git_status", {"repo_path": "."}).body
        ```
    """

    def __init__(self, opening: Opening, *, timeout: float = PATIENCE) -> None:
        self.address = opening.address
        self.timeout = timeout
        self._connection = Connection(opening, timeout)

    @classmethod
    def over_stdio(
        cls,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        timeout: float = PATIENCE,
    ) -> Self:
        """Start a server as a process, without a shell, and speak over its stdin and stdout.

        Args:
            command: the program and its arguments, one item each.
            environment: variables for it besides the few that are safe to inherit.
            timeout: seconds for a whole call, and for the start.

        Raises:
            SettingsFault: no command, or the extra `tallystick[mcp]` is not installed.
        """
        return cls(over_stdio(command, environment), timeout=timeout)

    @classmethod
    def over_http(
        cls,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = PATIENCE,
    ) -> Self:
        """Speak streamable HTTP with a server; `headers` go with every request.

        Raises:
            SettingsFault: no http(s) address, or the extra `tallystick[mcp]` is not installed.
        """
        return cls(over_http(url, headers, timeout), timeout=timeout)

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool and give its answer.

        Raises:
            Unreachable: the server did not start, is gone, or did not answer in time.
            SettingsFault: the input is no JSON object, which is all an MCP tool takes.
            NameRefused: the tool's name is outside its grammar.
        """
        name = check_tool_name(tool)
        if not isinstance(input_data, dict):
            raise SettingsFault(f"{name} is an MCP tool: its input is a JSON object")
        arguments: dict[str, Any] = json.loads(dumps(input_data))  # no Decimal: it would be a text
        began = time.monotonic()
        answer = self._connection.run(lambda client: _called(client, name, arguments))
        return _result(answer, (time.monotonic() - began) * 1000)

    def list_tools(self) -> JsonObject:
        """Give the server's `tools/list`, every page, with its `server` name and `version`.

        Raises:
            Unreachable: the server did not start, is gone, or did not answer in time.
        """
        return self._connection.run(_listed)

    def close(self) -> None:
        """End the connection, and the server when it was started here."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def _called(
    client: Client, name: str, arguments: dict[str, Any]
) -> CallToolResult | JsonObject:
    """Ask the session itself: the client would hide an answer that breaks the tool's schema."""
    from mcp import MCPError  # noqa: PLC0415 - the extra is there once a connection is
    from mcp.types import (  # noqa: PLC0415 - the same
        CONNECTION_CLOSED,
        CallToolRequest,
        CallToolRequestParams,
        CallToolResult,
    )

    request = CallToolRequest(params=CallToolRequestParams(name=name, arguments=arguments))
    try:
        return await client.session.send_request(request, CallToolResult)
    except MCPError as error:
        if error.code == CONNECTION_CLOSED:
            raise Unreachable(f"the MCP server closed the connection: {error}") from error
        return {"code": error.code, "message": error.message}


async def _listed(client: Client) -> JsonObject:
    tools: list[JsonValue] = []
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += [
            each.model_dump(by_alias=True, mode="json", exclude_none=True) for each in page.tools
        ]
        cursor = page.next_cursor
        if cursor is None:
            break
    server = client.server_info
    return {
        "server": server.name if server else None,
        "version": (server.version if server else "") or "0",
        "tools": tools,
    }


def _result(answer: CallToolResult | JsonObject, elapsed_ms: float) -> Result:
    if isinstance(answer, dict):
        return Result(FAILURE, answer, {}, elapsed_ms)
    status = FAILURE if answer.is_error else SUCCESS
    if answer.structured_content is not None:
        body, fault = _read(json.dumps(answer.structured_content))
    else:
        body, fault = _body_of(answer)
    return Result(status, body, {}, elapsed_ms, fault=fault)


def _body_of(answer: CallToolResult) -> tuple[JsonValue, str | None]:
    """Give the text as JSON, else as it is; other content as the list of its blocks."""
    texts = [block.text for block in answer.content if block.type == "text"]
    if len(texts) == len(answer.content):
        return _read("\n".join(texts)) if texts else (None, None)
    blocks: list[JsonValue] = [
        each.model_dump(by_alias=True, mode="json") for each in answer.content
    ]
    return blocks, "its content is more than text"


def _read(text: str) -> tuple[JsonValue, str | None]:
    try:
        return parse_untrusted(text.encode("utf-8", "replace"), limits=BODY_LIMITS), None
    except ContractError as error:
        return text, f"its text is no JSON: {error}"
