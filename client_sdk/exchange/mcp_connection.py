"""One connection to an MCP server, kept open in an event loop on a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from client_sdk.errors import SettingsFault, TallyError, Unreachable

if TYPE_CHECKING:
    from mcp import Client

SHOWN_STDERR: Final = 1_000
CLOSING: Final = 10.0  # seconds; a server that does not end by itself is killed before that

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Opening:
    """How to open a connection; what a started server writes to stderr goes to `stderr`."""

    address: str
    open: Callable[[AsyncExitStack], Awaitable[Client]]
    stderr: IO[str] | None = None


class Connection:
    """Opens at the first `run` and stays open until `close`."""

    def __init__(self, opening: Opening, timeout: float) -> None:
        self._opening = opening
        self._timeout = timeout
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._opened: Future[Client] = Future()

    def run(self, ask: Callable[[Client], Awaitable[_Value]]) -> _Value:
        """Wait for what the client gives, at most as long as the timeout.

        Raises:
            Unreachable: it cannot be opened, is closed, or gave nothing in time.
        """
        client = self._open_client()
        if self._loop is None or not self._loop.is_running():
            raise Unreachable(f"the connection to {self._opening.address} is closed")
        future = asyncio.run_coroutine_threadsafe(self._in_time(ask, client), self._loop)
        try:
            return future.result(self._timeout + CLOSING)  # the loop may end meanwhile
        except TallyError:
            raise
        except TimeoutError:
            raise Unreachable(
                f"{self._opening.address} did not answer within {self._timeout:g} s"
            ) from None
        except Exception as error:
            raise Unreachable(self._sentence("gave no answer", error)) from error

    def close(self) -> None:
        """Close the connection; a server that was started is ended."""
        with self._lock:
            if self._thread is None:
                return
            if self._loop is not None and self._end is not None and self._loop.is_running():
                self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join(CLOSING)
            if self._opening.stderr is not None:
                self._opening.stderr.close()

    def _open_client(self) -> Client:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=lambda: asyncio.run(self._live()), name="mcp", daemon=True
                )
                self._thread.start()
        try:
            return self._opened.result(self._timeout + CLOSING)
        except TimeoutError:
            cause = TimeoutError(f"nothing within {self._timeout:g} s")
            raise Unreachable(self._sentence("did not open", cause)) from None
        except Exception as error:
            raise Unreachable(self._sentence("cannot be reached", error)) from error

    async def _live(self) -> None:
        """Keep the client open in one task: it must be closed by the task that opened it."""
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(self._timeout):
                    client = await self._opening.open(stack)
                self._opened.set_result(client)
                await self._end.wait()
        except Exception as error:  # noqa: BLE001 - handed to the caller, or of a closing server
            if not self._opened.done():
                self._opened.set_exception(error)

    async def _in_time(self, ask: Callable[[Client], Awaitable[_Value]], client: Client) -> _Value:
        async with asyncio.timeout(self._timeout):
            return await ask(client)

    def _sentence(self, what: str, error: Exception) -> str:
        said = ""
        if self._opening.stderr is not None and not self._opening.stderr.closed:
            self._opening.stderr.seek(0)
            said = self._opening.stderr.read()[-SHOWN_STDERR:].strip()
        cause = _innermost(error)
        sentence = f"{self._opening.address} {what}: {str(cause) or type(cause).__name__}"
        return f"{sentence}; it wrote: {said}" if said else sentence


def over_stdio(command: Sequence[str], environment: Mapping[str, str] | None) -> Opening:
    """Open by starting a process.

    Raises:
        SettingsFault: no command, or the `mcp` package is not installed.
    """
    if isinstance(command, str) or not command:
        raise SettingsFault('the MCP command is a list such as ["python", "-m", "server"]')
    _check_installed()
    program, *arguments = command
    stderr = tempfile.TemporaryFile(  # noqa: SIM115 - closed with the connection
        "w+", encoding="utf-8", errors="replace"
    )

    async def opened(stack: AsyncExitStack) -> Client:
        from mcp import Client, StdioServerParameters, stdio_client  # noqa: PLC0415 - an extra

        server = StdioServerParameters(command=program, args=arguments, env=dict(environment or {}))
        return await stack.enter_async_context(Client(stdio_client(server, errlog=stderr)))

    return Opening(f"the MCP server {program}", opened, stderr)


def over_http(url: str, headers: Mapping[str, str] | None, timeout: float) -> Opening:
    """Open a streamable HTTP endpoint.

    Raises:
        SettingsFault: no http(s) address, or the `mcp` package is not installed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsFault(f"the MCP address {url!r} is not an http:// or https:// URL")
    if parts.username or parts.password:
        raise SettingsFault("the MCP address carries a user name or password: use a header")
    _check_installed()

    async def opened(stack: AsyncExitStack) -> Client:
        import httpx2  # noqa: PLC0415 - comes with the extra
        from mcp import Client  # noqa: PLC0415 - an extra
        from mcp.client.streamable_http import streamable_http_client  # noqa: PLC0415 - an extra

        # no proxies and no netrc: a credential goes where it was meant to
        session = httpx2.AsyncClient(headers=dict(headers or {}), timeout=timeout, trust_env=False)
        http = await stack.enter_async_context(session)
        transport = streamable_http_client(url, http_client=http)
        return await stack.enter_async_context(Client(transport))

    return Opening(url, opened)


def _check_installed() -> None:
    if find_spec("mcp") is None:
        raise SettingsFault("MCP needs an extra: pip install 'tallystick[mcp]'")
    # a server that writes garbage would fill the terminal with one traceback a line
    logger = logging.getLogger("mcp")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _innermost(error: BaseException) -> BaseException:
    """Find the one cause in a group of errors, which is what a reader can act on."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
