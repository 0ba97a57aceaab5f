"""`tally contains`: is every value of one JSON Schema a value of another?"""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import click

from client_sdk.cli.answer import Answer, Case, Note
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import read_json
from client_sdk.cli.options import output_options, say
from client_sdk.contract.compat import Proved, Refuted, Undecided, Verdict, is_contained
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.document import JsonObject, dumps


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

    Exits 0 when that is proved, 1 when a value shows that it is not, 3 when it is undecided, 2
    when A or B is no schema.
    """
    verdict = is_contained(read_json(a), read_json(b), dialect=dialect)
    answer, code = _answer(verdict, str(b))
    say(answer, output, output_file)
    return code


def _answer(verdict: Verdict, file: str) -> tuple[Answer, Exit]:
    match verdict:
        case Proved():
            text = "✓ proved: every value of A fits B"
            return Answer({"verdict": "proved"}, text, cases=(Case("contained", file),)), Exit.OK
        case Refuted(witness=witness, path=path, keyword=keyword):
            data: JsonObject = {
                "verdict": "refuted",
                "witness": witness,
                "path": path,
                "keyword": keyword,
            }
            said = f"this fits A and not B (`{keyword}` at {path or '/'})"
            note = Note("error", "not-contained", f"{said}: {dumps(witness)}", file, path)
            case = Case("contained", file, failure=note.message)
            tail = (dumps(witness),)
            answer = Answer(data, f"✗ refuted: {said}", notes=(note,), cases=(case,), tail=tail)
            return answer, Exit.FAILED
        case Undecided(reason=reason, path=path):
            data = {"verdict": "undecided", "reason": str(reason), "path": path}
            note = Note("warning", "undecided", f"undecided: {reason}", file, path)
            text = f"? undecided: {reason} at {path or '/'}"
            case = Case("contained", file, skipped=note.message)
            return Answer(data, text, notes=(note,), cases=(case,)), Exit.INCONCLUSIVE
    assert_never(verdict)
