"""Judges values by one contract: the kernel's verdict, with the contract's name on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from client_sdk.contract import pointer as pointers
from client_sdk.contract.errors import ContractError, Severity
from client_sdk.contract.evaluation.wording import shortened, shown
from client_sdk.contract.model import ToolContract
from client_sdk.contract.shape import Shape
from client_sdk.contract.undeclared import undeclared_members
from client_sdk.contract.validation import Violation, validate_request, validate_response
from client_sdk.contract.values import JsonValue
from client_sdk.validator.formats import Misformatted, misformatted
from client_sdk.validator.matching import Match
from client_sdk.validator.policy import SeverityPolicy, Strictness
from client_sdk.validator.violation import (
    MEDIA_TYPE,
    NOT_DECIDED,
    STATUS_CODE,
    UNDECLARED,
    ContractViolation,
)

FORMAT: Final = "format"


@dataclass(frozen=True, slots=True)
class ReceivedAnswer:
    """What came back: `status` is None when there was none, `fault` why the body is no JSON."""

    status: int | None
    body: JsonValue = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """How strictly values are judged."""

    policy: SeverityPolicy
    undeclared: Strictness
    formats: Strictness = Strictness.ERROR

    def request(self, match: Match, value: JsonValue) -> tuple[ContractViolation, ...]:
        """Give what keeps an input from being one that the consumer may send."""
        tool = match.tool
        found = _decided("input", lambda: validate_request(tool, value))
        if not found:
            shape = tool.input_shape()
            found = (*self._misformatted(shape, value), *self._undeclared(shape, value, ()))
        return self._named(found, match)

    def answer(self, match: Match, received: ReceivedAnswer) -> tuple[ContractViolation, ...]:
        """Give what the consumer would not understand of an answer."""
        return self._named(self._judged(match.tool, received), match)

    def _judged(self, tool: ToolContract, received: ReceivedAnswer) -> tuple[Violation, ...]:
        status = received.status
        if status is None:
            return (_no_status(tool),)
        found = _decided("body", lambda: validate_response(tool, status, received.body))
        if found and received.fault and status in tool.status_codes:
            return (_not_json(received.body, received.fault),)
        if any(each.rule in {STATUS_CODE, NOT_DECIDED} for each in found):
            return found
        shape = tool.output_shape(status)
        misformatted = self._misformatted(shape, received.body)
        undeclared = self._undeclared(shape, received.body, tool.optional_output_fields)
        return (*found, *misformatted, *undeclared)

    def _misformatted(self, shape: Shape, value: JsonValue) -> tuple[Violation, ...]:
        severity = self.formats.severity
        if severity is None:
            return ()
        return tuple(_no_format(each, severity) for each in misformatted(shape, value))

    def _undeclared(
        self, shape: Shape, value: JsonValue, optional: tuple[str, ...]
    ) -> tuple[Violation, ...]:
        severity = self.undeclared.severity
        if severity is None:
            return ()
        listed = {
            field if field.startswith("/") else pointers.join("", field) for field in optional
        }
        return tuple(
            _nobody_declared(place, severity)
            for place in undeclared_members(shape, value)
            if place not in listed
        )

    def _named(self, found: tuple[Violation, ...], match: Match) -> tuple[ContractViolation, ...]:
        return tuple(
            ContractViolation(
                each.field,
                each.expected,
                each.actual,
                self.policy.severity_of(each.rule, each.severity),
                each.message,
                consumer=match.contract.consumer,
                tool=match.tool.tool_name,
                version=match.tool.version,
                path=each.path,
                rule=each.rule,
            )
            for each in found
        )


def received_answer(response: object) -> ReceivedAnswer:
    """Read a result of `execute`, or anything shaped like one; no status is an answer of none."""
    if not isinstance(response, Mapping):
        return ReceivedAnswer(None)
    members: Mapping[str, Any] = response
    status = members.get("status_code")
    fault = getattr(response, "fault", None)
    return ReceivedAnswer(status if isinstance(status, int) else None, members.get("body"), fault)


def _decided(name: str, judge: Callable[[], tuple[Violation, ...]]) -> tuple[Violation, ...]:
    """What cannot be decided is a violation: it never counts as a yes."""
    try:
        return judge()
    except ContractError as error:
        message = f"{name} cannot be judged: {error}"
        return (_whole(name, "a JSON value the kernel can judge", None, message, NOT_DECIDED),)


def _no_status(tool: ToolContract) -> Violation:
    expected = " or ".join(map(str, sorted(tool.status_codes)))
    message = "the response has no status_code, so nothing shows that it is an answer"
    return _whole(STATUS_CODE, expected, None, message, STATUS_CODE)


def _not_json(body: JsonValue, fault: str) -> Violation:
    message = f"the body is no JSON: {fault}"
    return _whole("body", "JSON", shortened(body), message, MEDIA_TYPE)


def _whole(field: str, expected: str, actual: JsonValue, message: str, rule: str) -> Violation:
    return Violation(field, expected, actual, Severity.ERROR, message, "", rule)


def _no_format(each: Misformatted, severity: Severity) -> Violation:
    field = ".".join(pointers.tokens_of(each.pointer)) or "body"
    message = f"{field} should have the format {each.wanted}, is {shown(each.text)}"
    wanted = f"text of the format {each.wanted}"
    return Violation(field, wanted, shortened(each.text), severity, message, each.pointer, FORMAT)


def _nobody_declared(place: str, severity: Severity) -> Violation:
    field = ".".join(pointers.tokens_of(place))
    message = f"{field} is declared nowhere in the contract"
    return Violation(field, "a declared member", None, severity, message, place, UNDECLARED)
