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
@click.option(
    "--require-evidence", multiple=True, metavar="KIND", help="Demand it of versions; repeatable."
)
@broker_options
@output_options
def create(
    name: str,
    production: bool,
    display_name: str | None,
    require_evidence: tuple[str, ...],
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
    if require_evidence:
        request["required_evidence"] = list(require_evidence)
    row = broker_client(broker_url, token, token_file).create_environment(request)
    say(Answer(row, headline=f"environment {name} is created"), output, output_file)


@environments.command("update")
@click.argument("name")
@click.option("--production/--no-production", default=None, help="Whether real users are here.")
@click.option("--display-name", help="Free text for people.")
@click.option(
    "--require-evidence",
    multiple=True,
    metavar="KIND",
    help="Demand these kinds of versions, in place of those before; repeatable.",
)
@click.option("--require-no-evidence", is_flag=True, help="Demand none any more.")
@broker_options
@output_options
def update(
    name: str,
    production: bool | None,
    display_name: str | None,
    require_evidence: tuple[str, ...],
    require_no_evidence: bool,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """Change what is known about an environment, or what it demands."""
    if require_evidence and require_no_evidence:
        raise click.UsageError("--require-evidence and --require-no-evidence exclude each other")
    demanded = list(require_evidence) if require_evidence or require_no_evidence else None
    given: dict[str, Any] = {
        "production": production,
        "display_name": display_name,
        "required_evidence": demanded,
    }
    changes: JsonObject = {key: value for key, value in given.items() if value is not None}
    if not changes:
        raise click.UsageError(
            "nothing to change: give --production, --display-name, --require-evidence or "
            "--require-no-evidence"
        )
    row: Any = broker_client(broker_url, token, token_file).update_environment(name, changes)
    say(Answer(row, tables=(_table((row["environment"],)),)), output, output_file)


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
        columns=("name", "production", "display name", "requires"),
        rows=tuple(
            (
                row["name"],
                "yes" if row["production"] else "no",
                row.get("display_name") or "–",
                ", ".join(row.get("required_evidence", ())) or "–",
            )
            for row in rows
        ),
        empty="no environments yet: `tally environments create production --production`",
    )
