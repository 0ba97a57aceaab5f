"""A weighted reverse proxy on loopback between two processes, under a controller's orders."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from client_sdk.canary.control import controlled, is_control
from client_sdk.canary.controller import CanaryController
from client_sdk.canary.forwarding import Arriving, Forwarder, Leaving
from client_sdk.errors import SettingsFault

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SECONDS_PER_READ: Final = 30
MOST_BYTES: Final = 8 * 1024 * 1024
LENGTH: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
BODILESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class RunningProxy:
    """A proxy that listens at `url`; `token` lets an operator in at `/_canary/`."""

    url: str
    token: str


@contextmanager
def serve_canary(
    controller: CanaryController,
    forwarder: Forwarder,
    token: str,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[RunningProxy]:
    """Listen until the block ends; port 0 takes a free one.

    Raises:
        SettingsFault: the host is not this machine's own loopback, or the port is taken.
    """
    if host not in LOOPBACK:
        raise SettingsFault(f"the canary proxy listens on loopback only, not on {host}")
    try:
        server = _Server((host, port), controller, forwarder, token)
    except OSError as error:
        raise SettingsFault(f"the proxy cannot listen on {host}:{port}: {error}") from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.daemon = True
    thread.start()
    try:
        yield RunningProxy(f"http://{host}:{server.server_port}", token)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        forwarder.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        controller: CanaryController,
        forwarder: Forwarder,
        token: str,
    ) -> None:
        super().__init__(address, _Handler)
        self.controller = controller
        self.forwarder = forwarder
        self.token = token


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "tallystick-canary"
    sys_version = ""
    timeout = SECONDS_PER_READ
    wbufsize = -1  # head and body in one packet, or a kept connection waits for acknowledgements
    server: _Server

    def do_GET(self) -> None:
        """Forward, or say how the canary stands."""
        self._serve()

    do_POST = do_GET  # noqa: N815 - the name that the standard library calls
    do_PUT = do_GET  # noqa: N815 - the same
    do_PATCH = do_GET  # noqa: N815 - the same
    do_DELETE = do_GET  # noqa: N815 - the same
    do_HEAD = do_GET  # noqa: N815 - the same
    do_OPTIONS = do_GET  # noqa: N815 - the same

    def log_message(self, *_: object) -> None:
        """Say nothing: the controller counts."""

    def _serve(self) -> None:
        content = self._content()
        if content is None:
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Arriving(self.command, self.path, headers, content)
        if is_control(request):
            self._send(controlled(self.server.controller, self.server.token, request))
        elif not self.path.startswith("/"):
            self._send(Leaving(400, {}, b""))  # a whole URL would name another host
        else:
            self._send(self.server.forwarder.forward(request))

    def _content(self) -> bytes | None:
        """The body, or None when the request was refused for it."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or LENGTH.fullmatch(length) is None:
            self.close_connection = True
            self._send(Leaving(411, {}, b""))
            return None
        if int(length) > MOST_BYTES:
            self.close_connection = True
            self._send(Leaving(413, {}, b""))
            return None
        return self.rfile.read(int(length))

    def _send(self, answer: Leaving) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in BODILESS:
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in BODILESS:
            self.wfile.write(answer.content)
