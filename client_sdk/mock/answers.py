"""What a tool answers: a body, a problem (RFC 9457) with a stable code, or nothing at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Self

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import Unreachable

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
STATUSES: Final = range(100, 600)


@dataclass(frozen=True, slots=True)
class MockResponse:
    """An answer as it goes on the wire; a body that is no JSON is text of another media type.

    `delay_ms` passes on the mock's clock before the answer is given.

    Example:
        >>> MockResponse(body={"balance": "1.00"})
        MockResponse(status_code=200, body={'balance': '1.00'}, \
headers={'content-type': 'application/json'}, delay_ms=0)
    """

    status_code: int = 200
    body: JsonValue = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": JSON})
    delay_ms: float = 0


class ToolRefused(Exception):
    """A tool will not do what it was asked; carries the problem it answers with."""

    def __init__(self, status: int, code: str, detail: str, **members: JsonValue) -> None:
        super().__init__(detail)
        self.answer = problem(status, code, detail, **members)


class NoAnswer(Unreachable, TimeoutError):
    """The mock keeps silent, as it was told to; a caller sees what its own timeout would raise."""

    def __init__(self, tool: str, after_ms: float) -> None:
        super().__init__(f"{tool} did not answer within {after_ms:g} ms")
        self.tool = tool
        self.after_ms = after_ms

    def __reduce__(self) -> tuple[type[Self], tuple[str, float]]:
        """Let it be copied, and carried from one process to another."""
        return type(self), (self.tool, self.after_ms)


def problem(status: int, code: str, detail: str, **members: JsonValue) -> MockResponse:
    """Give a problem answer; `members` are added to its body."""
    body: JsonObject = {
        "type": f"urn:tallystick:sandbox:{code}",
        "title": phrase_of(status),
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }
    return MockResponse(status, body, {"content-type": PROBLEM})


def phrase_of(status: int) -> str:
    """Give the name of a status; one without a name is an error like any other."""
    return HTTPStatus(status).phrase if status in _NAMED else "Error"


def check_delay(name: str, milliseconds: object) -> None:
    """Make sure that a time can be waited.

    Raises:
        ValueError: it is no finite number from zero.
    """
    is_number = isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool)
    if not is_number or not 0 <= float(str(milliseconds)) < float("inf"):
        raise ValueError(f"{name} is not negative and finite, not {milliseconds!r}")


def check_status(status_code: object) -> int:
    """Give the status back.

    Raises:
        ValueError: it is no HTTP status.
    """
    if type(status_code) is bool or not isinstance(status_code, int) or status_code not in STATUSES:
        raise ValueError(f"status_code is an HTTP status from 100 to 599, not {status_code!r}")
    return status_code


_NAMED: Final = frozenset(int(status) for status in HTTPStatus)
