"""The commands of `tally cassettes` that change files: scrub, prune, refresh."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.cassette_answers import diff_answer
from client_sdk.cli.cassette_files import Tape, cassette_files, load_tapes
from client_sdk.cli.exits import Exit
from client_sdk.cli.options import output_options, say
from client_sdk.cli.text import counted
from client_sdk.exchange import Scrubber
from client_sdk.harness import AgentTestHarness, Cassette, CassetteDiff, Mode
from client_sdk.harness.files import text_of
from client_sdk.harness.hygiene import secrets_left
from client_sdk.harness.live import MAPPINGS
from client_sdk.harness.refreshing import make_again

FOLDER = Path("tests/cassettes")
_dry_run = click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")


@click.command("scrub")
@click.argument("places", nargs=-1, type=click.Path(path_type=Path))
@_dry_run
@output_options
def scrub(places: tuple[Path, ...], dry_run: bool, output: str, output_file: Path | None) -> int:
    """Take credentials out of recordings, and write them in the current format.

    With --dry-run exits 1 when something would change.
    """
    rows = []
    for file in cassette_files(places or (FOLDER,)):
        leaks = secrets_left(Cassette.load(file).document())
        before = file.read_text(encoding="utf-8")
        changed = _scrubbed_text(file) != before
        if changed and not dry_run:
            Cassette.upgrade(file)
        if changed:
            rows.append((str(file), ", ".join(leaks) or "format only"))
    verb = "would change" if dry_run else "changed"
    answer = Answer(
        data={"changed": [{"file": file, "places": places} for file, places in rows]},
        headline=f"{counted(len(rows), 'cassette')} {verb}",
        tables=(Table(("file", "secrets at"), tuple(rows), empty="nothing to do"),),
    )
    say(answer, output, output_file)
    return Exit.FAILED if rows and dry_run else Exit.OK


@click.command("prune")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--used",
    "lists",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the name or path of each cassette that tests used, one a line; repeatable.",
)
@_dry_run
@output_options
def prune(
    folder: Path, lists: tuple[Path, ...], dry_run: bool, output: str, output_file: Path | None
) -> int:
    """Delete the cassettes of FOLDER that no test uses.

    An empty list deletes nothing: a test run that used no cassette is no reason to delete all.
    With --dry-run exits 1 when something would be deleted.
    """
    used = {
        line.strip()
        for file in lists
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    }
    if not used:
        raise click.UsageError("--used names no cassette: nothing is deleted")
    tapes = load_tapes((folder,))
    orphans = [tape for tape in tapes if not used & _names_of(tape)]
    if not dry_run:
        for tape in orphans:
            tape.file.unlink()
    verb = "would be deleted" if dry_run else "deleted"
    answer = Answer(
        data={"deleted": [str(tape.file) for tape in orphans], "dry_run": dry_run},
        headline=f"{counted(len(orphans), 'cassette')} of {len(tapes)} {verb}",
        tables=(Table(("file",), tuple((str(tape.file),) for tape in orphans), empty="none"),),
    )
    say(answer, output, output_file)
    return Exit.FAILED if orphans and dry_run else Exit.OK


@click.command("refresh")
@click.argument("places", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base-url", required=True, help="Where the calls are made again.")
@click.option("--key", envvar="GREENHELIX_API_KEY", help="Bearer key [GREENHELIX_API_KEY].")
@click.option(
    "--mapping", type=click.Choice([*MAPPINGS]), default="tool-in-body", show_default=True,
    help="Where the tool's name stands.",
)  # fmt: skip
@click.option("--trusted-host", "trusted", multiple=True, help="May be recorded all the same.")
@_dry_run
@output_options
def refresh(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Make every recorded call again and write the new answers; says what changed.

    Ids that come out differently are used in the calls that follow. With --dry-run exits 1 when
    something would change.
    """
    tapes = load_tapes(given["places"] or (FOLDER,))
    found = [(tape, _refreshed(tape, given)) for tape in tapes]
    answers = [diff_answer(str(tape.file), diff) for tape, diff in found]
    changed = sum(not diff.is_empty for _, diff in found)
    answer = Answer(
        data={"cassettes": [{"file": str(tape.file), **diff.to_json()} for tape, diff in found]},
        headline=f"{counted(changed, 'cassette')} of {len(tapes)} changed",
        tables=tuple(table for each in answers for table in each.tables),
        notes=tuple(note for each in answers for note in each.notes),
        cases=tuple(case for each in answers for case in each.cases),
    )
    say(answer, given["output"], given["output_file"])
    return Exit.FAILED if changed and given["dry_run"] else Exit.OK


def _names_of(tape: Tape) -> set[str]:
    file = tape.file
    return {file.stem, tape.cassette.name, str(file), str(file.resolve())}


def _refreshed(tape: Tape, given: dict[str, Any]) -> CassetteDiff:
    """Record in a folder aside, and put the file back whole when that is wanted."""
    with tempfile.TemporaryDirectory() as aside:
        harness = AgentTestHarness(
            given["key"],
            str(tape.cassette.metadata.get("agent_id", "test-qa-agent")),
            given["base_url"],
            aside,
            Mode.RECORD,
            mapping=given["mapping"],
            trusted_hosts=given["trusted"],
        )
        with harness, harness.cassette(tape.file.stem):
            make_again(tape.cassette, harness)
        fresh = Cassette.load(Path(aside) / tape.file.name)
    changed = tape.cassette.diff(fresh)
    if not given["dry_run"]:
        Cassette(tape.cassette.name, fresh.entries, fresh.metadata).save(tape.file)
    return changed


def _scrubbed_text(file: Path) -> str:
    return text_of(Cassette.load(file).scrubbed(Scrubber()).document())
