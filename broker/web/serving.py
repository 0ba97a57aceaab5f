"""The HTTP server: waitress, told to stop only after it has answered what it has read."""

import signal
import socket
import time
from dataclasses import dataclass
from types import FrameType
from typing import Any, cast

from flask import Flask
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # it comes without types
from waitress.server import (  # type: ignore[import-untyped]  # the same
    BaseWSGIServer,
    create_server,
)
from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]  # the same

from broker.web.wire import Channel

MEBIBYTE = 2**20
LIVE = "/health/live"

# Up to here the application itself says that a body is too large; beyond it waitress does.
_READ_AHEAD = 8
_BACKLOG = 1024
_TURN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve: requests at once, the largest body, and the patience when told to stop."""

    threads: int
    max_body_bytes: int
    stop_seconds: float
    scheme: str = "http"


def listen(host: str, port: int) -> socket.socket:
    """A socket that connections can queue on; port 0 takes a free one. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket) -> str:
    """Where the socket is reached, as a URL."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve_until_told(app: Flask, listener: socket.socket, serving: Serving) -> None:
    """Serve until SIGTERM or SIGINT; then finish what was begun, at most `stop_seconds` long.

    A second signal ends the waiting. Belongs into the main thread.
    """
    server = create_server(
        app,
        _dispatcher=_Dispatcher(serving.threads),
        sockets=[listener],
        ident="",
        url_scheme=serving.scheme,
        channel_timeout=30,
        connection_limit=1_000,
        max_request_header_size=64 * 1024,
        max_request_body_size=max(serving.max_body_bytes * _READ_AHEAD, MEBIBYTE),
        expose_tracebacks=False,
        clear_untrusted_proxy_headers=True,
    )
    server.channel_class = Channel
    told = _Told(server)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    while not told.times:
        _turn(server, _TURN_SECONDS * 5)
    _finish(server, told, time.monotonic() + serving.stop_seconds)


class _Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # untyped
    """Hands requests to threads, and keeps one for those who ask whether we live.

    When every thread waits for a slow database, a probe that waits behind them would have the
    process killed that has nothing wrong with it.
    """

    def __init__(self, threads: int) -> None:
        super().__init__()
        self._probes = ThreadedTaskDispatcher()
        self._probes.set_thread_count(1)
        self.set_thread_count(threads)

    def add_task(self, task: HTTPChannel) -> None:
        """Have the first request of a connection answered."""
        if getattr(task.requests[0], "path", None) == LIVE:
            self._probes.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:  # noqa: FBT001, FBT002 - as its parent is called
        """Stop every thread, after what it is working on."""
        self._probes.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


class _Told:
    """Counts the signals, and wakes the loop for each."""

    def __init__(self, server: BaseWSGIServer) -> None:
        self.times = 0
        self._server = server

    def __call__(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.times += 1
        self._server.pull_trigger()


def _finish(server: BaseWSGIServer, told: _Told, deadline: float) -> None:
    server.accepting = False
    server.del_channel()
    server.socket.close()
    while told.times < 2 and time.monotonic() < deadline and _is_working(server):  # noqa: PLR2004
        _turn(server, _TURN_SECONDS)
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
    server.asyncore.close_all(server._map)  # noqa: SLF001 - waitress has no other door


def _is_working(server: BaseWSGIServer) -> bool:
    channels = cast("dict[int, Any]", server.active_channels).values()
    return any(
        channel.requests or channel.request is not None or channel.total_outbufs_len
        for channel in list(channels)
    )


def _turn(server: BaseWSGIServer, seconds: float) -> None:
    server.asyncore.loop(
        timeout=seconds,
        map=server._map,  # noqa: SLF001 - waitress has no other door
        use_poll=server.adj.asyncore_use_poll,
        count=1,
    )
