"""An answer as it goes over HTTP: its header fields, and its body as bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from client_sdk.contract.document import dumps
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonValue
from client_sdk.mock.answers import JSON, MockResponse, problem

FIELD_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
FIELD_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
FRAMING: Final = frozenset({"content-length", "transfer-encoding"})  # the server's own business
WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """What is sent; the length of the content is not among the fields."""

    status: int
    fields: tuple[tuple[str, str], ...]
    content: bytes


def wire_answer(answer: MockResponse) -> WireAnswer:
    """Give an answer as it is sent; one that HTTP cannot carry becomes a 500 that says why."""
    try:
        return _written(answer)
    except (ContractError, TypeError, ValueError) as error:
        detail = f"The answer cannot be sent: {error}"
        return _written(problem(500, "answer-unsendable", detail))


def _written(answer: MockResponse) -> WireAnswer:
    fields = tuple(
        _field(name, str(value))
        for name, value in answer.headers.items()
        if name.lower() not in FRAMING
    )
    media_type = next((value for name, value in fields if name.lower() == "content-type"), JSON)
    has_body = answer.status_code not in WITHOUT_BODY
    content = _content(answer.body, media_type) if has_body else b""
    return WireAnswer(answer.status_code, fields, content)


def _field(name: str, value: str) -> tuple[str, str]:
    if FIELD_NAME.fullmatch(name) is None or FIELD_VALUE.fullmatch(value) is None:
        raise ValueError(f"{name!r}: {value!r} is no header field")
    return name, value


def _content(body: JsonValue | bytes, media_type: str) -> bytes:
    if isinstance(body, bytes):
        return body
    if "json" in media_type:
        return dumps(body).encode()
    return b"" if body is None else str(body).encode()
