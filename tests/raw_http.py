"""HTTP by hand: every byte goes out as it is written, also those no client library would send."""

import contextlib
import json
import socket
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

PATIENCE = 90
LEFT_OUT = "—"


@dataclass(frozen=True)
class Reply:
    """What came back; status 0 when the connection was closed without an answer."""

    raw: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.raw.split(b" ", 2)[1]) if self.raw.startswith(b"HTTP/") else 0

    @property
    def head(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]

    def header(self, name: str) -> str | None:
        for line in self.head.split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None

    @cached_property
    def problem(self) -> dict[str, Any]:
        """The problem document, or nothing when there is none."""
        if self.header("Content-Type") != "application/problem+json":
            return {}
        return json.loads(self.body)

    @property
    def places(self) -> set[str]:
        errors = self.problem.get("errors", ())
        return {error.get("pointer", error.get("parameter")) for error in errors}


def request_bytes(method, path, headers, body, *, address) -> bytes:
    """A request with the headers that are missing; a header that is given replaces ours."""
    given = {name.lower() for name, _ in headers}
    ours = [("Host", address), ("Connection", "close")]
    if body is not None:
        ours += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in ours if name.lower() not in given]
    lines += [f"{name}: {value}" for name, value in headers if value != LEFT_OUT]
    # As latin-1 where a line has no other sign, or else as UTF-8: a server must take both.
    text = "\r\n".join([*lines, "", ""])
    return text.encode("utf-8", "surrogateescape") + (body or b"")


def exchange(address: str, data: bytes) -> Reply:
    """Send bytes to `host:port` and read until the server closes."""
    host, _, port = address.rpartition(":")
    began = time.monotonic()
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        with contextlib.suppress(ConnectionError):  # refused before everything was sent
            connection.sendall(data)
        raw = _read(connection)
    return Reply(raw, time.monotonic() - began)


def get(address: str, path: str) -> Reply:
    """A plain reader."""
    return exchange(address, request_bytes("GET", path, (), None, address=address))


def _read(connection: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)
