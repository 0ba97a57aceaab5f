"""How the fidelity of a mock is shown: a line per tool, then everything that was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from client_sdk.cli.answer import Answer, Case, Note, Table
from client_sdk.cli.text import short_digest
from client_sdk.exchange import Outcome
from client_sdk.mock.fidelity import FidelityCheck, FidelityReport

_MARKS = {
    Outcome.PASS: "✓ faithful",
    Outcome.FAIL: "✗ not faithful",
    Outcome.INCONCLUSIVE: "○ inconclusive",
    Outcome.ERROR: "○ error",
}


def answer_of(reports: Sequence[FidelityReport], notes: Sequence[str]) -> tuple[Answer, Outcome]:
    """Everything the reports say, and what they come to together."""
    outcome = _gravest(report.outcome for report in reports)
    answer = Answer(
        data={"outcome": str(outcome), "reports": [report.to_json() for report in reports]},
        headline=_MARKS[outcome],
        tables=tuple(_tables(reports)),
        notes=tuple(_notes(reports)),
        cases=tuple(_cases(reports)),
        tail=tuple(f"- {note}" for note in notes),
    )
    return answer, outcome


def _tables(reports: Sequence[FidelityReport]) -> Iterator[Table]:
    rows = tuple(row for report in reports for row in _tool_rows(report))
    yield Table(("", "against", "content", "tool", "checks"), rows)
    faults = tuple(
        (report.against, check.tool, check.label, said)
        for report in reports
        for check in report.checks
        for said in _said(check)
    )
    if faults:
        yield Table(("against", "tool", "check", "what"), faults, title="What was not shown")


def _tool_rows(report: FidelityReport) -> Iterator[tuple[str, ...]]:
    for tool in dict.fromkeys(check.tool for check in report.checks):
        checks = tuple(check for check in report.checks if check.tool == tool)
        alone = FidelityReport(report.against, report.digest, checks)
        yield (
            _MARKS[alone.outcome],
            report.against,
            short_digest(report.digest),
            tool,
            str(len(checks)),
        )


def _notes(reports: Sequence[FidelityReport]) -> Iterator[Note]:
    for report in reports:
        for check in report.checks:
            for fault in check.faults:
                message = f"{report.against}, {check.tool}, {check.label}: {fault}"
                yield Note("error", "mock-fidelity", message)


def _cases(reports: Sequence[FidelityReport]) -> Iterator[Case]:
    for report in reports:
        for check in report.checks:
            failure = "; ".join(check.faults) or None
            name = f"{check.tool}: {check.label}"
            yield Case(name, report.against, failure=failure, skipped=check.note)


def _said(check: FidelityCheck) -> tuple[str, ...]:
    return check.faults or ((check.note,) if check.note else ())


def _gravest(outcomes: Iterator[Outcome]) -> Outcome:
    found = set(outcomes)
    for outcome in (Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE):
        if outcome in found:
            return outcome
    return Outcome.PASS if found else Outcome.INCONCLUSIVE
