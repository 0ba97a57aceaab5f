"""`tally publish`: send contract files to the broker, all of a version in one transaction."""

from pathlib import Path
from typing import Any

import click

from client_sdk.broker_client import BrokerClient, Query
from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import contract_and_bytes, contract_files
from client_sdk.cli.kinds import TEXT
from client_sdk.cli.options import (
    BRANCH_VARIABLES,
    BUILD_VARIABLES,
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.cli.reports import findings_notes, findings_table, headline
from client_sdk.cli.text import short_digest
from client_sdk.contract.evolve import Mode
from client_sdk.contract.model import Contract


@click.command("publish")
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--version", type=TEXT, required=True, envvar=VERSION_VARIABLES, help="The consumer's version."
)
@click.option(
    "--branch", type=TEXT, envvar=BRANCH_VARIABLES, help="The branch this version stands on."
)
@click.option("--build-url", envvar=BUILD_VARIABLES, help="Where this build can be seen.")
@click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), help="Judge in this mode once."
)
@click.option("--merge", is_flag=True, help="Add tools to what this version already published.")
@click.option("--dry-run", is_flag=True, help="Compare and report; store nothing.")
@click.option("--fail-on-breaking", is_flag=True, help="Exit 1 when a report has an error.")
@broker_options
@output_options
def publish(
    places: tuple[Path, ...],
    version: str,
    branch: str | None,
    build_url: str | None,
    mode: str | None,
    merge: bool,
    dry_run: bool,
    fail_on_breaking: bool,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> int:
    """Publish contract files (or folders of *.contract.json) as one version of their consumer.

    A publication with breaking changes is recorded (exit 0), unless --fail-on-breaking is given or
    the integration rejects them (exit 5).
    """
    _check_options(merge=merge, dry_run=dry_run)
    read = {file: contract_and_bytes(file) for file in contract_files(places)}
    files = {file: contract for file, (contract, _) in read.items()}
    client = broker_client(broker_url, token, token_file)
    options = {"branch": branch, "build_url": build_url, "mode": mode}
    given = {name: value for name, value in options.items() if value is not None}
    query = [*given.items(), *([("dry_run", "true")] if dry_run else [])]
    if (len(files) == 1 and not merge) or dry_run:
        outcomes = [
            _publish_one(client, contract, version, body=body, query=query)
            for contract, body in read.values()
        ]
    else:
        outcomes = _publish_together(client, files, version, given, merge)
    kept = "dry run" if dry_run else "no" if merge else "no, same content"
    say(_answer(outcomes, [str(file) for file in files], kept), output, output_file)
    breaking = any(outcome["report"]["severity"] == "error" for outcome in outcomes)
    return Exit.FAILED if breaking and fail_on_breaking else Exit.OK


def _check_options(*, merge: bool, dry_run: bool) -> None:
    if merge and dry_run:
        raise click.UsageError(
            "--dry-run and --merge exclude each other: a dry run compares a file by itself"
        )


def _publish_one(
    client: BrokerClient, contract: Contract, version: str, *, body: bytes, query: Query
) -> Any:  # noqa: ANN401 - the broker's JSON
    return client.publish(contract.consumer, contract.producer, version, body=body, query=query)


def _publish_together(
    client: BrokerClient,
    files: dict[Path, Contract],
    version: str,
    given: dict[str, str],
    merge: bool,
) -> Any:  # noqa: ANN401 - the broker's JSON
    consumers = {contract.consumer for contract in files.values()}
    if len(consumers) != 1:
        raise click.UsageError(
            f"these files belong to several consumers ({', '.join(sorted(consumers))}): "
            "a version belongs to one, publish them apart"
        )
    if "mode" in given:
        raise click.UsageError("--mode goes with one file: the mode belongs to an integration")
    answer: Any = client.publish_all(
        {
            "participant": consumers.pop(),
            "version": version,
            **given,
            "contracts": [contract.document for contract in files.values()],
            **({"on_conflict": "merge"} if merge else {}),
        }
    )
    return answer["publications"]


def _answer(outcomes: Any, files: list[str], kept: str) -> Answer:  # noqa: ANN401 - the broker's JSON
    published = Table(
        columns=(
            "consumer",
            "version",
            "producer",
            "content",
            "created",
            "compared with",
            "result",
        ),
        rows=tuple(_row(outcome, kept) for outcome in outcomes),
    )
    reports = [outcome["report"] for outcome in outcomes]
    tables = [findings_table(report) for report in reports if report["findings"]]
    notes = [
        note
        for report, file in zip(reports, files, strict=True)
        for note in findings_notes(report, file)
    ]
    said = [
        f"{notice['level']}: {notice['text']}" for each in outcomes for notice in each["notices"]
    ]
    return Answer(
        data={"publications": list(outcomes)},
        tables=(published, *tables),
        notes=tuple(notes),
        tail=tuple(said),
    )


def _row(outcome: Any, kept: str) -> tuple[str, ...]:  # noqa: ANN401 - the broker's JSON
    publication, report = outcome["publication"], outcome["report"]
    against = report["against"]["version"] if report["against"] else "–"
    return (
        publication["consumer"],
        publication["version"],
        publication["producer"],
        short_digest(publication["digest"]),
        "yes" if outcome["created"] else kept,
        against,
        headline(report),
    )
