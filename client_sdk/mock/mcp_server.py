"""A mock as a real MCP server, over stdio or streamable HTTP; needs `tallystick[mcp]`.

A success is structured content, anything else a result marked `isError` whose content is the
problem. A tool that the mock is silent for is never answered.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from client_sdk import __version__
from client_sdk.contract.document import dumps
from client_sdk.contract.model import is_success
from client_sdk.contract.values import JsonValue
from client_sdk.errors import SettingsFault
from client_sdk.exchange import Result
from client_sdk.mock.answers import NoAnswer
from client_sdk.mock.listing import ListedTool
from client_sdk.mock.server import RunningMock, address_of, check_loopback
from client_sdk.mock.tool_mock import ToolMock

if TYPE_CHECKING:
    from mcp.server import Server, ServerRequestContext
    from mcp.types import (
        CallToolRequestParams,
        CallToolResult,
        ListToolsResult,
        PaginatedRequestParams,
        Tool,
    )

PATH: Final = "/mcp"
ENDING: Final = 10.0  # seconds
HANGING_UP: Final = 1  # seconds for calls that are never answered

_Asgi = Callable[[Any, Any, Any], Awaitable[None]]


def run_stdio(mock: ToolMock) -> None:
    """Serve on stdin and stdout until stdin ends.

    Raises:
        SettingsFault: the `mcp` package is not installed.
    """
    server = _server(mock)

    async def serve() -> None:
        from mcp.server.stdio import stdio_server  # noqa: PLC0415 - an extra

        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    asyncio.run(serve())


@contextmanager
def serve_mcp(
    mock: ToolMock, *, host: str = "127.0.0.1", port: int = 0, key: str | None = None
) -> Iterator[RunningMock]:
    """Serve streamable HTTP until the block ends; port 0 takes a free one.

    Raises:
        SettingsFault: the host is no loopback, the port is taken, or `mcp` is not installed.
    """
    check_loopback(host)
    app = _guarded(_server(mock).streamable_http_app(host=host, json_response=True), key)
    import uvicorn  # noqa: PLC0415 - comes with the extra

    listening = _listening(host, port)
    config = uvicorn.Config(
        app, log_level="critical", ws="none", timeout_graceful_shutdown=HANGING_UP
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield RunningMock(address_of(host, listening.getsockname()[1]) + PATH, mock)
    finally:
        server.should_exit = True
        thread.join(ENDING)
        listening.close()


def _server(mock: ToolMock) -> Server[Any]:
    if find_spec("mcp") is None:
        raise SettingsFault("MCP needs an extra: pip install 'tallystick[mcp]'")
    from mcp.server import Server  # noqa: PLC0415 - an extra
    from mcp.types import ListToolsResult  # noqa: PLC0415 - an extra

    async def list_tools(
        _: ServerRequestContext[Any], __: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[_tool(each) for each in mock.listing()])

    async def call_tool(
        _: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        arguments: JsonValue = params.arguments or {}
        try:
            result = await asyncio.to_thread(mock.execute, params.name, arguments)
        except NoAnswer:
            await asyncio.Event().wait()  # until the caller gives up
            raise
        return _content(result)

    return Server(
        "tallystick-sandbox",
        version=__version__,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _tool(listed: ListedTool) -> Tool:
    from mcp.types import Tool, ToolAnnotations  # noqa: PLC0415 - an extra

    return Tool(
        name=listed.name,
        description=listed.description or None,
        input_schema=_plain(listed.input_schema),
        output_schema=None if listed.output_schema is None else _plain(listed.output_schema),
        annotations=ToolAnnotations.model_validate(_plain(listed.annotations)),
    )


def _content(result: Result) -> CallToolResult:
    from mcp.types import CallToolResult, TextContent  # noqa: PLC0415 - an extra

    body = result.body
    return CallToolResult(
        content=[TextContent(text=body if isinstance(body, str) else dumps(body))],
        structured_content=_plain(body) if isinstance(body, dict) else None,
        is_error=not is_success(result.status_code),
    )


def _plain(value: JsonValue) -> Any:  # noqa: ANN401 - JSON as the protocol's package takes it
    """Give a value without Decimals, which that package would write as texts."""
    return json.loads(dumps(value))


def _guarded(app: _Asgi, key: str | None) -> _Asgi:
    """Ask for a bearer key before anything else, when there is one."""
    if key is None:
        return app
    expected = f"Bearer {key}".encode()

    async def guarded(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        given = dict(scope.get("headers") or []).get(b"authorization", b"")
        if scope["type"] != "http" or hmac.compare_digest(given, expected):
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return guarded


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # the protocol is named, or the event loop leaves small packets waiting for acknowledgements
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsFault(f"the mock cannot listen on {host}:{port}: {error}") from error
    return listening
