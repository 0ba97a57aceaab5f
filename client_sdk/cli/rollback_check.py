"""`tally rollback-check`: does a deployment have to be taken back?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from client_sdk.canary import (
    Decision,
    FileStore,
    Limits,
    Snapshot,
    Verdict,
    check_rollback_criteria,
    take_snapshot,
)
from client_sdk.canary.asking import exact
from client_sdk.canary.criteria import snapshot_from_json
from client_sdk.cli.answer import Answer, Case, Note, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.options import output_options, say
from client_sdk.exchange.budget import SANDBOX_URL

KEY_VARIABLES = ["GREENHELIX_PROD_KEY", "GREENHELIX_STAGING_KEY", "GREENHELIX_API_KEY"]
_MARKS = {Decision.OK: "✓", Decision.ROLLBACK: "✗", Decision.UNKNOWN: "○"}
_HEADLINES = {
    Decision.OK: "✓ nothing asks for a rollback",
    Decision.ROLLBACK: "✗ roll back",
    Decision.UNKNOWN: "○ unknown: look before you go on",
}


def _amount(_: click.Context, option: click.Parameter, text: str) -> Decimal:
    """An exact decimal from zero; raises click.BadParameter for anything else."""
    amount = exact(text)
    if amount is None or amount < 0:
        raise click.BadParameter(f"{text!r} is no decimal number from zero", param=option)
    return amount


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("rollback-check")
@click.option("--base-url", default=SANDBOX_URL, show_default=True, help="Where the gateway is.")
@click.option("--agent-id", required=True, envvar="AGENT_ID", help="Who was deployed.")
@click.option("--api-key", envvar=KEY_VARIABLES, default="", help="Lets the caller in.")
@click.option("--snapshot", "snapshot_file", type=_FILE, help="How it stood before, from a file.")
@click.option("--take-snapshot", "taken_file", type=_FILE, help="Write that file, judge nothing.")
@click.option(
    "--least-trust",
    callback=_amount,
    default="0.5",
    show_default=True,
    help="Without a snapshot, or crossed since.",
)
@click.option(
    "--most-trust-lost",
    callback=_amount,
    default="0.1",
    show_default=True,
    help="Since the snapshot.",
)
@click.option(
    "--highest-error-rate",
    callback=_amount,
    default="0.05",
    show_default=True,
    help="Errors among requests.",
)
@click.option(
    "--least-balance",
    callback=_amount,
    default="10.00",
    show_default=True,
    help="Without a snapshot, or crossed since.",
)
@click.option(
    "--most-balance-lost",
    callback=_amount,
    default="10.00",
    show_default=True,
    help="Since the snapshot.",
)
@click.option(
    "--window-seconds",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help="Without a snapshot.",
)
@click.option(
    "--least-requests",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Below it errors are unknown.",
)
@output_options
def rollback_check(**given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Look at identity, trust, errors and balance of an agent that was just deployed.

    With --snapshot, falls count since the snapshot, and errors from then on. Exits 0 when nothing
    asks for a rollback, 1 when something does, 3 when that is not known, 4 when nothing answers.
    """
    who = (given["api_key"], given["agent_id"], given["base_url"])
    if given["taken_file"] is not None:
        return _taken(take_snapshot(*who), given["taken_file"])
    names = Limits.__dataclass_fields__
    verdict = check_rollback_criteria(
        *who,
        snapshot=_snapshot(given["snapshot_file"]),
        limits=Limits(**{name: given[name] for name in names}),
    )
    say(_answer(verdict, given["agent_id"]), given["output"], given["output_file"])
    return Exit(verdict.exit_code)


def _taken(snapshot: Snapshot, file: Path) -> int:
    """Write the snapshot; one that holds nothing would compare with nothing."""
    if snapshot.trust is None and snapshot.balance is None:
        click.echo("tally: the gateway says nothing about this agent: no snapshot", err=True)
        return Exit.INCONCLUSIVE
    FileStore(file).save(snapshot.to_json())
    click.echo(f"wrote {file}")
    return Exit.OK


def _snapshot(file: Path | None) -> Snapshot | None:
    if file is None:
        return None
    saved = FileStore(file).load()
    if saved is None:
        raise click.UsageError(f"{file} does not exist: write it with --take-snapshot")
    return snapshot_from_json(saved)


def _answer(verdict: Verdict, agent_id: str) -> Answer:
    rows = tuple(
        (f"{_MARKS[each.decision]} {each.decision}", each.name, each.reason)
        for each in verdict.criteria
    )
    data = {
        "agent_id": agent_id,
        "decision": str(verdict.decision),
        "unreachable": verdict.is_unreachable,
        "criteria": [
            {"name": each.name, "decision": str(each.decision), "reason": each.reason}
            for each in verdict.criteria
        ],
    }
    return Answer(
        data=data,
        headline=f"{_HEADLINES[verdict.decision]} – {agent_id}",
        tables=(Table(("", "criterion", "reason"), rows),),
        notes=tuple(
            Note("error", f"rollback-{each.name}", each.reason)
            for each in verdict.criteria
            if each.decision is not Decision.OK
        ),
        cases=tuple(
            Case(
                each.name,
                agent_id,
                failure=None if each.decision is Decision.OK else each.reason,
            )
            for each in verdict.criteria
        ),
    )
