"""The fault proxy: a real port in front of a service, with something wrong on the wire."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final, Self
from urllib.parse import urlsplit

from client_sdk.chaos.arguments import check_number
from client_sdk.chaos.decisions import Draws, seed_or_new
from client_sdk.chaos.proxy.connection import Connection, Wire, resets_on_accept
from client_sdk.chaos.proxy.toxics import Described, Direction, Toxic, toxic_from
from client_sdk.chaos.reporting import InjectionsMissing
from client_sdk.errors import SettingsFault

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_CONNECTIONS: Final = 64
HTTP_PORT: Final = 80
_BACKLOG: Final = 128
_POLL_SECONDS: Final = 0.1


class FaultProxy:
    """Stands between clients in any language and one upstream, and breaks their connections.

    Toxics may be changed while it runs: they hold for connections made from then on, and kept
    connections that are between two calls are closed, so that their clients make new ones.

    Args:
        upstream: `http://host:port` (a path is kept) or `host:port`.
        toxics: what is wrong from the start: toxics, or texts and JSON that describe them.
        seed: decides which connections have a toxic whose toxicity is below 1.
        direction: which way toxics work that do not say it themselves.
        host: the address to listen on; loopback only, unless `allow_remote`.
        port: 0 takes a free one.
        max_connections: more clients than these wait until one leaves.
        allow_remote: listen on an address that others can reach.

    Raises:
        SettingsFault: upstream, host or port cannot be used.
        ValueError: another argument cannot; the message names it.

    Example:
        >>> with FaultProxy("http://127.0.0.1:9", toxics=[Toxic("down")], seed=1) as proxy:
        ...     proxy.url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(  # noqa: PLR0913 - options, each by name
        self,
        upstream: str,
        *,
        toxics: Described | Iterable[Described] = (),
        seed: int | None = None,
        direction: str = "downstream",
        host: str = "127.0.0.1",
        port: int = 0,
        max_connections: int = MAX_CONNECTIONS,
        allow_remote: bool = False,
    ) -> None:
        if host not in LOOPBACK and not allow_remote:
            raise SettingsFault(
                f"host: {host} can be reached by others; set allow_remote to mean it"
            )
        if direction not in tuple(Direction):
            raise ValueError(f"direction={direction!r} must be upstream or downstream")
        check_number("max_connections", max_connections, whole=True)
        address, self._path = _address_of(upstream)
        self.seed = seed_or_new(seed)
        self.url = ""
        self._wire = Wire(address, Direction(direction), self._draws)
        self._place = (host, port)
        self._free = threading.BoundedSemaphore(max_connections)
        self._lock = threading.Lock()
        self._toxics: tuple[Toxic, ...] = ()
        self._open: set[Connection] = set()
        self._made = 0
        self._affected: Counter[str] = Counter()
        self._listener: socket.socket | None = None
        self._accepting: threading.Thread | None = None
        self._stopped = threading.Event()
        self.set_toxics(toxics)

    @property
    def toxics(self) -> tuple[Toxic, ...]:
        """What is wrong now."""
        return self._toxics

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._made

    @property
    def injections(self) -> dict[str, int]:
        """How many connections each toxic was put on, by its name."""
        with self._lock:
            return dict(self._affected)

    def start(self) -> str:
        """Listen; gives the address to call instead of the upstream. Twice is once."""
        if self._accepting is not None:
            return self.url
        self._stopped.clear()
        self._listen()
        host = f"[{self._place[0]}]" if ":" in self._place[0] else self._place[0]
        self.url = f"http://{host}:{self._place[1]}{self._path}"
        if self._is_down():
            self._hang_up()
        self._accepting = threading.Thread(
            target=self._accept, name="fault-proxy-accept", daemon=True
        )
        self._accepting.start()
        return self.url

    def stop(self) -> None:
        """Close every connection and the port."""
        self._stopped.set()
        self._hang_up()
        for connection in self._opened():
            connection.close()
        if self._accepting is not None:
            self._accepting.join()
            self._accepting = None

    def set_toxics(self, toxics: Described | Iterable[Described]) -> None:
        """Put other toxics in the place of all.

        Raises:
            ValueError: two have one name, or `down` is not for all connections.
        """
        described = [toxics] if isinstance(toxics, Toxic | str | Mapping) else toxics
        chosen = tuple(toxic_from(each) for each in described)
        _check(chosen)
        with self._lock:
            self._toxics = chosen
        if self._accepting is None:
            return
        if self._is_down():
            self._hang_up()
        else:
            self._listen()
        for connection in self._opened():
            connection.close_if_idle()

    def add_toxic(self, toxic: Described) -> None:
        """Add one toxic."""
        self.set_toxics((*self._toxics, toxic))

    def remove_toxic(self, name: str) -> None:
        """Take one toxic away.

        Raises:
            KeyError: none has this name.
        """
        if name not in {each.name for each in self._toxics}:
            raise KeyError(f"no toxic is named {name!r}")
        self.set_toxics(each for each in self._toxics if each.name != name)

    def assert_injected(self, min: int = 1) -> None:  # noqa: A002 - as the injector has it
        """Make sure that at least so many connections had a toxic.

        Raises:
            InjectionsMissing: fewer had.
        """
        found = sum(self.injections.values())
        if found < min:
            raise InjectionsMissing(
                f"{found} connections had a toxic, at least {min} are asked for; "
                f"{self._made} connections were made to {self.url}, seed {self.seed}"
            )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _is_down(self) -> bool:
        return any(each.kind == "down" for each in self._toxics)

    def _listen(self) -> None:
        with self._lock:
            if self._listener is not None:
                return
            host, port = self._place
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.socket(family, socket.SOCK_STREAM)
            try:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((host, port))
                listener.listen(_BACKLOG)
            except (OSError, OverflowError) as error:
                listener.close()
                raise SettingsFault(f"the proxy cannot listen on {host}:{port}: {error}") from error
            listener.settimeout(_POLL_SECONDS)
            self._place = (host, listener.getsockname()[1])
            self._listener = listener

    def _hang_up(self) -> None:
        with self._lock:
            if self._listener is not None:
                self._listener.close()
                self._listener = None

    def _accept(self) -> None:
        while not self._stopped.is_set():
            listener = self._listener
            if listener is None:
                self._stopped.wait(_POLL_SECONDS / 10)
            elif self._free.acquire(timeout=_POLL_SECONDS):
                client = _accepted(listener)
                if client is None:
                    self._free.release()
                else:
                    self._begin(client)

    def _begin(self, client: socket.socket) -> None:
        with self._lock:
            self._made += 1
            number = self._made
            chosen = [each for each in self._toxics if self._has(each, number)]
            self._affected.update(each.name for each in chosen)
            connection = Connection(client, self._wire, chosen, number)
            self._open.add(connection)
        if resets_on_accept(chosen):  # here and now: the sooner, the more it looks like that
            connection.reset()
        threading.Thread(
            target=self._serve, args=(connection,), name="fault-proxy-down", daemon=True
        ).start()

    def _serve(self, connection: Connection) -> None:
        try:
            connection.serve()
        finally:
            with self._lock:
                self._open.discard(connection)
            self._free.release()

    def _has(self, toxic: Toxic, number: int) -> bool:
        return self._draws(toxic.name, number).share("toxicity") < toxic.toxicity

    def _draws(self, name: str, number: int) -> Draws:
        return Draws(self.seed, name, "connection", number)

    def _opened(self) -> list[Connection]:
        with self._lock:
            return list(self._open)


