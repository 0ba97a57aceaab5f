"""What a tool answers: a body, or a problem (RFC 9457) with a stable code."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """An answer as it goes on the wire; a body that is no JSON is text of another media type."""

    status: int
    body: JsonValue
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": JSON})


class ToolRefused(Exception):
    """A tool will not do what it was asked; carries the problem it answers with."""

    def __init__(self, status: int, code: str, detail: str, **members: JsonValue) -> None:
        super().__init__(detail)
        self.answer = problem(status, code, detail, **members)


def problem(status: int, code: str, detail: str, **members: JsonValue) -> ToolAnswer:
    """Give a problem answer; `members` are added to its body."""
    body: JsonObject = {
        "type": f"urn:tallystick:sandbox:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }
    return ToolAnswer(status, body, {"content-type": PROBLEM})
