"""`tally participants`: list, show, update and delete participants."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.options import broker_client, broker_options, output_options, say
from client_sdk.cli.text import is_terminal
from client_sdk.contract.document import JsonObject


@click.group("participants")
def participants() -> None:
    """Who calls and who answers."""


@participants.command("list")
@broker_options
@output_options
def list_participants(
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Every participant."""
    rows = broker_client(broker_url, token, token_file).participants()
    say(Answer({"items": list(rows)}, tables=(_table(rows),)), output, output_file)


@participants.command("show")
@click.argument("name")
@broker_options
@output_options
def show(
    name: str,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """One participant."""
    answer = broker_client(broker_url, token, token_file).participant(name)
    say(_one(answer), output, output_file)


@participants.command("update")
@click.argument("name")
@click.option("--main-branch", help="The branch `--to-main` looks at.")
@click.option("--display-name", help="Free text for people.")
@click.option("--repository-url", help="Where its code is.")
@broker_options
@output_options
def update(
    name: str,
    main_branch: str | None,
    display_name: str | None,
    repository_url: str | None,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Change what is known about a participant."""
    given = {
        "main_branch": main_branch,
        "display_name": display_name,
        "repository_url": repository_url,
    }
    changes: JsonObject = {key: value for key, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError(
            "nothing to change: give --main-branch, --display-name or --repository-url"
        )
    answer = broker_client(broker_url, token, token_file).update_participant(name, changes)
    say(_one(answer), output, output_file)


@participants.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@broker_options
def delete(
    name: str, yes: bool, broker_url: str | None, token: str | None, token_file: Path | None
) -> int:
    """Delete a participant with everything it published (refused while it is deployed)."""
    client = broker_client(broker_url, token, token_file)
    if not yes and not is_terminal(sys.stdin):
        raise click.UsageError(f"nobody is here to ask: --yes deletes {name} without asking")
    if not yes and not click.confirm(f"Delete {name} and all its versions, contracts and results?"):
        click.echo("nothing was deleted", err=True)
        return Exit.FAILED
    client.delete_participant(name)
    click.echo(f"{name} is deleted", err=True)
    return Exit.OK


def _one(answer: Any) -> Answer:  # noqa: ANN401 - the broker's JSON
    return Answer(answer, tables=(_table((answer["participant"],)),))


def _table(rows: Any) -> Table:  # noqa: ANN401 - the broker's JSON
    members = ("name", "display_name", "main_branch", "repository_url")
    return Table(
        columns=tuple(member.replace("_", " ") for member in members),
        rows=tuple(tuple(str(row.get(member) or "–") for member in members) for row in rows),
        empty="no participants yet: the first `tally publish` creates two",
    )
