"""HTTP archives (HAR 1.2) become calls of tools, and calls become archives."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from client_sdk import __version__
from client_sdk.contract.document import dumps
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault
from client_sdk.exchange.mapping import endpoint_of
from client_sdk.harness.encoding import file_value
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteInvalid
from client_sdk.harness.live import METHODS, url_of
from client_sdk.harness.wire_records import (
    WireAnswer,
    WireRequest,
    an_object,
    entry_from_wire,
    header_fields,
    listed,
    status_from,
)

UNKNOWN_BASE: Final = "http://recorded.invalid"


def entries_from_har(document: JsonObject) -> list[CassetteEntry]:
    """Read the entries of an HTTP archive.

    Raises:
        CassetteInvalid: it is none.
    """
    log = document.get("log")
    found = listed(log if isinstance(log, dict) else {}, "entries", "no HTTP archive")
    return [
        entry_from_wire(_har_request(an_object(each, "request")), _har_answer(each))
        for each in found
    ]


def har_from_entries(entries: Sequence[CassetteEntry], metadata: JsonObject) -> JsonObject:
    """Write entries as an HTTP archive; a call without an answer has the status 0 there."""
    base = str(metadata.get("base_url") or UNKNOWN_BASE)
    try:
        endpoint_of(base)
    except (SettingsFault, ValueError):  # a file may say anything
        base = UNKNOWN_BASE
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "tallystick", "version": __version__},
            "entries": [_har_entry(entry, base) for entry in entries],
        }
    }


def _har_request(request: JsonObject) -> WireRequest:
    url, method = request.get("url"), request.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        raise CassetteInvalid("a recorded request has no method and url")
    posted = request.get("postData")
    text = posted.get("text", "") if isinstance(posted, dict) else ""
    return WireRequest(method.upper(), url, str(text).encode())


def _har_answer(entry: JsonValue) -> WireAnswer:
    response = an_object(entry, "response")
    content = response.get("content")
    content = content if isinstance(content, dict) else {}
    text = str(content.get("text", ""))
    raw = _decoded(text) if content.get("encoding") == "base64" else text.encode()
    headers = header_fields(response.get("headers"))
    if "content-type" not in headers and isinstance(content.get("mimeType"), str):
        headers["content-type"] = str(content["mimeType"])
    return WireAnswer(
        status_from(response.get("status")), headers, raw, _started(entry), _milliseconds(entry)
    )


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError as error:
        raise CassetteInvalid("a recorded body is no base64") from error


def _started(entry: Any) -> float:  # noqa: ANN401 - untrusted
    try:
        return datetime.fromisoformat(str(entry.get("startedDateTime"))).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _milliseconds(entry: Any) -> float:  # noqa: ANN401 - untrusted
    try:
        return max(0.0, float(entry.get("time") or 0))
    except (TypeError, ValueError, OverflowError):
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
        "startedDateTime": _written(entry.timestamp),
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


def _written(timestamp: float) -> str:
    try:
        return datetime.fromtimestamp(timestamp, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC).isoformat()


def _har_call(entry: CassetteEntry, base: str) -> tuple[str, str, JsonValue]:
    method, _, path = entry.request_tool.partition(" ")
    if method not in METHODS or not path.startswith("/"):
        tool: JsonObject = {"tool": entry.request_tool, "input": entry.request_input}
        return "POST", endpoint_of(base), tool
    parts = entry.request_input if isinstance(entry.request_input, dict) else {}
    given = parts.get("query")
    query = urlencode(given) if isinstance(given, dict) else ""
    return method, url_of(base, path) + (f"?{query}" if query else ""), parts.get("body")


def _har_text(body: Any) -> tuple[str, str]:  # noqa: ANN401 - any answer
    if isinstance(body, bytes):
        return base64.b64encode(body).decode(), "base64"
    if body is None or isinstance(body, str):
        return body or "", ""
    return dumps(file_value(body)), ""
