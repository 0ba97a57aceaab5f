"""Recordings of others: vcrpy's cassettes and HTTP archives become calls of tools, and back."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange.mapping import endpoint_of
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteInvalid
from client_sdk.harness.files import LIMITS
from client_sdk.harness.live import METHODS, PlainRequest, body_from_bytes, url_of

GZIP_OR_ZLIB: Final = 47  # zlib: look at the head, and take either
TOOL_PATH: Final = ("v1",)
UNKNOWN_BASE: Final = "http://recorded.invalid"


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Answer:
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


def entries_from_vcr(document: JsonObject) -> list[CassetteEntry]:
    """Read the interactions of a cassette of vcrpy.

    Raises:
        CassetteInvalid: it has none, or one of a form vcrpy does not write.
    """
    return [
        _entry(_vcr_request(_object(each, "request")), _vcr_answer(_object(each, "response")))
        for each in _listed(document, "interactions", "no cassette of vcrpy")
    ]


def entries_from_har(document: JsonObject) -> list[CassetteEntry]:
    """Read the entries of an HTTP archive.

    Raises:
        CassetteInvalid: it is none.
    """
    log = document.get("log")
    found = _listed(log if isinstance(log, dict) else {}, "entries", "no HTTP archive")
    return [_entry(_har_request(_object(each, "request")), _har_answer(each)) for each in found]


def har_from_entries(entries: Sequence[CassetteEntry], metadata: JsonObject) -> JsonObject:
    """Write entries as an HTTP archive; a call without an answer has the status 0 there."""
    base = str(metadata.get("base_url") or UNKNOWN_BASE)
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "tallystick", "version": "1"},
            "entries": [_har_entry(entry, base) for entry in entries],
        }
    }


def _entry(request: _Request, answer: _Answer) -> CassetteEntry:
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


def _call_of(request: _Request) -> tuple[str, JsonValue]:
    """Read a request as the call of a tool where it has that form, else as a plain request."""
    parts = urlsplit(request.url)
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
    plain = PlainRequest(request.method, parts.path or "/", query, body)
    return plain.tool, plain.to_input()


def _vcr_request(request: JsonObject) -> _Request:
    uri, method = request.get("uri"), request.get("method")
    if not isinstance(uri, str) or not isinstance(method, str):
        raise CassetteInvalid("a recorded request has no method and uri")
    return _Request(method.upper(), uri, _content(request.get("body")))


def _vcr_answer(response: JsonObject) -> _Answer:
    status = response.get("status")
    code = status.get("code") if isinstance(status, dict) else response.get("status_code")
    headers = _headers(response.get("headers"))
    content = _content(response.get("body", response.get("content")))
    return _Answer(_status(code), headers, _uncompressed(content, headers))


def _content(body: Any) -> bytes:  # noqa: ANN401 - text, bytes, or {"string": either}
    if isinstance(body, dict):
        body = body.get("string", "")
    if isinstance(body, bytes):
        return body
    if body is None or isinstance(body, str):
        return (body or "").encode()
    raise CassetteInvalid(f"a recorded body is a {type(body).__name__}, and not text or bytes")


def _uncompressed(content: bytes, headers: dict[str, str]) -> bytes:
    """Undo gzip and deflate, which vcrpy keeps as they came; the body is bounded."""
    if headers.get("content-encoding", "").lower() not in {"gzip", "x-gzip", "deflate"}:
        return content
    try:
        body = zlib.decompressobj(GZIP_OR_ZLIB).decompress(content, LIMITS.max_bytes)
    except zlib.error:
        return content  # vcrpy was asked to decode it, and left the header
    return body


def _headers(headers: Any) -> dict[str, str]:  # noqa: ANN401 - untrusted
    """Read header fields: name to text, name to texts, or HAR's list of pairs."""
    pairs: list[tuple[str, Any]] = []
    if isinstance(headers, dict):
        pairs = list(headers.items())
    elif isinstance(headers, list):
        pairs = [(str(each.get("name")), each.get("value")) for each in headers]
    return {
        name.lower(): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in pairs
    }


def _har_request(request: JsonObject) -> _Request:
    url, method = request.get("url"), request.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        raise CassetteInvalid("a recorded request has no method and url")
    posted = request.get("postData")
    text = posted.get("text", "") if isinstance(posted, dict) else ""
    return _Request(method.upper(), url, str(text).encode())


def _har_answer(entry: JsonValue) -> _Answer:
    response = _object(entry, "response")
    content = response.get("content")
    content = content if isinstance(content, dict) else {}
    text = str(content.get("text", ""))
    raw = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
    headers = _headers(response.get("headers"))
    if "content-type" not in headers and isinstance(content.get("mimeType"), str):
        headers["content-type"] = str(content["mimeType"])
    return _Answer(
        _status(response.get("status")), headers, raw, _started(entry), _milliseconds(entry)
    )


def _started(entry: Any) -> float:  # noqa: ANN401 - untrusted
    try:
        return datetime.fromisoformat(str(entry.get("startedDateTime"))).timestamp()
    except ValueError:
        return 0.0


def _milliseconds(entry: Any) -> float:  # noqa: ANN401 - untrusted
    try:
        return max(0.0, float(entry.get("time") or 0))
    except (TypeError, ValueError):
        return 0.0


def _har_entry(entry: CassetteEntry, base: str) -> JsonObject:
    method, url, sent = _har_call(entry, base)
    text, encoding = _har_text(entry.response_body)
    headers = {"content-type": "application/json", **entry.response_headers}
    content: JsonObject = {"size": len(text), "mimeType": headers["content-type"], "text": text}
    request: JsonObject = {"method": method, "url": url, "httpVersion": "HTTP/1.1"}
    request |= {"cookies": [], "headers": [], "queryString": [], "headersSize": -1, "bodySize": -1}
    if sent is not None:
        request["postData"] = {"mimeType": "application/json", "text": dumps(sent)}
    return {
        "startedDateTime": datetime.fromtimestamp(entry.timestamp, UTC).isoformat(),
        "time": entry.latency_ms,
        "request": request,
        "response": {
            "status": entry.response_status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "content": content | ({"encoding": encoding} if encoding else {}),
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": entry.latency_ms, "receive": 0},
    }


def _har_call(entry: CassetteEntry, base: str) -> tuple[str, str, JsonValue]:
    method, _, path = entry.request_tool.partition(" ")
    if method not in METHODS or not path.startswith("/"):
        tool: JsonObject = {"tool": entry.request_tool, "input": entry.request_input}
        return "POST", endpoint_of(base), tool
    parts = entry.request_input if isinstance(entry.request_input, dict) else {}
    query = urlencode(parts.get("query") or {})
    return method, url_of(base, path) + (f"?{query}" if query else ""), parts.get("body")


def _har_text(body: Any) -> tuple[str, str]:  # noqa: ANN401 - any answer
    if isinstance(body, bytes):
        return base64.b64encode(body).decode(), "base64"
    if body is None or isinstance(body, str):
        return body or "", ""
    return dumps(body), ""


def _listed(document: JsonObject, member: str, complaint: str) -> list[JsonValue]:
    found = document.get(member)
    if not isinstance(found, list):
        raise CassetteInvalid(f"this is {complaint}: it has no list of {member}")
    return found


def _object(value: JsonValue, member: str) -> JsonObject:
    found = value.get(member) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise CassetteInvalid(f"a recorded exchange has no {member}")
    return found


def _status(code: Any) -> int:  # noqa: ANN401 - untrusted
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    raise CassetteInvalid(f"a recorded answer has the status {code!r}")


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
