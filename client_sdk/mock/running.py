"""A mock as a process of its own: it says where it listens and serves until it is stopped."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from client_sdk.mock.server import RunningMock, serve
from client_sdk.mock.tool_mock import ToolMock

KEY_VARIABLE = "TALLY_SANDBOX_KEY"


class Wire(StrEnum):
    """What a mock speaks."""

    HTTP = "http"
    MCP_HTTP = "mcp-http"
    MCP_STDIO = "mcp-stdio"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mock listens, and the bearer key it asks for."""

    host: str = "127.0.0.1"
    port: int = 0
    key: str | None = None


def run(
    mock: ToolMock, wire: Wire, place: Place, *, stopped: threading.Event | None = None
) -> None:
    """Serve until SIGTERM or Ctrl-C, or until stdin ends; the first line says the address.

    With `stopped` it serves until that is set, and leaves signals alone.

    Raises:
        SettingsFault: the place cannot be used, or a package for the wire is missing.
    """
    match wire:
        case Wire.MCP_STDIO:
            from client_sdk.mock.mcp_server import run_stdio  # noqa: PLC0415 - an extra

            run_stdio(mock)
        case Wire.MCP_HTTP:
            from client_sdk.mock.mcp_server import serve_mcp  # noqa: PLC0415 - an extra

            served = serve_mcp(mock, host=place.host, port=place.port, key=_key(place))
            _announced(served, stopped or _set_by_signals())
        case Wire.HTTP:
            served = serve(mock, host=place.host, port=place.port, key=_key(place))
            _announced(served, stopped or _set_by_signals())
        case _:
            assert_never(wire)


def _key(place: Place) -> str | None:
    return place.key or os.environ.get(KEY_VARIABLE)


def _set_by_signals() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _announced(served: AbstractContextManager[RunningMock], stopped: threading.Event) -> None:
    with served as running:
        sys.stdout.write(f"The sandbox listens on {running.url}\n")
        sys.stdout.flush()
        stopped.wait()
