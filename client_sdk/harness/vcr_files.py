"""Cassettes of vcrpy become calls of tools."""

from __future__ import annotations

import zlib
from typing import Any, Final

from client_sdk.contract.values import JsonObject
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteInvalid
from client_sdk.harness.files import LIMITS
from client_sdk.harness.wire_records import (
    WireAnswer,
    WireRequest,
    an_object,
    entry_from_wire,
    header_fields,
    listed,
    status_from,
)

GZIP_OR_ZLIB: Final = 47  # zlib: look at the head, and take either


def entries_from_vcr(document: JsonObject) -> list[CassetteEntry]:
    """Read the interactions of a cassette of vcrpy.

    Raises:
        CassetteInvalid: it has none, or one of a form vcrpy does not write.
    """
    return [
        entry_from_wire(
            _vcr_request(an_object(each, "request")), _vcr_answer(an_object(each, "response"))
        )
        for each in listed(document, "interactions", "no cassette of vcrpy")
    ]


def _vcr_request(request: JsonObject) -> WireRequest:
    uri, method = request.get("uri"), request.get("method")
    if not isinstance(uri, str) or not isinstance(method, str):
        raise CassetteInvalid("a recorded request has no method and uri")
    return WireRequest(method.upper(), uri, _content(request.get("body")))


def _vcr_answer(response: JsonObject) -> WireAnswer:
    status = response.get("status")
    code = status.get("code") if isinstance(status, dict) else response.get("status_code")
    headers = header_fields(response.get("headers"))
    content = _content(response.get("body", response.get("content")))
    return WireAnswer(status_from(code), headers, _uncompressed(content, headers))


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
