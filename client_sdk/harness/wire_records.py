"""Recorded HTTP as calls of tools: where other recorders' files meet a cassette."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteInvalid
from client_sdk.harness.files import LIMITS
from client_sdk.harness.live import METHODS, PlainRequest, body_from_bytes

TOOL_PATH: Final = ("v1",)


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request as it was sent."""

    method: str
    url: str
    content: bytes


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """An answer as it came, its content no longer compressed; the time is in milliseconds."""

    status: int
    headers: dict[str, str]
    content: bytes
    timestamp: float = 0.0
    latency_ms: float = 0.0


def document_from(source: str | Path | Mapping[str, JsonValue]) -> tuple[JsonObject, str]:
    """Read a file of JSON or YAML into an object, and give the stem of its name.

    Raises:
        FileNotFoundError: there is no such file.
        CassetteInvalid: it is neither, or YAML and PyYAML is not installed.
    """
    if isinstance(source, Mapping):
        return dict(source), "imported"
    path = Path(source)
    content = path.read_bytes()
    if len(content) > LIMITS.max_bytes:
        raise CassetteInvalid(f"{path} has {len(content)} bytes; {LIMITS.max_bytes} are allowed")
    try:
        document = parse_untrusted(content, limits=LIMITS)
    except ContractError as error:
        if path.suffix not in {".yaml", ".yml"}:
            raise CassetteInvalid(f"{path} is no JSON: {error}") from error
        document = _yaml(path, content)
    if not isinstance(document, dict):
        raise CassetteInvalid(f"{path} holds no object")
    return document, path.stem


def entry_from_wire(request: WireRequest, answer: WireAnswer) -> CassetteEntry:
    """Give the entry of an exchange."""
    tool, input_data = _call_of(request)
    content_type = answer.headers.get("content-type", "")
    body, fault = body_from_bytes(answer.content, content_type)
    return CassetteEntry(
        tool,
        input_data,
        answer.status,
        body,
        answer.headers,
        answer.timestamp,
        answer.latency_ms,
        response_fault=fault,
    )


def header_fields(headers: Any) -> dict[str, str]:  # noqa: ANN401 - untrusted
    """Read header fields: name to text, name to texts, or HAR's list of pairs."""
    pairs: list[tuple[Any, Any]] = []
    if isinstance(headers, dict):
        pairs = list(headers.items())
    elif isinstance(headers, list):
        named = [each for each in headers if isinstance(each, dict)]
        pairs = [(each.get("name"), each.get("value")) for each in named]
    return {
        str(name).lower(): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in pairs
    }


def listed(document: JsonObject, member: str, complaint: str) -> list[JsonValue]:
    """Give a member that is a list, or refuse the document."""
    found = document.get(member)
    if not isinstance(found, list):
        raise CassetteInvalid(f"this is {complaint}: it has no list of {member}")
    return found


def an_object(value: JsonValue, member: str) -> JsonObject:
    """Give a member that is an object, or refuse the exchange."""
    found = value.get(member) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise CassetteInvalid(f"a recorded exchange has no {member}")
    return found


def status_from(code: Any) -> int:  # noqa: ANN401 - untrusted
    """Give a status, or refuse the answer."""
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    raise CassetteInvalid(f"a recorded answer has the status {code!r}")


def _call_of(request: WireRequest) -> tuple[str, JsonValue]:
    """Read a request as the call of a tool where it has that form, else as a plain request."""
    try:
        parts = urlsplit(request.url)
    except ValueError as error:
        raise CassetteInvalid(f"a recorded request has the address {request.url!r}") from error
    sent = body_from_bytes(request.content, "application/json")[0]
    path = [unquote(part) for part in parts.path.split("/") if part]
    if request.method == "POST" and isinstance(sent, dict) and not parts.query:
        if set(sent) == {"tool", "input"} and isinstance(sent["tool"], str):
            return sent["tool"], sent["input"]
        if len(path) > 1 and (path[-2],) == TOOL_PATH:
            return path[-1], sent
    if request.method not in METHODS:
        raise CassetteInvalid(f"a recorded request has the method {request.method!r}")
    query: JsonObject = dict(parse_qsl(parts.query, keep_blank_values=True))
    body = sent if not isinstance(sent, bytes) else base64.b64encode(sent).decode()
    path_text = parts.path if parts.path.startswith("/") else f"/{parts.path}"
    plain = PlainRequest(request.method, path_text, query, body)
    return plain.tool, plain.to_input()


def _yaml(path: Path, content: bytes) -> Any:  # noqa: ANN401 - any document
    try:
        import yaml  # noqa: PLC0415 - an extra
    except ImportError:
        raise CassetteInvalid(
            f"{path} is YAML, which needs PyYAML: pip install 'tallystick[vcr]'"
        ) from None
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise CassetteInvalid(f"{path} is no YAML: {error}") from error
