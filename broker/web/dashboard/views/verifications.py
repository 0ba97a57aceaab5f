"""Verifications: the history, and one result with every violation."""

from dataclasses import dataclass

from broker.domain.contents import contract_from_stored
from broker.domain.verification import ToolResult, Verification
from broker.services.publications import content_by_digest
from broker.services.verifying import get_verification, list_verifications
from broker.web.context import context
from broker.web.dashboard.answers import Shown
from broker.web.dashboard.queries import name_in_query, page_in_query
from broker.web.dashboard.routing import Screen
from broker.web.dashboard.view_models.commands import call_command
from broker.web.refusals import PathNameInvalid
from client_sdk.contract.document import JsonValue, dumps
from client_sdk.contract.model import Contract

_ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class VerificationsScreen:
    """One page of results, newest first."""

    consumer: str | None
    producer: str | None
    verifications: tuple[Verification, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ShownViolation:
    """One violation as the verifier sent it, in text."""

    field: str
    path: str
    expected: str
    actual: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """One tool's result; `calls` repeat the examples of the contract against a producer."""

    result: ToolResult
    place: int | None
    violations: tuple[ShownViolation, ...]
    calls: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VerificationScreen:
    """One verification, failed tools first."""

    verification: Verification
    results: tuple[ShownResult, ...]


def verifications() -> Shown:
    """GET the results of everybody, or of the participants named."""
    consumer, producer = name_in_query("consumer"), name_in_query("producer")
    found = list_verifications(
        context().store, page_in_query(), consumer=consumer, producer=producer
    )
    screen = VerificationsScreen(consumer, producer, found.items, found.next)
    return Shown("verifications.html", screen)


def verification(number: str) -> Shown:
    """GET one result."""
    if not (number.isascii() and number.isdigit() and len(number) <= _ID_DIGITS):
        raise PathNameInvalid("number", "must be a whole number")
    store = context().store
    found = get_verification(store, int(number))
    contract = contract_from_stored(content_by_digest(store, found.contract_digest))
    ordered = sorted(found.tools, key=lambda tool: _ORDER.index(tool.outcome.value))
    results = tuple(_shown(contract, result) for result in ordered)
    return Shown("verification.html", VerificationScreen(found, results))


def _shown(contract: Contract, result: ToolResult) -> ShownResult:
    names = [tool.tool_name for tool in contract.tools]
    tool = contract.tool(result.tool_name)
    calls: tuple[tuple[str, str], ...] = ()
    if tool is not None and result.violations:
        calls = tuple(
            (each.name, call_command(tool.tool_name, each.input)) for each in tool.examples
        )
    return ShownResult(
        result=result,
        place=names.index(result.tool_name) if result.tool_name in names else None,
        violations=tuple(
            ShownViolation(
                field=_text(each.get("field")),
                path=_text(each.get("path")),
                expected=_text(each.get("expected")),
                actual=dumps(each.get("actual")),
                severity=_text(each.get("severity")),
                message=_text(each.get("message")),
            )
            for each in result.violations
        ),
        calls=calls,
    )


def _text(value: JsonValue) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else dumps(value)


_ORDER = ("failed", "not_tested", "passed")
SCREENS = (
    Screen("/verifications", verifications),
    Screen("/verifications/<number>", verification),
)
