"""Live calls over HTTP, as the client library `requests` would make them, with a total deadline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakMethod

import requests
from requests import exceptions
from urllib3 import exceptions as wire

from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import Unreachable
from client_sdk.exchange import Result, ToolMapping
from client_sdk.exchange.client import BODY_LIMITS, is_json
from client_sdk.exchange.mapping import JSON_HEADERS, VERSION_PART, endpoint_of
from client_sdk.harness.errors import NetworkBlocked
from client_sdk.transport import Answer, Transport

MAPPINGS: Final[Mapping[str, ToolMapping]] = {
    "tool-in-body": ToolMapping.BODY,
    "tool-in-path": ToolMapping.PATH,
    "body": ToolMapping.BODY,
    "path": ToolMapping.PATH,
}
METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
# What `requests` makes of each error while it reads an answer (Response.iter_content).
READ_ERRORS: Final[tuple[tuple[type[Exception], type[exceptions.RequestException]], ...]] = (
    (wire.ProtocolError, exceptions.ChunkedEncodingError),
    (wire.DecodeError, exceptions.ContentDecodingError),
    (wire.SSLError, exceptions.SSLError),
    (Exception, exceptions.ConnectionError),
)


def mapping_from(value: str) -> ToolMapping:
    """Give the mapping of a name.

    Raises:
        ValueError: there is none of that name; the message lists them.
    """
    if value not in MAPPINGS:
        raise ValueError(f"mapping is one of {', '.join(map(repr, MAPPINGS))}, not {value!r}")
    return MAPPINGS[value]


@dataclass(frozen=True, slots=True)
class PlainRequest:
    """A request that is no tool call: it is recorded as the tool `METHOD /path`."""

    method: str
    path: str
    query: JsonObject = field(default_factory=dict)
    body: JsonValue = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method is one of {', '.join(sorted(METHODS))}, not {self.method!r}")
        if not self.path.startswith("/") or "?" in self.path or "#" in self.path:
            raise ValueError(f"path begins with '/' and has no query, unlike {self.path!r}")

    @property
    def tool(self) -> str:
        """The name it is recorded under."""
        return f"{self.method} {self.path}"

    def to_input(self) -> JsonObject:
        """Give what is recorded of it; a part that is not there is left out."""
        parts: JsonObject = {"query": self.query, "body": self.body}
        return {name: part for name, part in parts.items() if part not in ({}, None)}


class LiveCalls:
    """Calls a service through a session; the session's headers go with every call."""

    def __init__(
        self, base_url: str, mapping: ToolMapping, session: requests.Session, transport: Transport
    ) -> None:
        self._base_url = base_url
        self._mapping = mapping
        self._session = session
        self._transport = transport

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call a tool.

        Raises:
            requests.RequestException: there was no complete answer.
        """
        call = self._mapping.call(self._base_url, tool, input_data)
        return self._sent(call.method, call.url, content=call.content)

    def request(self, request: PlainRequest) -> Result:
        """Send a plain request.

        Raises:
            requests.RequestException: there was no complete answer.
        """
        content = None if request.body is None else dumps(request.body).encode()
        query = [(name, str(value)) for name, value in request.query.items()]
        url = url_of(self._base_url, request.path)
        return self._sent(request.method, url, content=content, query=query)

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def _sent(self, method: str, url: str, **parts: Any) -> Result:  # noqa: ANN401 - passed through
        headers = {name: str(value) for name, value in self._session.headers.items()}
        try:
            return result_from_answer(self._transport.send(method, url, headers=headers, **parts))
        except Unreachable as error:
            raise library_error(error) from error


class HarnessSession(requests.Session):
    """A session that asks its harness before each request: in playback none is sent."""

    _may_call: WeakMethod[Callable[[], bool]] | None = None

    def ask_first(self, may_call: Callable[[], bool]) -> None:
        """Ask a method of the harness from now on, for as long as there is a harness."""
        self._may_call = WeakMethod(may_call)

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # noqa: ANN401 - passed through
        """Send a request.

        Raises:
            NetworkBlocked: the harness only plays.
        """
        may_call = None if self._may_call is None else self._may_call()
        if may_call is not None and not may_call():
            raise NetworkBlocked(
                f"mode 'playback' opens no connection, and {request.url} was asked for: "
                "use execute() or request() of the harness, or another mode"
            )
        return super().send(request, **how)


def session_with(api_key: str | None) -> HarnessSession:
    """Give a session that speaks JSON and carries the key as a bearer token."""
    session = HarnessSession()
    session.trust_env = False
    session.headers.update(JSON_HEADERS)
    if api_key:
        session.headers["Authorization"] = f"Bearer {api_key}"
    return session


def url_of(base_url: str, path: str) -> str:
    """Give the address of a path: `/v1` stands once, whether base, path or both have it.

    Raises:
        SettingsFault: the base is no http(s) URL.
    """
    endpoint = endpoint_of(base_url)
    parts = urlsplit(base_url)
    if not parts.path.rstrip("/").endswith(VERSION_PART):
        return endpoint.removesuffix(VERSION_PART) + path
    has_version = path == VERSION_PART or path.startswith(VERSION_PART + "/")
    return endpoint + (path.removeprefix(VERSION_PART) if has_version else path)


def result_from_answer(answer: Answer) -> Result:
    """Read an answer whole: JSON parsed, text as text, anything else as bytes; with the reason."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body, fault = body_from_bytes(answer.content, headers.get("content-type", ""))
    return Result(answer.status, body, headers, answer.elapsed_ms, fault=fault)


def body_from_bytes(content: bytes, content_type: str) -> tuple[Any, str | None]:
    """Give the body, and why it is no JSON if it is none."""
    if not content:
        return None, None
    if not is_json(content_type):
        return _text_or_bytes(content), f"its content type is {content_type or 'not given'}"
    try:
        return parse_untrusted(content, limits=BODY_LIMITS), None
    except ContractError as error:
        return _text_or_bytes(content), str(error)


def library_error(error: Unreachable) -> exceptions.RequestException:
    """Give the exception that `requests` itself raises for a call that got no answer."""
    cause = error.__cause__
    if "did not answer completely within" in str(error):
        return exceptions.ReadTimeout(str(error))
    if isinstance(cause, exceptions.RequestException):
        return type(cause)(str(error))
    for kind, raised in READ_ERRORS:
        if isinstance(cause, kind):
            return raised(str(error))
    return exceptions.ConnectionError(str(error))


def _text_or_bytes(content: bytes) -> str | bytes:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content
