"""`tally rules`: the compatibility rules, from the table that drives the checks."""

from pathlib import Path

import click

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.options import output_options, say
from client_sdk.contract.compat.rules import RULES


@click.command("rules")
@output_options
def rules(output: str, output_file: Path | None) -> None:
    """List every compatibility rule: what it looks for, whom it can hurt, how grave it is."""
    rows = tuple(
        (
            rule.id,
            str(rule.side),
            ", ".join(sorted(rule.hurts)) or "–",
            rule.severity.value,
            rule.purpose,
        )
        for rule in RULES
    )
    columns = ("id", "side", "hurts", "severity", "purpose")
    data = {"rules": [dict(zip(columns, row, strict=True)) for row in rows]}
    say(Answer(data=data, tables=(Table(columns, rows),)), output, output_file)
