"""`tally contains`: is every value of one JSON Schema a value of another?"""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import click

from client_sdk.cli.answer import Answer, Note
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import read_document
from client_sdk.cli.options import output_options, say
from client_sdk.contract.compat import Proved, Refuted, Undecided, Verdict, is_contained
from client_sdk.contract.dialect import DEFAULT_DIALECT, Dialect, dialect_from_uri
from client_sdk.contract.document import JsonObject, JsonValue, dumps, parse_untrusted
from client_sdk.contract.errors import DocumentInvalid, Severity
from client_sdk.contract.schema_gate import check_user_schema


@click.command("contains")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option(
    "--dialect",
    type=click.Choice([each.value for each in Dialect]),
    help="For schemas that do not say theirs in $schema.",
)
@output_options
def contains(a: Path, b: Path, dialect: str | None, output: str, output_file: Path | None) -> int:
    """Decide whether every JSON value valid under schema A is also valid under schema B.

    Exits 0 when that is proved, 1 when a value shows that it is not, 3 when it is undecided.
    """
    verdict = is_contained(_schema(a, dialect), _schema(b, dialect), dialect=dialect)
    answer, code = _answer(verdict, str(b))
    say(answer, output, output_file)
    return code


def _schema(file: Path, dialect: str | None) -> JsonValue:
    """The schema in a file, refused with all its faults when it does not pass the gate."""
    schema = parse_untrusted(read_document(file))
    own = schema.get("$schema") if isinstance(schema, dict) else None
    named = own if isinstance(own, str) else dialect
    known = DEFAULT_DIALECT if named is None else dialect_from_uri(named)
    faults = [
        fault
        for fault in check_user_schema(schema, known or DEFAULT_DIALECT)
        if fault.severity is Severity.ERROR
    ]
    if faults:
        raise DocumentInvalid(f"{file} is not a schema that can be compared", faults)
    return schema


def _answer(verdict: Verdict, file: str) -> tuple[Answer, Exit]:
    match verdict:
        case Proved():
            return Answer({"verdict": "proved"}, "✓ proved: every value of A fits B"), Exit.OK
        case Refuted(witness=witness, path=path, keyword=keyword):
            data: JsonObject = {
                "verdict": "refuted",
                "witness": witness,
                "path": path,
                "keyword": keyword,
            }
            said = f"this fits A and not B (`{keyword}` at {path or '/'})"
            note = Note("error", "not-contained", f"{said}: {dumps(witness)}", file, path)
            answer = Answer(data, f"✗ refuted: {said}", notes=(note,), tail=(dumps(witness),))
            return answer, Exit.FAILED
        case Undecided(reason=reason, path=path):
            data = {"verdict": "undecided", "reason": str(reason), "path": path}
            note = Note("warning", "undecided", f"undecided: {reason}", file, path)
            text = f"? undecided: {reason} at {path or '/'}"
            return Answer(data, text, notes=(note,)), Exit.INCONCLUSIVE
    assert_never(verdict)