def _accepted(listener: socket.socket) -> socket.socket | None:
    with suppress(OSError):  # nobody called, or the port was closed meanwhile
        client, _ = listener.accept()
        client.settimeout(None)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client
    return None


def _address_of(upstream: str) -> tuple[tuple[str, int], str]:
    parts = urlsplit(upstream if "://" in upstream else f"http://{upstream}")
    if parts.scheme != "http":
        raise SettingsFault(
            f"upstream: {upstream!r} is no http:// address; put what ends TLS behind the proxy"
        )
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SettingsFault(f"upstream: {upstream!r} has no port that can be used") from error
    if not host:
        raise SettingsFault(f"upstream: {upstream!r} names no host; write http://host:port")
    if parts.query or parts.fragment:
        raise SettingsFault(f"upstream: {upstream!r} has a query or fragment, and calls have none")
    return (host, port or HTTP_PORT), parts.path.rstrip("/")


def _check(toxics: tuple[Toxic, ...]) -> None:
    names = [each.name for each in toxics]
    for name, count in Counter(names).items():
        if count > 1:
            raise ValueError(f"toxics: {count} are named {name!r}; give each its own name")
    for each in toxics:
        if each.kind == "down" and each.toxicity < 1:
            raise ValueError("toxicity: a port is down for all connections; leave it out")
