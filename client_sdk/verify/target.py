"""The producer under test: where it is, whether anybody listens, and a call one can repeat."""

from __future__ import annotations

import base64
import contextlib
import shlex
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlsplit

from client_sdk.contract.values import JsonValue
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import Result, Scrubber, ToolClient, ToolMapping
from client_sdk.exchange.mapping import JSON_HEADERS, endpoint_of
from client_sdk.exchange.scrubber import is_secret_name
from client_sdk.transport import Timeout, Transport
from client_sdk.verify.states import PATIENCE, UrlStates

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
LONGEST_CURL: Final = 4_000
SHORTEST_UNNAMED_SECRET: Final = 8


class ClosableClient(Protocol):
    """A client that keeps connections."""

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool and give its answer."""
        ...

    def close(self) -> None:
        """Close them."""
        ...


class Producer(Protocol):
    """Whatever can be verified: how it is reached, and how a call of it is shown."""

    def credentials(self) -> list[str]:
        """Give what must not be shown."""
        ...

    def client(self, patience: float, max_answer_bytes: int) -> ClosableClient:
        """Give a client; `patience` is seconds for a whole call."""
        ...

    def state_hook(self, url: str, *, patience: float = PATIENCE) -> UrlStates:
        """Give the hook that sets provider states up at an address, in `patience` seconds each."""
        ...

    def make_sure_somebody_listens(self, patience: float) -> None:
        """Raise Unreachable when nobody does."""
        ...

    def curl(self, tool: str, input_data: JsonValue, scrubber: Scrubber) -> str:
        """Write a call so that a reader can repeat it."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """The producer under test; `headers` go with every call and may hold credentials."""

    base_url: str
    mapping: ToolMapping = ToolMapping.BODY
    headers: Mapping[str, str] = field(default_factory=dict)

    def credentials(self) -> list[str]:
        """Give what is to be hidden of the headers: a value, and what follows its scheme."""
        return secrets_of(self.headers)

    def client(self, patience: float, max_answer_bytes: int) -> ClosableClient:
        """Give an HTTP client; an answer with more bytes is none."""
        timeout = Timeout(min(5.0, patience), patience, patience)
        return ToolClient(
            self.base_url,
            mapping=self.mapping,
            headers=self.headers,
            transport=Transport(timeout, max_answer_bytes=max_answer_bytes),
        )

    def state_hook(self, url: str, *, patience: float = PATIENCE) -> UrlStates:
        """Give the hook at an address; the target's headers go along to its own origin only."""
        same = urlsplit(url)[:2] == urlsplit(self.base_url)[:2]
        headers = self.headers if same else None
        return UrlStates(url, headers=headers, patience=patience)

    def make_sure_somebody_listens(self, patience: float) -> None:
        """Connect once.

        Raises:
            Unreachable: nobody listens there.
            SettingsFault: the address cannot be used.
        """
        parts = urlsplit(endpoint_of(self.base_url))
        address = (parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme])
        try:
            socket.create_connection(address, timeout=patience).close()
        except OSError as error:
            raise Unreachable(
                f"{self.base_url} cannot be reached: {error.strerror or error}"
            ) from error
        except UnicodeError as error:
            raise SettingsFault(f"{self.base_url} names no host that can be looked up") from error

    def curl(self, tool: str, input_data: JsonValue, scrubber: Scrubber) -> str:
        """Write the call as a command line, with placeholders where credentials were."""
        call = self.mapping.call(self.base_url, tool, scrubber.scrub(input_data))
        headers = scrubber.scrub_headers({**JSON_HEADERS, **self.headers})
        parts = ["curl", "-sS", "-X", call.method, call.url]
        for name, value in headers.items():
            parts += ["-H", f"{name}: {value}"]
        line = shlex.join([*parts, "--data-binary", call.content.decode()])
        return line if len(line) <= LONGEST_CURL else f"{line[:LONGEST_CURL]} … (cut)"


def secrets_of(headers: Mapping[str, str]) -> list[str]:
    """Give what is to be hidden of header fields: a value, what follows its scheme, and its parts.

    A producer may give back the password of a Basic header, or one cookie of several. A short value
    under an ordinary name (`X-Env: test`) stays, or it would be cut out of every word that contains
    it.
    """
    found: list[str] = []
    for name, value in headers.items():
        if is_secret_name(name):
            found += (value, value.partition(" ")[2], *_pieces(value))
        elif name.lower() not in _PLAIN and len(value) >= SHORTEST_UNNAMED_SECRET:
            found += (value, value.partition(" ")[2])
    return [part for part in found if part]


def _pieces(value: str) -> Iterator[str]:
    for pair in value.split(";"):
        yield pair.partition("=")[2].strip()
    scheme, _, encoded = value.partition(" ")
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):  # it is no base64, or no text
            pair = base64.b64decode(encoded, validate=True).decode()
            yield from (pair, pair.partition(":")[2])


_PLAIN: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})
