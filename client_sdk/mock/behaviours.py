"""Broken builds on purpose: each behaviour changes the answers of an otherwise sound gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.answers import MockResponse, problem

MONEY_MEMBERS: Final = frozenset({"amount", "balance", "deposited"})
SUCCESS: Final = range(200, 300)

Behaviour = Callable[[MockResponse], MockResponse]


def rename_status(answer: MockResponse) -> MockResponse:
    """Answer `state` where the sound build answers `status`."""
    return _with_members(answer, lambda name, value: ("state" if name == "status" else name, value))


def amount_as_number(answer: MockResponse) -> MockResponse:
    """Answer amounts as JSON numbers instead of decimal strings."""

    def member(name: str, value: JsonValue) -> tuple[str, JsonValue]:
        is_money = name in MONEY_MEMBERS and isinstance(value, str)
        return name, Decimal(str(value)) if is_money else value

    return _with_members(answer, member)


def without_timestamps(answer: MockResponse) -> MockResponse:
    """Leave out the members that say when something happened."""
    if answer.status_code not in SUCCESS or not isinstance(answer.body, dict):
        return answer
    kept = {name: value for name, value in answer.body.items() if not name.endswith("_at")}
    return replace(answer, body=kept)


def extra_member(answer: MockResponse) -> MockResponse:
    """Add a member that nobody asked for, which no consumer should mind."""
    if answer.status_code not in SUCCESS or not isinstance(answer.body, dict):
        return answer
    return replace(answer, body={**answer.body, "risk_score": 0})


def server_error(_: MockResponse) -> MockResponse:
    """Fail every call."""
    return problem(500, "broken-build", "This build fails on purpose.")


def not_json(answer: MockResponse) -> MockResponse:
    """Answer a page instead of JSON, as a proxy in the way does."""
    return MockResponse(
        answer.status_code, "<html>on purpose</html>", {"content-type": "text/html"}
    )


def _with_members(
    answer: MockResponse, change: Callable[[str, JsonValue], tuple[str, JsonValue]]
) -> MockResponse:
    """Change the members of a successful body, in the objects of its lists too."""

    def changed(value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [changed(item) for item in value]
        if isinstance(value, dict):
            return _changed_object(value, change, changed)
        return value

    return replace(answer, body=changed(answer.body)) if answer.status_code in SUCCESS else answer


def _changed_object(
    members: JsonObject,
    change: Callable[[str, JsonValue], tuple[str, JsonValue]],
    changed: Callable[[JsonValue], JsonValue],
) -> JsonObject:
    return dict(change(name, changed(value)) for name, value in members.items())


BEHAVIOURS: Final[Mapping[str, Behaviour]] = {
    "amount-as-number": amount_as_number,
    "extra-member": extra_member,
    "not-json": not_json,
    "rename-status": rename_status,
    "server-error": server_error,
    "without-timestamps": without_timestamps,
}
