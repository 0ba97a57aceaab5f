"""No connection while a cassette plays: not by any library of this process, not to loopback.

The doors of the standard library's sockets are replaced for as long as at least one guard is up.
Sockets of one machine's processes (AF_UNIX) are let through: they carry no call to a service. A
connection that was open before may still be used: a debugger's is one. A guard that nobody holds
any more, or that went up in the body of a test which is over, guards nothing: a test that forgot to
end its cassette does not cut off the tests after it.
"""

from __future__ import annotations

import os
import socket
import threading
import weakref
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any, Final, Self

from client_sdk.harness.errors import NetworkBlocked

NETWORK: Final = frozenset({socket.AF_INET, socket.AF_INET6})
# Each with the place of the address among its arguments.
METHODS: Final = {"connect": 0, "connect_ex": 0, "sendto": -1, "sendmsg": 3}
RUNNING_TEST: Final = "PYTEST_CURRENT_TEST"  # pytest says "FILE::TEST (call)" in it
IN_BODY: Final = "(call)"
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
        on_refusal: Callable[[NetworkBlocked], None] | None = None,
    ) -> None:
        self._reason = reason
        self._allowed = set(allowed_hosts)
        self._on_refusal = on_refusal
        self._test = ""

    def __enter__(self) -> Self:
        self._test = os.environ.get(RUNNING_TEST, "")
        _DOORS.close(self)
        return self

    def __exit__(self, *_: object) -> None:
        _DOORS.open(self)

    def allow(self, addresses: Iterable[str]) -> None:
        """Let the addresses of an allowed host be reached too."""
        self._allowed.update(addresses)

    def is_left_over(self) -> bool:
        """Say whether the test in whose body it went up is over."""
        return self._test.endswith(IN_BODY) and not os.environ.get(RUNNING_TEST, "").startswith(
            self._test.removesuffix(IN_BODY)
        )

    def check(self, host: str) -> None:
        """Refuse a host.

        Raises:
            NetworkBlocked: it is not among the allowed ones.
        """
        if host in self._allowed:
            return
        refusal = NetworkBlocked(
            f"{self._reason}, and something opened a connection to {host}: patch or record it"
        )
        if self._on_refusal is not None:
            self._on_refusal(refusal)
        raise refusal


class _Doors:
    """The process's sockets: replaced when the first guard comes, put back when the last goes."""

    def __init__(self) -> None:
        self._guards: list[weakref.ref[SocketGuard]] = []
        self._lock = threading.RLock()
        self._installed: list[tuple[Any, str, Any, Any]] = []

    def close(self, guard: SocketGuard) -> None:
        with self._lock:
            if not self._installed:
                self._install()
            self._guards.append(weakref.ref(guard))

    def open(self, guard: SocketGuard) -> None:
        with self._lock:
            self._keep(each for each in self._up() if each is not guard)

    def check(self, address: object) -> None:
        host = _host_of(address)
        guards = self._up()
        if not guards:
            with self._lock:  # one may have gone up meanwhile
                self._keep(self._up())
        for guard in guards:
            guard.check(host)

    def allow(self, addresses: Iterable[str]) -> None:
        for guard in self._up():
            guard.allow(addresses)

    def _up(self) -> list[SocketGuard]:
        found = (each() for each in tuple(self._guards))
        return [each for each in found if each is not None and not each.is_left_over()]

    def _keep(self, guards: Iterable[SocketGuard]) -> None:
        with self._lock:
            self._guards = [weakref.ref(each) for each in guards]
            if not self._guards:
                self._remove()

    def _install(self) -> None:
        for name, place in METHODS.items():
            real = getattr(socket.socket, name, None)
            if real is not None:  # not every system has all of them
                self._replace(socket.socket, name, self._guarded_method(real, place))
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

    def _guarded_method(self, real: Callable[..., Any], place: int) -> Callable[..., Any]:
        def guarded(this: socket.socket, *arguments: Any) -> Any:  # noqa: ANN401 - passed through
            address = arguments[place] if len(arguments) > max(place, 0) else None
            if this.family in NETWORK and address is not None:
                try:
                    self.check(address)
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
