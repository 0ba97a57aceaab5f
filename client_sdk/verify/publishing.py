"""Violations as they leave this machine: no credentials, long values cut, or no values at all."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from client_sdk.contract.evaluation.wording import shown
from client_sdk.contract.validation import Violation
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Scrubber


class PublishValues(StrEnum):
    """What is published of the values a producer answered."""

    CUT = "cut"
    NEVER = "never"


def scrubbed(violation: Violation, scrubber: Scrubber) -> Violation:
    """Give the violation without credentials, in its value and in its message."""
    last_token = violation.path.rpartition("/")[2]
    actual = scrubber.scrub(violation.actual, name=last_token)
    message = violation.message.replace(shown(violation.actual), shown(actual))
    return replace(violation, actual=actual, message=scrubber.scrub_text(message))


def violation_json(violation: Violation, publish_values: PublishValues) -> JsonObject:
    """Give a violation as the broker takes it; without values its message names none either."""
    hidden = publish_values is PublishValues.NEVER
    return {
        "field": violation.field,
        "expected": violation.expected,
        "actual": None if hidden else violation.actual,
        "severity": violation.severity.value,
        "message": _message_without_values(violation) if hidden else violation.message,
        "path": violation.path,
    }


def _message_without_values(violation: Violation) -> str:
    return f"{violation.field} should be {violation.expected} ({violation.rule})"
