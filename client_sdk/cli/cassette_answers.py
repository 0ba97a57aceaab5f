"""How cassettes are shown: what is in them, what changed, and what the contracts say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from client_sdk.cli.answer import Answer, Case, Note, Table
from client_sdk.cli.cassette_files import Tape
from client_sdk.cli.text import counted, short_time
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Outcome
from client_sdk.harness import CassetteCheck, CassetteDiff, ExchangeCheck
from client_sdk.harness.starting import recorded_at

_DAY = 86_400
_MARKS = {
    Outcome.PASS: "✓ passed",
    Outcome.FAIL: "✗ failed",
    Outcome.INCONCLUSIVE: "○ not judged",
    Outcome.ERROR: "✗ failed",
}


def list_answer(
    tapes: Sequence[Tape], now: float, max_age: float | None
) -> tuple[Answer, list[Tape]]:
    """What is recorded, and which cassettes are too old; one of unknown age is."""
    rows, expired = [], []
    for tape in tapes:
        row = _described(tape, now)
        age = row["age_seconds"]
        if max_age is not None and (not isinstance(age, int) or age > max_age):
            expired.append(tape)
            row["expired"] = True
        rows.append(row)
    old = f", {len(expired)} too old" if expired else ""
    answer = Answer(
        data={"cassettes": [*rows]},
        headline=counted(len(tapes), "cassette") + old,
        tables=(_list_table(rows),),
        notes=tuple(
            Note("error", "expired", "the recording is too old", str(tape.file)) for tape in expired
        ),
        cases=tuple(
            Case(str(tape.file), "age", "too old" if tape in expired else None) for tape in tapes
        ),
    )
    return answer, expired


def diff_answer(name: str, found: CassetteDiff) -> Answer:
    """What changed, a row per call."""
    rows = tuple(
        (change.kind, str(change.number), change.tool, "; ".join(change.details))
        for change in found.changes
    )
    return Answer(
        data=found.to_json(),
        headline=f"{name}: {counted(len(rows), 'change')}",
        tables=(Table(("", "entry", "tool", "what"), rows, empty="the same", below=("what",)),),
        notes=tuple(
            Note("warning", f"entry-{row[0]}", f"{row[2]}: {row[3]}", name) for row in rows
        ),
        cases=tuple(Case(f"{row[0]} {row[1]} {row[2]}", name, failure=row[3]) for row in rows),
    )


def checks_answer(
    tapes: Sequence[Tape], checks: Sequence[CassetteCheck], outcome: Outcome, tail: tuple[str, ...]
) -> Answer:
    """What the contracts say of every recorded exchange."""
    pairs = [
        (tape, check) for tape, each in zip(tapes, checks, strict=True) for check in each.checks
    ]
    return Answer(
        data={
            "outcome": outcome.value,
            "cassettes": [
                {"file": str(tape.file), "name": each.name, "outcome": each.outcome.value,
                 "checks": [_check_json(check) for check in each.checks]}
                for tape, each in zip(tapes, checks, strict=True)
            ],
        },
        headline=f"{_MARKS[outcome]} – {counted(len(tapes), 'cassette')}",
        tables=(_checks_table(pairs),),
        notes=tuple(_notes(pairs)),
        cases=tuple(_case(tape, check) for tape, check in pairs),
        tail=tail,
    )  # fmt: skip


def _described(tape: Tape, now: float) -> JsonObject:
    stamp = recorded_at(tape.cassette)
    moment = None if stamp is None else datetime.fromtimestamp(stamp, UTC).isoformat()
    return {
        "file": str(tape.file),
        "name": tape.cassette.name,
        "entries": len(tape.cassette.entries),
        "tools": [*sorted({entry.request_tool for entry in tape.cassette.entries})],
        "recorded_at": moment,
        "age_seconds": None if stamp is None else int(now - stamp),
        "expired": False,
    }


def _list_table(rows: Sequence[JsonObject]) -> Table:
    return Table(
        columns=("file", "calls", "tools", "recorded", "days", ""),
        rows=tuple(_list_row(row) for row in rows),
    )


def _list_row(row: JsonObject) -> tuple[str, ...]:
    tools, stamp, age = row["tools"], row["recorded_at"], row["age_seconds"]
    return (
        str(row["file"]),
        str(row["entries"]),
        ", ".join(map(str, tools)) if isinstance(tools, list) else "",
        short_time(stamp if isinstance(stamp, str) else None),
        str(age // _DAY) if isinstance(age, int) else "–",
        "✗ too old" if row["expired"] else "",
    )


def _checks_table(pairs: Sequence[tuple[Tape, ExchangeCheck]]) -> Table:
    return Table(
        columns=("", "file", "entry", "tool", "consumer", "what"),
        rows=tuple(
            (
                _MARKS[check.outcome],
                str(tape.file),
                str(check.number),
                check.tool,
                check.consumer or "–",
                "; ".join(check.sentences()),
            )
            for tape, check in pairs
        ),
        empty="nothing was recorded",
        below=("what",),
    )


def _notes(pairs: Sequence[tuple[Tape, ExchangeCheck]]) -> Iterator[Note]:
    for tape, check in pairs:
        place = f"/entries/{check.number - 1}"
        for violation in check.violations:
            level = "note" if violation.severity.value == "info" else violation.severity.value
            message = f"{check.consumer}, {check.tool}: {violation.message}"
            yield Note(level, violation.rule, message, str(tape.file), place)
        if check.note:
            yield Note("warning", "not-judged", check.note, str(tape.file), place)


def _case(tape: Tape, check: ExchangeCheck) -> Case:
    name = f"entry {check.number} {check.tool} {check.consumer}".strip()
    said = "; ".join(check.sentences())
    if check.outcome is Outcome.INCONCLUSIVE:
        return Case(name, str(tape.file), skipped=said)
    return Case(name, str(tape.file), failure=said if check.outcome is Outcome.FAIL else None)


def _check_json(check: ExchangeCheck) -> JsonObject:
    return {
        "entry": check.number,
        "tool": check.tool,
        "consumer": check.consumer,
        "producer": check.producer,
        "outcome": check.outcome.value,
        "violations": [
            {"path": each.path, "rule": each.rule, "severity": each.severity.value,
             "message": each.message}
            for each in check.violations
        ],
        "note": check.note,
    }  # fmt: skip
