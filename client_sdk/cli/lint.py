"""`tally lint`: what is wrong or doubtful in contract files, all at once."""

from __future__ import annotations

from pathlib import Path

import click

from client_sdk.cli.answer import Answer, Case, Note, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import contract_files, read_document
from client_sdk.cli.options import output_options, say
from client_sdk.cli.text import counted
from client_sdk.contract.document import JsonValue, parse_untrusted
from client_sdk.contract.errors import ContractError, Fault, Severity
from client_sdk.contract.lint import lint

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


@click.command("lint")
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="A warning fails too.")
@output_options
def lint_files(
    places: tuple[Path, ...], strict: bool, output: str, output_file: Path | None
) -> int:
    """Check contract files (or folders of *.contract.json) without a broker.

    Exits 0 when there is nothing to fix, 1 when there is, 2 when a file is not strict JSON.
    """
    unreadable: set[Path] = set()
    found = {file: _faults(file, unreadable) for file in contract_files(places)}
    say(_answer(found), output, output_file)
    if unreadable:
        return Exit.USAGE
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    bad = any(fault.severity in grave for faults in found.values() for fault in faults)
    return Exit.FAILED if bad else Exit.OK


def _faults(file: Path, unreadable: set[Path]) -> tuple[Fault, ...]:
    """What is wrong with a file; one that is no strict JSON joins the `unreadable`."""
    try:
        return lint(parse_untrusted(read_document(file)))
    except ContractError as error:
        unreadable.add(file)
        return error.faults or (Fault(error.code, "", str(error)),)


def _answer(found: dict[Path, tuple[Fault, ...]]) -> Answer:
    rows = [(file, fault) for file, faults in found.items() for fault in faults]
    errors = sum(fault.severity is Severity.ERROR for _, fault in rows)
    return Answer(
        data={"files": [_file_json(file, faults) for file, faults in found.items()]},
        headline=", ".join(
            (
                counted(len(found), "file"),
                counted(errors, "error"),
                counted(len(rows) - errors, "other finding"),
            )
        ),
        tables=(_table(rows),) if rows else (),
        notes=tuple(_note(file, fault) for file, fault in rows),
        cases=tuple(_case(file, faults) for file, faults in found.items()),
    )


def _file_json(file: Path, faults: tuple[Fault, ...]) -> JsonValue:
    return {
        "file": str(file),
        "faults": [
            {
                "code": fault.code,
                "severity": fault.severity.value,
                "pointer": fault.pointer,
                "message": fault.message,
            }
            for fault in faults
        ],
    }


def _table(rows: list[tuple[Path, Fault]]) -> Table:
    return Table(
        columns=("severity", "file", "pointer", "message"),
        rows=tuple(
            (fault.severity.value, str(file), fault.pointer or "/", fault.message)
            for file, fault in rows
        ),
    )


def _note(file: Path, fault: Fault) -> Note:
    return Note(_LEVEL[fault.severity], fault.code, fault.message, str(file), fault.pointer)


def _case(file: Path, faults: tuple[Fault, ...]) -> Case:
    errors = [
        f"{each.pointer or '/'}: {each.message}"
        for each in faults
        if each.severity is Severity.ERROR
    ]
    return Case(name="lint", group=str(file), failure="\n".join(errors) or None)
