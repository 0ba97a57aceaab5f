"""Judges one answer: is it one that the consumer handles and understands?"""

from __future__ import annotations

from typing import Final

from client_sdk.contract.errors import Severity
from client_sdk.contract.evaluation.wording import shortened
from client_sdk.contract.model import ToolContract
from client_sdk.contract.validation import Violation, validate_response
from client_sdk.exchange import Result
from client_sdk.verify.outcomes import CheckOutcome, has_error
from client_sdk.verify.plan import Trial

CLIENT_ERRORS: Final = range(400, 500)


def judge(
    tool: ToolContract, trial: Trial, result: Result, *, strict: bool
) -> tuple[CheckOutcome, tuple[Violation, ...]]:
    """Say what an answer shows, and what is wrong with it.

    A sample that is refused with a 4xx the contract does not list shows nothing, unless `strict`:
    the producer may well know more about its inputs than their schema says.
    """
    undeclared = result.status_code not in tool.status_codes
    if trial.is_sample and undeclared and result.status_code in CLIENT_ERRORS and not strict:
        return CheckOutcome.NOT_EXERCISED, ()
    found = _violations(tool, trial, result)
    return (CheckOutcome.FAILED if has_error(found) else CheckOutcome.PASSED), found


def _violations(tool: ToolContract, trial: Trial, result: Result) -> tuple[Violation, ...]:
    if trial.expected_status not in {None, result.status_code}:
        return (_other_status(trial, result),)
    found = validate_response(tool, result.status_code, result.body)
    if found and result.fault and result.status_code in tool.status_codes:
        return (_not_json(result, result.fault),)
    return found


def _other_status(trial: Trial, result: Result) -> Violation:
    expected, actual = str(trial.expected_status), result.status_code
    return Violation(
        field="status_code",
        expected=expected,
        actual=actual,
        severity=Severity.ERROR,
        message=f"the example expects status {expected}, the answer has {actual}",
        path="",
        rule="status_code",
    )


def _not_json(result: Result, fault: str) -> Violation:
    return Violation(
        field="body",
        expected="a JSON body",
        actual=shortened(result.body),
        severity=Severity.ERROR,
        message=f"the body cannot be read as JSON: {fault}",
        path="",
        rule="media_type",
    )


def no_answer(reason: str) -> Violation:
    """Give the violation of a call that was not answered."""
    return Violation(
        field="status_code",
        expected="an answer",
        actual=None,
        severity=Severity.ERROR,
        message=f"no answer: {reason}",
        path="",
        rule="no_answer",
    )
