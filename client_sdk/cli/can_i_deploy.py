"""`tally can-i-deploy`: the gate of a pipeline."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from client_sdk.broker_client import BrokerClient, Query
from client_sdk.cli.answer import Answer, Case, Note, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.kinds import SECONDS, TEXT
from client_sdk.cli.options import broker_client, broker_options, output_options, say
from client_sdk.cli.rows import rows_table, side
from client_sdk.cli.text import counted, is_terminal

_UNMET = ("evidence-missing", "evidence-failed", "evidence-inconclusive", "expectation-broken")
# Said of a pair that is good all the same.
_HARMLESS = ("expectation-unmeasured", "ignored")
_MARK = {"yes": "✓ YES", "no": "✗ NO", "unknown": "○ UNKNOWN"}


@click.command("can-i-deploy")
@click.option(
    "--participant",
    "-p",
    "participants",
    type=TEXT,
    multiple=True,
    required=True,
    help="Who; repeat in pairs.",
)
@click.option(
    "--version",
    "-v",
    "versions",
    type=TEXT,
    multiple=True,
    required=True,
    help="Its version; repeat in pairs.",
)
@click.option("--environment", "-e", "--to", "environment", type=TEXT, help="Where to.")
@click.option("--to-main", is_flag=True, help="Against the main branch of everyone.")
@click.option(
    "--ignore",
    type=TEXT,
    multiple=True,
    metavar="NAME[@VERSION]",
    help="Leave rows of this participant out.",
)
@click.option("--evidence", type=click.Choice(["tested"]), help="Accept only tests, no proofs.")
@click.option(
    "--retry-while-unknown", type=click.IntRange(min=0), default=0, help="Ask again so often."
)
@click.option("--retry-interval", type=SECONDS, default=10.0, help="Seconds between tries.")
@click.option("--dry-run", is_flag=True, help="Say the answer, exit 0.")
@broker_options
@output_options
def can_i_deploy(
    participants: tuple[str, ...],
    versions: tuple[str, ...],
    environment: str | None,
    to_main: bool,
    ignore: tuple[str, ...],
    evidence: str | None,
    retry_while_unknown: int,
    retry_interval: float,
    dry_run: bool,
    broker_url: str | None,
    token: str | None,
    token_file: Path | None,
    output: str,
    output_file: Path | None,
) -> int:
    """Decide whether versions may go to an environment, to everyone's main branch, or together.

    Exits 0 for yes, 1 for no and for unknown (nothing is deployable without evidence).
    """
    if len(participants) != len(versions):
        raise click.UsageError(
            "--participant and --version come in pairs: "
            f"{len(participants)} participants, {len(versions)} versions"
        )
    if environment and to_main:
        raise click.UsageError("--environment and --to-main exclude each other")
    query = [*_pairs(participants, versions), *(("ignore", each) for each in ignore)]
    query += [("environment", environment)] if environment else []
    query += [("to_main", "true")] if to_main else []
    query += [("evidence", evidence)] if evidence else []
    client = broker_client(broker_url, token, token_file)
    decision = _decided(client, query, retries=retry_while_unknown, interval=retry_interval)
    say(
        _answer(decision, _question(participants, versions, environment, to_main)),
        output,
        output_file,
    )
    return Exit.OK if dry_run or decision["decision"] == "yes" else Exit.FAILED


def _pairs(participants: tuple[str, ...], versions: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for participant, version in zip(participants, versions, strict=True):
        pairs += [("participant", participant), ("version", version)]
    return pairs


def _decided(client: BrokerClient, query: Query, *, retries: int, interval: float) -> Any:  # noqa: ANN401
    decision: Any = client.can_i_deploy(query)
    for left in range(retries, 0, -1):
        if decision["decision"] != "unknown":
            break
        if is_terminal(sys.stderr):
            tries = counted(left, "try")
            click.echo(f"unknown; asking again in {interval:g} s ({tries} left)", err=True)
        time.sleep(interval)
        decision = client.can_i_deploy(query)
    return decision


def _question(
    participants: tuple[str, ...], versions: tuple[str, ...], environment: str | None, to_main: bool
) -> str:
    who = ", ".join(
        f"{name}@{version}" for name, version in zip(participants, versions, strict=True)
    )
    if to_main:
        return f"{who} to everyone's main branch"
    return f"{who} to {environment}" if environment else f"{who} together"


def _answer(decision: Any, question: str) -> Answer:  # noqa: ANN401 - the broker's JSON
    reasons, rows, found = decision["reasons"], decision["rows"], decision.get("evidence", [])
    return Answer(
        data=decision,
        headline=f"{_MARK[decision['decision']]} – {question}",
        tables=(
            *((rows_table(rows),) if rows else ()),
            *((_evidence_table(found),) if found else ()),
        ),
        notes=tuple(_note(decision["decision"], reason) for reason in reasons),
        cases=_cases(decision, question),
        tail=tuple(_reason_line(reason) for reason in reasons),
    )


def _note(answer: str, reason: Any) -> Note:  # noqa: ANN401
    hint = f" – {reason['hint']}" if reason.get("hint") else ""
    return Note("note" if answer == "yes" else "error", reason["code"], reason["message"] + hint)


def _evidence_table(found: Any) -> Table:  # noqa: ANN401
    return Table(
        columns=("evidence", "verdict", "of", "id"),
        rows=tuple(
            (
                each["kind"],
                each["verdict"],
                f"{each['participant']}@{each['version']}",
                str(each["id"]),
            )
            for each in found
        ),
        title="Evidence looked at",
    )


def _cases(decision: Any, question: str) -> tuple[Case, ...]:  # noqa: ANN401
    """One per row and demand; a decision that is no yes never reads as a green report."""
    against = [each for each in decision["reasons"] if each["code"] not in _HARMLESS]
    cases = [_case(row, question, against) for row in decision["rows"]]
    cases += [
        Case(f"evidence: {reason['message']}", question, failure=reason["code"])
        for reason in decision["reasons"]
        if reason["code"] in _UNMET
    ]
    if decision["decision"] != "yes" and not any(case.failure for case in cases):
        said = "\n".join(reason["message"] for reason in decision["reasons"])
        cases.append(Case(question, "can-i-deploy", failure=said))
    return tuple(cases) or (Case(question, "can-i-deploy"),)


def _case(row: Any, question: str, reasons: Any) -> Case:  # noqa: ANN401
    name = f"{side(row['consumer'])} with {side(row['producer'])}"
    if row["ignored"]:
        return Case(name, question, skipped="ignored")
    good = row["outcome"] in {"verified", "inferred", "fits"}
    sides = row["consumer"], row["producer"]
    said = [each for each in reasons if (each.get("consumer"), each.get("producer")) == sides]
    why = "\n".join(each["message"] for each in said) or row["outcome"]
    return Case(name, question, failure=None if good and not said else why)


def _reason_line(reason: Any) -> str:  # noqa: ANN401
    hint = f"\n    {reason['hint']}" if reason.get("hint") else ""
    return f"- {reason['message']} [{reason['code']}]{hint}"
