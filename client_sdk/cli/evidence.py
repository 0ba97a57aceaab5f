"""`tally evidence`: publish what a test run found about a version, and list it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from client_sdk.cli.answer import Answer, Note, Table
from client_sdk.cli.files import read_document
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.cli.text import short_digest, short_time
from client_sdk.contract.canonical import digest_of
from client_sdk.contract.document import JsonObject, parse_untrusted
from client_sdk.contract.errors import DocumentInvalid
from client_sdk.exchange.evidence import Outcome

_RECORD = ("kind", "verdict", "participant", "version", "payload", "digest")
_ENVIRONMENT = ParameterSource.ENVIRONMENT
_LEVELS = {"info": "note", "warning": "warning", "error": "error"}


@click.group("evidence")
def evidence() -> None:
    """What test runs found about versions."""


@evidence.command("publish")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--participant", "-p", help="Who it is about.")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="Its version.")
@click.option("--kind", "-k", help="benchmark, chaos, … or a name of your own.")
@click.option("--verdict", type=click.Choice([each.value for each in Outcome]), help="The result.")
@broker_options
@output_options
def publish(
    file: Path,
    participant: str | None,
    version: str | None,
    kind: str | None,
    verdict: str | None,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Publish FILE: a record that a tool wrote, or any JSON object as the payload of one.

    A record has a `payload` beside kind, verdict, participant and version; options replace what
    it says. Any other object is the payload, and the options say the rest. The version of the
    build at hand (TALLY_VERSION, GITHUB_SHA, CI_COMMIT_SHA) counts only where nothing else does.
    """
    given = {"kind": kind, "verdict": verdict, "participant": participant, "version": version}
    options = {name: text for name, text in given.items() if text is not None}
    source = click.get_current_context().get_parameter_source("version")
    at_hand = {"version": options.pop("version")} if source is _ENVIRONMENT else {}
    record = _record(file, options, at_hand=at_hand)
    published = broker_client(broker_url, token, token_file).publish_evidence(record)
    say(_published(published), output, output_file)


@evidence.command("list")
@click.option("--participant", "-p", help="Only about this participant.")
@click.option("--version", "-v", help="Only about this version.")
@click.option("--kind", "-k", help="Only of this kind.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Rows at most."
)
@broker_options
@output_options
def list_evidence(
    participant: str | None,
    version: str | None,
    kind: str | None,
    limit: int,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Evidence, newest first."""
    filters = {"participant": participant, "version": version, "kind": kind}
    query = [(name, text) for name, text in filters.items() if text is not None]
    rows = broker_client(broker_url, token, token_file).evidence(query, limit=limit)
    say(Answer({"items": list(rows)}, tables=(_table(rows),)), output, output_file)


def _record(file: Path, given: dict[str, str], *, at_hand: dict[str, str]) -> JsonObject:
    document = parse_untrusted(read_document(file))
    if not isinstance(document, dict):
        raise click.UsageError(f"{file} holds no JSON object: evidence is one")
    record: JsonObject = document if "payload" in document else {"payload": document}
    _check_members(file, record)
    if any(record.get(name) != text for name, text in given.items()):
        record = {**record, **given}
        record.pop("digest", None)
    record = {**at_hand, **record}
    missing = [name for name in _RECORD[:4] if name not in record]
    if missing:
        options = ", ".join(f"--{name}" for name in missing)
        raise click.UsageError(f"{file} does not say its {', '.join(missing)}: give {options}")
    record.setdefault("digest", digest_of(record))
    return record


def _check_members(file: Path, record: JsonObject) -> None:
    unknown = sorted(record.keys() - set(_RECORD))
    if unknown:
        raise DocumentInvalid(
            f"{file} has a payload and {', '.join(unknown)}: a record has only {', '.join(_RECORD)}"
        )


def _published(answer: Any) -> Answer:  # noqa: ANN401 - the broker's JSON
    row = answer["evidence"]
    about = f"{row['kind']} evidence {row['id']} ({row['verdict']})"
    about += f" about {row['participant']}@{row['version']}"
    notices = answer["notices"]
    return Answer(
        data=answer,
        headline=f"published {about}" if answer["created"] else f"known already: {about}",
        notes=tuple(
            Note(_LEVELS.get(each["level"], "note"), "evidence", each["text"]) for each in notices
        ),
        tail=tuple(f"- {each['text']}" for each in notices),
    )


def _table(rows: Any) -> Table:  # noqa: ANN401 - the broker's JSON
    return Table(
        columns=("id", "kind", "verdict", "participant", "version", "digest", "published"),
        rows=tuple(_row(row) for row in rows),
        empty="no evidence: `tally evidence publish FILE --kind KIND --verdict VERDICT`",
    )


def _row(row: Any) -> tuple[str, ...]:  # noqa: ANN401 - the broker's JSON
    return (
        str(row["id"]),
        row["kind"],
        row["verdict"],
        row["participant"],
        row["version"],
        short_digest(row["digest"]),
        short_time(row["created_at"]),
    )
