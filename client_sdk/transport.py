"""One HTTP exchange with finite patience: connect, read and total time are all bounded."""

import contextlib
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from client_sdk.errors import Unreachable

_CHUNK = 65_536
_MAX_ANSWER_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Timeout:
    """Seconds: to connect, between two reads, and for the whole exchange.

    Without a finite `total` the whole may take what connecting and one read may take together, so a
    pair like `Timeout(1, 2)` stops a slow drip too.

    Raises:
        ValueError: one of them is no number of seconds above zero.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = float("inf")

    def __post_init__(self) -> None:
        if self.total == float("inf"):
            object.__setattr__(self, "total", self.connect + self.read)
        for name in ("connect", "read", "total"):
            seconds = getattr(self, name)
            if isinstance(seconds, bool) or not 0 < seconds < float("inf"):
                raise ValueError(f"timeout {name} is a number of seconds above 0, not {seconds!r}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `headers` ignore case, `content` has no transfer or content coding."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    elapsed_ms: float


class Transport:
    """A session that keeps connections, follows no redirect and reads no proxy settings or netrc.

    A per-read timeout alone lets a slow drip through for ever, so a watchdog shuts the socket down
    when the total is used up.
    """

    def __init__(
        self,
        timeout: Timeout | None = None,
        *,
        max_answer_bytes: int = _MAX_ANSWER_BYTES,
        session: requests.Session | None = None,
    ) -> None:
        self.timeout = timeout or Timeout()
        self._max_answer_bytes = max_answer_bytes
        self._session = session or requests.Session()
        self._session.trust_env = False
        self._adapter = _WatchedAdapter()
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)

    def send(
        self,
        method: str,
        url: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and read the whole answer; raises Unreachable with address and cause."""
        began = time.monotonic()
        watch = _Watch(self.timeout.total)
        _CURRENT.watch = watch
        try:
            with (
                watch,
                self._session.request(
                    method,
                    url,
                    params=list(query),
                    data=content,
                    headers=dict(headers or {}),
                    timeout=(self.timeout.connect, min(self.timeout.read, self.timeout.total)),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                body = self._read(response)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Unreachable(self._sentence(url, error, watch)) from error
        finally:
            _CURRENT.watch = None
        if watch.fired:
            raise Unreachable(self._sentence(url, None, watch))
        elapsed = (time.monotonic() - began) * 1000
        return Answer(
            response.url, response.status_code, CaseInsensitiveDict(response.headers), body, elapsed
        )

    @property
    def connections_opened(self) -> int:
        """How many connections were opened so far; a kept one counts once."""
        pools = self._adapter.poolmanager.pools
        return sum(pools[key].num_connections for key in pools.keys())  # noqa: SIM118 - no dict

    def close(self) -> None:
        """Close every kept connection."""
        self._session.close()

    def _read(self, response: requests.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > self._max_answer_bytes:
                raise Unreachable(
                    f"{response.url} answered with more than {self._max_answer_bytes} bytes"
                )
            parts.append(chunk)
        return b"".join(parts)

    def _sentence(self, url: str, error: Exception | None, watch: "_Watch") -> str:
        if watch.fired:
            return f"{url} did not answer completely within {self.timeout.total:g} s"
        return f"{url} cannot be reached: {_cause(error)}"


def _cause(error: Exception | None) -> str:
    """The innermost cause, which is what a reader can act on."""
    current: BaseException | None = error
    while current is not None and (current.__cause__ or current.__context__):
        current = current.__cause__ or current.__context__
    said = current.strerror if isinstance(current, OSError) else None
    return said or str(current) or type(current).__name__


class _Watch:
    """Shuts the exchange's sockets down when the total time is used up."""

    def __init__(self, seconds: float) -> None:
        self.fired = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True

    def over(self, used: socket.socket | None) -> None:
        """Watch over a socket; the connection may forget it while the answer is still read."""
        if used is not None:
            self._sockets.append(used)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _fire(self) -> None:
        self.fired = True
        for used in self._sockets:
            with contextlib.suppress(OSError):  # the exchange ended in the meantime
                used.shutdown(socket.SHUT_RDWR)


class _Current(threading.local):
    watch: _Watch | None = None


_CURRENT = _Current()


class _Watched(HTTPConnection):
    """A connection that shows its socket to the watch of the exchange it serves."""

    def connect(self) -> None:
        super().connect()
        self._show()

    def putrequest(self, method: str, url: str, *args: bool, **kwargs: bool) -> None:
        self._show()  # a kept connection does not connect again
        super().putrequest(method, url, *args, **kwargs)

    def _show(self) -> None:
        if _CURRENT.watch is not None:
            _CURRENT.watch.over(self.sock)


class _WatchedTLS(_Watched, HTTPSConnection):
    """The same over TLS."""


class _WatchedPool(HTTPConnectionPool):
    ConnectionCls = _Watched


class _WatchedTLSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTLS


class _WatchedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _WatchedPool, "https": _WatchedTLSPool}
