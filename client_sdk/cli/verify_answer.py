"""How a verification is shown: a line per tool, then every violation with what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from client_sdk.cli.answer import Answer, Case, Note, Table
from client_sdk.cli.text import short_digest, shortened
from client_sdk.contract.document import dumps
from client_sdk.contract.values import JsonObject
from client_sdk.verify import (
    Check,
    CheckOutcome,
    ContractRun,
    ToolOutcome,
    ToolRun,
    VerificationRun,
)

_MARKS = {
    ToolOutcome.PASSED: "✓ passed",
    ToolOutcome.FAILED: "✗ failed",
    ToolOutcome.NOT_TESTED: "○ not tested",
}
_NOTHING = (
    "nothing to verify: no consumer contract asks for this producer "
    "(publish one with `tally publish --branch main`, or check --producer, --consumer and "
    "--environment)"
)
_NOTHING_SENT = "it has no example, and no input was sampled"


def answer_of(run: VerificationRun, producer: str, notes: tuple[str, ...]) -> Answer:
    """Everything a run has to say; a run of nothing says how to get something."""
    tools = [(each, tool) for each in run.contracts for tool in each.tools]
    return Answer(
        data=_data(run),
        headline=f"{_MARKS[run.outcome]} – {producer}" if run.contracts else f"○ {_NOTHING}",
        tables=tuple(_tables(tools)),
        notes=tuple(_notes(tools)),
        cases=tuple(_cases(tools)),
        tail=(*_left_out(tools), *_pending(run), *notes),
    )


def _tables(tools: list[tuple[ContractRun, ToolRun]]) -> Iterator[Table]:
    if not tools:
        return
    yield Table(
        columns=("", "consumer", "content", "tool", "checks", "coverage", ""),
        rows=tuple(_tool_row(each, tool) for each, tool in tools),
    )
    rows = tuple(row for each, tool in tools for row in _violation_rows(each, tool))
    if rows:
        columns = ("consumer", "tool", "check", "pointer", "expected", "actual", "again with")
        below = ("expected", "actual", "again with")
        yield Table(columns, rows, title="What was not as the consumer expects", below=below)


def _tool_row(each: ContractRun, tool: ToolRun) -> tuple[str, ...]:
    return (
        _MARKS[tool.outcome],
        each.contract.consumer,
        short_digest(each.contract.digest),
        tool.tool_name,
        str(len(tool.judged)),
        tool.coverage.value,
        "pending" if each.pending else "",
    )


def _left_out(tools: list[tuple[ContractRun, ToolRun]]) -> Iterator[str]:
    for each, tool in tools:
        notes = tool.notes if tool.checks else (_NOTHING_SENT,)
        for note in notes:
            yield f"- {each.contract.consumer}, {tool.tool_name}: {note}"


def _violation_rows(each: ContractRun, tool: ToolRun) -> Iterator[tuple[str, ...]]:
    for check in tool.checks:
        for violation in check.violations:
            yield (
                each.contract.consumer,
                tool.tool_name,
                check.label,
                violation.path or ("/" if violation.field == "body" else violation.field or "/"),
                violation.expected,
                shortened(dumps(violation.actual), 200),
                check.curl,
            )


def _notes(tools: list[tuple[ContractRun, ToolRun]]) -> Iterator[Note]:
    for each, tool in tools:
        for violation in tool.violations:
            level = "warning" if each.pending else violation.severity.value
            shown = "note" if level == "info" else level
            pointer = f"/{tool.tool_name}{violation.path}"
            message = f"{each.contract.consumer}, {tool.tool_name}: {violation.message}"
            yield Note(shown, violation.rule, message, None, pointer)


def _cases(tools: list[tuple[ContractRun, ToolRun]]) -> Iterator[Case]:
    if not tools:
        yield Case("nothing was verified", "verify", skipped=_NOTHING)
    for each, tool in tools:
        group = f"{each.contract.consumer} {tool.tool_name}"
        for check in tool.checks:
            yield _case(check, group, pending=each.pending)
        if not tool.checks:
            yield Case("nothing was sent", group, skipped=_NOTHING_SENT)


def _case(check: Check, group: str, *, pending: bool) -> Case:
    if check.outcome is CheckOutcome.PASSED:
        return Case(check.label, group)
    said = "\n".join(violation.message for violation in check.violations) or check.note or ""
    if check.outcome is CheckOutcome.FAILED and not pending:
        return Case(check.label, group, failure=f"{said}\n{check.curl}")
    return Case(check.label, group, skipped=said or check.outcome.value)


def _pending(run: VerificationRun) -> Iterator[str]:
    for each in run.contracts:
        if each.pending and each.outcome is ToolOutcome.FAILED:
            yield (
                f"{each.contract.consumer} {short_digest(each.contract.digest)} is pending: "
                "its failure is recorded and does not fail this build; "
                "it stops being pending once a build on this branch or the main branch passes it"
            )


def _data(run: VerificationRun) -> JsonObject:
    return {
        "outcome": run.outcome.value,
        "contracts": [_contract(each, run) for each in run.contracts],
    }


def _contract(each: ContractRun, run: VerificationRun) -> JsonObject:
    return {
        "consumer": each.contract.consumer,
        "contract_digest": each.contract.digest,
        "pending": each.pending,
        "outcome": each.outcome.value,
        "tools": list(run.tools_for(each.contract)),
        "checks": [_check(tool, check) for tool in each.tools for check in tool.checks],
    }


def _check(tool: ToolRun, check: Check) -> JsonObject:
    return {
        "tool_name": tool.tool_name,
        "label": check.label,
        "outcome": check.outcome.value,
        "status_code": check.status_code,
        "curl": check.curl,
        "note": check.note,
    }
