"""No connection while a cassette plays: not by any library of this process, not to loopback.

The doors of the standard library's sockets are replaced for as long as at least one guard is up.
Sockets of one machine's processes (AF_UNIX) are let through: they carry no call to a service. A
connection that was open before may still be used: a debugger's is one.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any, Final, Self

from client_sdk.harness.errors import NetworkBlocked

NETWORK: Final = frozenset({socket.AF_INET, socket.AF_INET6})
METHODS: Final = ("connect", "connect_ex", "sendto")
LOOKUPS: Final = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")


class SocketGuard:
    """Refuses connections and look-ups while its block runs; blocks may nest and overlap.

    `allowed_hosts` may be reached all the same, when every guard that is up allows them.
    `on_refusal` hears of each attempt, also when the caller swallows the exception.
    """

    def __init__(
        self,
        reason: str,
        *,
        allowed_hosts: Iterable[str] = (),
        on_refusal: Callable[[str], None] | None = None,
    ) -> None:
        self._reason = reason
        self._allowed = set(allowed_hosts)
        self._on_refusal = on_refusal

    def __enter__(self) -> Self:
        _DOORS.close(self)
        return self

    def __exit__(self, *_: object) -> None:
        _DOORS.open(self)

    def allow(self, addresses: Iterable[str]) -> None:
        """Let the addresses of an allowed host be reached too."""
        self._allowed.update(addresses)

    def check(self, host: str) -> None:
        """Refuse a host.

        Raises:
            NetworkBlocked: it is not among the allowed ones.
        """
        if host in self._allowed:
            return
        sentence = (
            f"{self._reason}, and something opened a connection to {host}: patch or record it"
        )
        if self._on_refusal is not None:
            self._on_refusal(sentence)
        raise NetworkBlocked(sentence)


class _Doors:
    """The process's sockets: replaced when the first guard comes, put back when the last goes."""

    def __init__(self) -> None:
        self._guards: list[SocketGuard] = []
        self._lock = threading.Lock()
        self._installed: list[tuple[Any, str, Any, Any]] = []

    def close(self, guard: SocketGuard) -> None:
        with self._lock:
            if not self._guards:
                self._install()
            self._guards.append(guard)

    def open(self, guard: SocketGuard) -> None:
        with self._lock:
            self._guards.remove(guard)
            if not self._guards:
                self._remove()

    def check(self, address: object) -> None:
        host = _host_of(address)
        for guard in tuple(self._guards):
            guard.check(host)

    def allow(self, addresses: Iterable[str]) -> None:
        for guard in tuple(self._guards):
            guard.allow(addresses)

    def _install(self) -> None:
        for name in METHODS:
            self._replace(socket.socket, name, self._guarded_method(getattr(socket.socket, name)))
        for name in LOOKUPS:
            self._replace(socket, name, self._guarded_lookup(getattr(socket, name)))

    def _replace(self, owner: Any, name: str, guarded: Any) -> None:  # noqa: ANN401 - any attribute
        before = vars(owner).get(name)
        setattr(owner, name, guarded)
        self._installed.append((owner, name, guarded, before))

    def _remove(self) -> None:
        """Put back what is still ours; what somebody put over it meanwhile passes calls on."""
        for owner, name, guarded, before in self._installed:
            if vars(owner).get(name) is not guarded:
                continue
            if before is None:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
        self._installed = []

    def _guarded_method(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(this: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401 - passed through
            if this.family in NETWORK and arguments:
                try:
                    self.check(arguments[-1])
                except NetworkBlocked:
                    this.close()  # its owner expects an OSError and would leave it open
                    raise
            return real(this, *arguments)

        return guarded

    def _guarded_lookup(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - passed through
            if _is_number(host):  # nothing is asked of anybody
                return real(host, *arguments, **named)
            self.check((host,))
            found = real(host, *arguments, **named)
            self.allow(_addresses(found))
            return found

        return guarded


def _is_number(host: object) -> bool:
    if host is None or host in {"", b""}:
        return True
    try:
        ip_address(_host_of((host,)))
    except ValueError:
        return False
    return True


def _addresses(found: Any) -> list[str]:  # noqa: ANN401 - what any of the look-ups gives
    """Give the addresses that a look-up of an allowed host came to."""
    if isinstance(found, str):
        return [found]
    if isinstance(found, tuple):
        return [str(each) for each in found[2]]
    return [str(each[4][0]) for each in found]


def _host_of(address: object) -> str:
    host = address[0] if isinstance(address, tuple) and address else address
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


_DOORS: Final = _Doors()
