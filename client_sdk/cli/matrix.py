"""`tally matrix`: consumer versions against producer versions."""

from pathlib import Path

import click

from client_sdk.cli.answer import Answer
from client_sdk.cli.kinds import TEXT
from client_sdk.cli.options import broker_client, broker_options, output_options, say
from client_sdk.cli.rows import rows_table

_OUTCOMES = ("verified", "inferred", "fits", "failed", "unknown", "missing")


@click.command("matrix")
@click.option("--consumer", "-c", type=TEXT, help="Only this consumer.")
@click.option("--producer", "-p", type=TEXT, help="Only this producer.")
@click.option("--environment", "-e", type=TEXT, help="Only versions in this environment.")
@click.option("--branch", type=TEXT, help="Only versions on this branch.")
@click.option("--outcome", type=click.Choice(_OUTCOMES), help="Only rows with this outcome.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Rows at most."
)
@broker_options
@output_options
def matrix(
    consumer: str | None,
    producer: str | None,
    environment: str | None,
    branch: str | None,
    outcome: str | None,
    limit: int,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> None:
    """List what is known about pairs of versions, newest first."""
    filters = {
        "consumer": consumer,
        "producer": producer,
        "environment": environment,
        "branch": branch,
        "outcome": outcome,
    }
    query = [(name, value) for name, value in filters.items() if value is not None]
    rows = broker_client(broker_url, token, token_file).matrix(query, limit=limit)
    said = ", ".join(f"{name} {value}" for name, value in query)
    empty = (
        f"no rows for {said}" if said else "no rows yet: publish a contract with `tally publish`"
    )
    answer = Answer({"rows": list(rows)}, tables=(rows_table(rows, empty=empty),))
    say(answer, output, output_file)
