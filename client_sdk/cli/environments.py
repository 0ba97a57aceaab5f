"""`tally environments`: create, list and look into environments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.options import broker_client, broker_options, output_options, say
from client_sdk.cli.text import short_time
from client_sdk.contract.document import JsonObject


@click.group("environments")
def environments() -> None:
    """Where versions run."""


@environments.command("list")
@broker_options
@output_options
def list_environments(
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Every environment."""
    rows = broker_client(broker_url, token, token_file).environments()
    say(Answer({"items": list(rows)}, tables=(_table(rows),)), output, output_file)


@environments.command("create")
@click.argument("name")
@click.option("--production", is_flag=True, help="Real users are here.")
@click.option("--display-name", help="Free text for people.")
@broker_options
@output_options
def create(
    name: str,
    production: bool,
    display_name: str | None,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Create an environment."""
    request: JsonObject = {"name": name, "production": production}
    if display_name is not None:
        request["display_name"] = display_name
    row = broker_client(broker_url, token, token_file).create_environment(request)
    say(Answer(row, headline=f"environment {name} is created"), output, output_file)


@environments.command("show")
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
    """What runs and what is supported in an environment now."""
    client = broker_client(broker_url, token, token_file)
    deployed: Any = client.deployments(name)
    released: Any = client.releases(name)
    rows = [_row("deployed", row, row["deployed_at"]) for row in deployed]
    rows += [_row("released", row, row["released_at"]) for row in released]
    columns = ("participant", "version", "how", "instance", "since")
    shown = Table(columns, tuple(rows), empty=f"nothing is recorded in {name} yet")
    data = {"deployments": list(deployed), "releases": list(released)}
    say(Answer(data, tables=(shown,)), output, output_file)


def _row(how: str, row: Any, since: str) -> tuple[str, ...]:  # noqa: ANN401 - the broker's JSON
    return row["participant"], row["version"], how, row.get("instance") or "–", short_time(since)


def _table(rows: Any) -> Table:  # noqa: ANN401 - the broker's JSON
    return Table(
        columns=("name", "production", "display name"),
        rows=tuple(
            (row["name"], "yes" if row["production"] else "no", row.get("display_name") or "–")
            for row in rows
        ),
        empty="no environments yet: `tally environments create production --production`",
    )
