"""One connection through the proxy: a thread each way, steps carried out on real sockets."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.proxy.steps import EFFECTS, Cut, End, Hang, Reset, Send, Steps, Wait
from client_sdk.chaos.proxy.toxics import Direction, Toxic

READ_BYTES: Final = 65_536
CONNECT_SECONDS: Final = 5.0
# On, and no second to linger: closing sends a reset.
LINGER_NOT: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Wire:
    """What every connection of a proxy shares: where it goes, and which way is the default."""

    upstream: tuple[str, int]
    direction: Direction
    draws: Callable[[str, int], Draws]


class Connection:
    """Carries bytes between a client and the upstream until one of them, or a toxic, ends it."""

    def __init__(
        self, client: socket.socket, wire: Wire, toxics: Sequence[Toxic], number: int
    ) -> None:
        self._client = client
        self._wire = wire
        self._toxics = toxics
        self._number = number
        self._upstream: socket.socket | None = None
        self._over = threading.Event()
        self._client_left = threading.Event()
        self._is_idle = False

    def serve(self) -> None:
        """Carry bytes both ways; returns when the connection is over."""
        try:
            if self._over.is_set():
                return
            self._upstream = socket.create_connection(self._wire.upstream, CONNECT_SECONDS)
            self._upstream.settimeout(None)
            up = threading.Thread(target=self._carry_up, name="fault-proxy-up", daemon=True)
            up.start()
            self._carry_down(self._upstream)
            self.close()
            up.join()
        except OSError:
            pass  # the upstream is down: the client sees a closed connection
        finally:
            self.close()

    def close(self) -> None:
        """End the connection, whatever it does at the moment."""
        self._over.set()
        self._client_left.set()
        for each in (self._client, self._upstream):
            if each is not None:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()

    def reset(self) -> None:
        """End the connection with a TCP reset towards the client."""
        with suppress(OSError):
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        with suppress(OSError):  # wakes the thread that reads, or the reset would wait for it
            self._client.shutdown(socket.SHUT_RD)
        self._client.close()
        self.close()

    def close_if_idle(self) -> None:
        """End a kept connection between two calls, so that its client makes a new one."""
        if self._is_idle:
            self.close()

    def _carry_up(self) -> None:
        upstream = self._upstream
        if upstream is None:
            return
        steps = self._affected(self._read(self._client), Direction.UPSTREAM)
        with suppress(OSError):
            self._do(steps, upstream)

    def _carry_down(self, upstream: socket.socket) -> None:
        steps = self._affected(self._read(upstream), Direction.DOWNSTREAM)
        with suppress(OSError):
            self._do(steps, self._client)

    def _affected(self, steps: Steps, direction: Direction) -> Steps:
        for toxic in self._toxics:
            if toxic.goes(direction, self._wire.direction):
                effect = EFFECTS[toxic.kind]
                steps = effect(steps, toxic, self._wire.draws(toxic.name, self._number))
        return steps

    def _do(self, steps: Steps, target: socket.socket) -> None:
        """Carry steps out until they end or the connection does."""
        for step in steps:
            if self._over.is_set():
                return
            match step:
                case Send(data):
                    # before it is sent: its receiver may act before this thread goes on
                    self._is_idle = target is self._client and len(data) < READ_BYTES
                    target.sendall(data)
                case Reset():
                    self.reset()
                case Cut():
                    self.close()
                case End():
                    target.shutdown(socket.SHUT_WR)
                case _:
                    self._pause(step)

    def _pause(self, step: Wait | Hang) -> None:
        if isinstance(step, Wait):
            self._over.wait(step.seconds)
        else:
            self._client_left.wait(step.seconds)

    def _read(self, source: socket.socket) -> Steps:
        try:
            while data := source.recv(READ_BYTES):
                if source is self._client:
                    self._is_idle = False
                yield Send(data)
        except OSError:
            self._client_left.set()
        if source is self._client:
            self._client_left.set()
        yield End()


def resets_on_accept(toxics: Sequence[Toxic]) -> bool:
    """Say whether a connection with these toxics ends before it has begun."""
    return any(each.kind == "reset_peer" and each.word("at") == "accept" for each in toxics)
