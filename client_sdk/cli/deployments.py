"""`tally record-deployment`, `record-undeployment` and `record-release`: what runs where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from client_sdk.cli.answer import Answer
from client_sdk.cli.kinds import TEXT
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.contract.document import JsonObject

_PARTICIPANT = click.option("--participant", "-p", type=TEXT, required=True, help="Who.")
_VERSION = click.option(
    "--version", "-v", type=TEXT, required=True, envvar=VERSION_VARIABLES, help="Its version."
)
_ENVIRONMENT = click.option("--environment", "-e", "--to", type=TEXT, required=True, help="Where.")
_INSTANCE = click.option("--instance", type=TEXT, help="Which of several running side by side.")


@click.command("record-deployment")
@_PARTICIPANT
@_VERSION
@_ENVIRONMENT
@_INSTANCE
@click.option(
    "--expect-as-of", type=int, help="Refuse when the decision read at this number no longer holds."
)
@broker_options
@output_options
def record_deployment(
    participant: str,
    version: str,
    environment: str,
    instance: str | None,
    expect_as_of: int | None,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Record that a version now runs in an environment; it replaces the one before."""
    request: JsonObject = {"participant": participant, "version": version}
    if instance is not None:
        request["instance"] = instance
    if expect_as_of is not None:
        request["expect_as_of"] = expect_as_of
    answer: Any = broker_client(broker_url, token, token_file).record_deployment(
        environment, request
    )
    text = f"{participant}@{version} is deployed to {environment}"
    say(Answer(answer, headline=text, tail=_notices(answer)), output, output_file)


@click.command("record-undeployment")
@_PARTICIPANT
@_ENVIRONMENT
@_INSTANCE
@click.option("--version", "-v", type=TEXT, help="Only this version.")
@broker_options
@output_options
def record_undeployment(
    participant: str,
    environment: str,
    instance: str | None,
    version: str | None,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Record that a participant no longer runs in an environment."""
    client = broker_client(broker_url, token, token_file)
    rows: Any = client.deployments(environment, [("participant", participant)])
    found = [
        row for row in rows if row["instance"] == instance and version in {None, row["version"]}
    ]
    if not found:
        which = f"{participant}@{version}" if version else participant
        raise click.UsageError(
            f"{which} is not deployed to {environment}; see `tally environments show {environment}`"
        )
    for row in found:
        client.end_deployment(environment, str(row["id"]))
    text = ", ".join(f"{row['participant']}@{row['version']}" for row in found)
    say(
        Answer({"ended": found}, headline=f"{text} no longer runs in {environment}"),
        output,
        output_file,
    )


@click.command("record-release")
@_PARTICIPANT
@_VERSION
@_ENVIRONMENT
@click.option("--end", is_flag=True, help="End the support of this version instead.")
@broker_options
@output_options
def record_release(
    participant: str,
    version: str,
    environment: str,
    end: bool,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Record that a version is supported in an environment, beside any others (or --end it)."""
    client = broker_client(broker_url, token, token_file)
    if not end:
        request: JsonObject = {"participant": participant, "version": version}
        answer: Any = client.record_release(environment, request)
        text = f"{participant}@{version} is released for {environment}"
        say(Answer(answer, headline=text, tail=_notices(answer)), output, output_file)
        return
    rows: Any = client.releases(environment, [("participant", participant)])
    found = [row for row in rows if row["version"] == version]
    if not found:
        raise click.UsageError(f"{participant}@{version} is not supported in {environment}")
    for row in found:
        client.end_release(environment, str(row["id"]))
    text = f"support of {participant}@{version} in {environment} ended"
    say(Answer({"ended": found}, headline=text), output, output_file)


def _notices(answer: Any) -> tuple[str, ...]:  # noqa: ANN401 - the broker's JSON
    return tuple(f"{notice['level']}: {notice['text']}" for notice in answer.get("notices", ()))
