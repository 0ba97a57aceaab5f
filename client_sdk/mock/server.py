"""A mock on a loopback port: `POST /v1`, `POST /v1/{tool}`, `/_state`, `/_calls`, `/health`."""

from __future__ import annotations

import hmac
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import DEFAULT_LIMITS, JsonObject, JsonValue
from client_sdk.errors import SettingsFault
from client_sdk.mock.answers import MockResponse, NoAnswer, ToolRefused, problem
from client_sdk.mock.greenhelix import GreenHelixMock
from client_sdk.mock.on_the_wire import WITHOUT_BODY, wire_answer
from client_sdk.mock.tool_mock import PARTS, ToolMock

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SECONDS_PER_READ: Final = 30
SECONDS_TO_END: Final = 2
LENGTH: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
BANNER: Final = ("x-tallystick-sandbox", "not for production")


@dataclass(frozen=True, slots=True)
class RunningMock:
    """A mock that listens: call its tools at `url`, or look into it through `mock`."""

    url: str
    mock: ToolMock


@contextmanager
def serve(
    mock: ToolMock | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    key: str | None = None,
) -> Iterator[RunningMock]:
    """Serve a mock, the sandbox when none is given, until the block ends; port 0 takes a free one.

    With `key` every call needs `Authorization: Bearer <key>`.

    Raises:
        SettingsFault: the host is not this machine's own loopback, or the port is taken.
    """
    check_loopback(host)
    chosen = mock or GreenHelixMock()
    try:
        server = _Server((host, port), chosen, key)
    except (OSError, OverflowError) as error:
        raise SettingsFault(f"the sandbox cannot listen on {host}:{port}: {error}") from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.daemon = True
    thread.start()
    try:
        yield RunningMock(address_of(host, server.server_port), chosen)
    finally:
        server.closing.set()
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()


def check_loopback(host: str) -> None:
    """Refuse an address that others could reach.

    Raises:
        SettingsFault: it is not this machine's own loopback.
    """
    if host not in LOOPBACK:
        raise SettingsFault(f"the sandbox listens on loopback only, not on {host}")


def address_of(host: str, port: int) -> str:
    """Give the address of a place, as a URL without a path."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], mock: ToolMock, key: str | None) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)
        self.mock = mock
        self.closing = threading.Event()
        self.expected = None if key is None else f"Bearer {key}".encode()
        self._kept: dict[threading.Thread, socket.socket] = {}

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's types
        """Answer a connection in a thread of its own, remembered for as long as it runs."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._kept = {each: its for each, its in self._kept.items() if each.is_alive()}
        thread.start()
        self._kept[thread] = request

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's types
        """Say nothing of a caller that hung up before its answer, as one that times out does."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Let nobody go on calling over a kept connection; what is being answered is answered."""
        for request in self._kept.values():
            with suppress(OSError):  # its caller has hung up already
                request.shutdown(socket.SHUT_RD)
        for thread in self._kept:
            thread.join(SECONDS_TO_END)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "tallystick-sandbox"
    sys_version = ""
    timeout = SECONDS_PER_READ
    wbufsize = -1  # head and body in one packet, or a kept connection waits for acknowledgements
    server: _Server

    def do_GET(self) -> None:
        """Answer the probe, or show what is in the sandbox."""
        path = self._path()
        if path == ("health",):
            self._send(MockResponse(200, {"status": "ok"}))
        elif not self._is_let_in():
            self._send(_unauthorised())
        elif path == ("_calls",):
            self._send(MockResponse(200, {"calls": [*self.server.mock.get_call_log()]}))
        elif path == ("_state",):
            self._send(MockResponse(200, self.server.mock.books()))
        else:
            self._send(_not_here())

    def do_POST(self) -> None:
        """Call a tool, or set a state."""
        try:
            content = self._content()
            answer = self._posted(content) if self._is_let_in() else _unauthorised()
        except ToolRefused as refused:
            answer = refused.answer
        except ContractError as error:
            answer = problem(400, error.code, str(error))
        except NoAnswer as silence:
            self._keep_silent(silence.after_ms / 1000)
            return
        except Exception as error:  # noqa: BLE001 - a test's own handler failed
            detail = f"The handler failed: {type(error).__name__}: {error}"
            answer = problem(500, "handler-failed", detail)
        self.server.mock.clock.sleep(answer.delay_ms / 1000)
        self._send(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing: callers know what they called."""

    def _posted(self, content: bytes) -> MockResponse:
        path = self._path()
        if path not in {("v1",), ("_state",)} and (len(path) != 2 or path[0] != "v1"):  # noqa: PLR2004
            return _not_here()
        value = parse_untrusted(content)
        if path == ("_state",):
            return _state_answer(self.server.mock, _an_object(value))
        if len(path) > 1:
            return self.server.mock.answer(path[1], value)
        tool, input_data = _named_call(value)
        return self.server.mock.answer(tool, input_data)

    def _keep_silent(self, seconds: float) -> None:
        """Hold the connection in real time, whatever the mock's clock, and close it unanswered."""
        self.server.closing.wait(seconds)
        self.close_connection = True

    def _path(self) -> tuple[str, ...]:
        parts = urlsplit(self.path).path.strip("/").split("/")
        return tuple(unquote(part) for part in parts)

    def _is_let_in(self) -> bool:
        expected = self.server.expected
        given = self.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return expected is None or hmac.compare_digest(expected, given)

    def _content(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or LENGTH.fullmatch(length) is None:
            self.close_connection = True
            raise ToolRefused(411, "length-required", "A body needs its Content-Length.")
        if int(length) > DEFAULT_LIMITS.max_bytes:
            self.close_connection = True
            raise ToolRefused(413, "document-too-large", "The body is too large.")
        content = self.rfile.read(int(length))
        if len(content) < int(length):
            self.close_connection = True
            raise ToolRefused(400, "body-cut-short", "The body is shorter than it was declared.")
        return content

    def _send(self, answer: MockResponse) -> None:
        sent = wire_answer(answer)
        self.send_response(sent.status)
        for name, value in (*sent.fields, BANNER):
            self.send_header(name, value)
        if sent.status not in WITHOUT_BODY:
            self.send_header("Content-Length", str(len(sent.content)))
        self.end_headers()
        self.wfile.write(sent.content)


def _state_answer(mock: ToolMock, request: JsonObject) -> MockResponse:
    """Set up a state or tear it down, as `{state, params, action, consumer}` asks."""
    action, state = request.get("action", "setup"), request.get("state")
    if action in {"teardown", "reset"}:
        mock.reset(keep=PARTS - {"state"})
        return MockResponse(200, {"state": state, "action": action})
    if action != "setup" or not isinstance(state, str):
        raise ToolRefused(400, "state-request-invalid", "Give a state and an action.")
    mock.set_state(state, _an_object(request.get("params") or {}))
    return MockResponse(200, {"state": state, "action": action})


def _named_call(value: JsonValue) -> tuple[str, JsonValue]:
    request = _an_object(value)
    tool = request.get("tool")
    if not isinstance(tool, str):
        raise ToolRefused(400, "tool-missing", 'The body is {"tool": name, "input": {...}}.')
    return tool, request.get("input", {})


def _an_object(value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise ToolRefused(400, "body-not-an-object", "The body is a JSON object.")
    return value


def _unauthorised() -> MockResponse:
    return problem(401, "unauthorised", "This sandbox was started with a key.")


def _not_here() -> MockResponse:
    return problem(404, "path-unknown", "Tools are called at POST /v1 or POST /v1/{tool}.")
