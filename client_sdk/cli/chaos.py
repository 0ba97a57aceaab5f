"""`tally chaos`: break a wire on purpose, run experiments, and show what a seed decides."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click

from client_sdk.chaos.decisions import Decision
from client_sdk.chaos.experiments import (
    ExperimentRefused,
    Injection,
    Journal,
    experiment_from_document,
    injection_of,
)
from client_sdk.chaos.experiments.actions import times_of
from client_sdk.chaos.experiments.running import Rollbacks
from client_sdk.chaos.injector import decisions_of
from client_sdk.chaos.proxy import KINDS, FaultProxy, Toxic, toxic_from_text
from client_sdk.cli.answer import Answer, Case, Format, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.files import read_document
from client_sdk.cli.options import (
    VERSION_VARIABLES,
    broker_client,
    broker_options,
    output_options,
    say,
)
from client_sdk.cli.output import write
from client_sdk.cli.text import counted, shortened
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Outcome

_FILE = click.Path(path_type=Path, dir_okay=False)
_EXITS = {Outcome.PASS: Exit.OK, Outcome.FAIL: Exit.FAILED}
_MARKS = {True: "yes", False: "no", None: ""}


@click.group("chaos")
def chaos() -> None:
    """Failures on purpose: a proxy that breaks the wire, experiments, and what a seed decides."""


@chaos.command("proxy")
@click.option("--upstream", required=True, help="The service behind it: http://HOST:PORT.")
@click.option(
    "--toxic",
    "toxics",
    multiple=True,
    help="What is wrong: KIND or KIND:NAME=VALUE,...; repeatable. " + ", ".join(KINDS) + ".",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: a free one."
)
@click.option("--seed", type=int, help="Which connections have a toxic whose toxicity is below 1.")
@click.option(
    "--direction",
    type=click.Choice(["upstream", "downstream"]),
    default="downstream",
    show_default=True,
    help="Which way, for toxics that do not say it.",
)
def proxy(
    upstream: str, toxics: tuple[str, ...], port: int, seed: int | None, direction: str
) -> int:
    """Break the connections to a service until Ctrl-C; the first line says the address to call.

    Listens on loopback, for a client in any language. A toxic may have toxicity=SHARE,
    direction=upstream|downstream and name=NAME beside its own settings.
    """
    made = [_toxic(text) for text in toxics]
    try:
        running = FaultProxy(upstream, toxics=made, seed=seed, port=port, direction=direction)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with _until_stopped() as stopped, running:
        click.echo(f"{running.url} breaks the way to {upstream}, seed {running.seed}")
        stopped.wait()
    found = ", ".join(f"{name} on {count}" for name, count in running.injections.items())
    click.echo(f"{counted(running.connections, 'connection')}: {found or 'none had a toxic'}")
    return Exit.OK


@chaos.command("run")
@click.argument("experiment", type=_FILE)
@click.option(
    "--journal",
    "journal_file",
    type=_FILE,
    default=Path("journal.json"),
    show_default=True,
    help="Write the journal there.",
)
@click.option(
    "--rollback-strategy",
    type=click.Choice([each.value for each in Rollbacks]),
    default=Rollbacks.DEFAULT.value,
    show_default=True,
    help="When rollbacks run.",
)
@click.option("--publish", is_flag=True, help="Record the result as evidence in the broker.")
@click.option("--participant", help="Whom the evidence is about.")
@click.option("--version", "-v", envvar=VERSION_VARIABLES, help="Its version.")
@broker_options
@output_options
def run(experiment: Path, journal_file: Path, **given: Any) -> int:  # noqa: ANN401 - click hands over one value per option
    """Run a Chaos Toolkit experiment and write its journal.

    Exit code 0: the steady state held. 1: it deviated. 3: nothing was shown, because it was not
    met before, or a step failed.
    """
    if given["publish"] and not (given["participant"] and given["version"]):
        raise click.UsageError("--publish needs --participant and --version")
    read = experiment_from_document(_document(experiment), os.environ)
    journal = read.run(rollback_strategy=given["rollback_strategy"])
    write(Answer(journal.to_json()), Format.JSON, journal_file)
    tail = [f"Journal: {journal_file}"]
    if given["publish"]:
        tail.append(_published(journal, given))
    say(_journal_answer(journal, tail), given["output"], given["output_file"])
    return _EXITS.get(journal.outcome, Exit.INCONCLUSIVE)


@chaos.command("replay")
@click.argument("experiment", type=_FILE)
@click.option("--seed", type=int, help="Another seed than the file's.")
@click.option(
    "--calls", type=click.IntRange(1, 10_000), help="So many of each tool; default: the file's."
)
@output_options
def replay(
    experiment: Path, seed: int | None, calls: int | None, output: str, output_file: Path | None
) -> int:
    """Show which calls a seed strikes; nothing is called.

    The file is an experiment, or its journal. Exit code 3: no call is struck.
    """
    document = _document(experiment)
    if isinstance(document, dict) and "experiment" in document:
        document = document["experiment"]
    injection = injection_of(document)
    chosen = injection.seed if seed is None else seed
    counts = {tool: calls or count for tool, count in _counts(injection).items()}
    decided = [
        each
        for tool, count in counts.items()
        for each in decisions_of(injection.configs, chosen, tool, count)
    ]
    struck = [each for each in decided if each.strikes]
    say(_replay_answer(chosen, decided, struck), output, output_file)
    return Exit.OK if struck else Exit.INCONCLUSIVE


def _toxic(text: str) -> Toxic:
    try:
        return toxic_from_text(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--toxic") from error


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set."""
    stopped = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopped.set()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _document(file: Path) -> JsonValue:
    return parse_untrusted(read_document(file))


def _counts(injection: Injection) -> dict[str, int]:
    """How often each tool is called by the experiment."""
    counts: dict[str, int] = {}
    for call in injection.calls:
        if not isinstance(call, dict) or not isinstance(call.get("tool"), str):
            raise ExperimentRefused(f"calls: {call!r} names no tool")
        counts[call["tool"]] = counts.get(call["tool"], 0) + times_of(call)
    if not counts:
        raise ExperimentRefused("calls: the experiment makes none, so no seed decides anything")
    return counts


def _published(journal: Journal, given: dict[str, Any]) -> str:
    evidence = journal.evidence(given["participant"], given["version"])
    client = broker_client(given["broker_url"], given["token"], given["token_file"])
    client.publish_evidence(evidence.to_json())
    return f"recorded as evidence about {given['participant']} {given['version']}"


def _journal_answer(journal: Journal, tail: list[str]) -> Answer:
    title = str(journal.experiment.get("title", ""))
    steps = [("before", each) for each in (journal.before.probes if journal.before else ())]
    steps += [("method", each) for each in journal.run]
    steps += [("after", each) for each in (journal.after.probes if journal.after else ())]
    steps += [("rollback", each) for each in journal.rollbacks]
    rows = tuple(
        (
            part,
            str(done.activity.get("name", "")),
            done.status,
            _MARKS[done.within_tolerance],
            shortened(done.error or _said(done.output), 60),
        )
        for part, done in steps
    )
    failed = None if journal.outcome is Outcome.PASS else f"{journal.status}, {journal.outcome}"
    columns = ("part", "activity", "status", "tolerated", "output")
    return Answer(
        journal.to_json(),
        f"{title}: {journal.outcome} ({journal.status})",
        (Table(columns, rows),),
        cases=(Case(title, "chaos", failure=failed),),
        tail=tuple(tail),
    )


def _said(output: Any) -> str:  # noqa: ANN401 - whatever an activity gave
    if isinstance(output, dict):
        return ", ".join(f"{name} {value}" for name, value in output.items())
    return "" if output is None else str(output)


def _replay_answer(seed: int, decided: list[Decision], struck: list[Decision]) -> Answer:
    rows = tuple(
        (each.tool, str(each.call_number), each.failure_mode, str(each.phase), each.config_id)
        for each in struck
    )
    columns = ("tool", "call", "failure mode", "phase", "configuration")
    data = {
        "seed": seed,
        "decisions": [
            {
                "tool": each.tool,
                "call_number": each.call_number,
                "failure_mode": each.failure_mode,
                "phase": str(each.phase),
                "config_id": each.config_id,
                "strikes": each.strikes,
            }
            for each in decided
        ],
    }
    headline = f"Seed {seed} strikes {len(struck)} of {counted(len(decided), 'decision')}"
    return Answer(data, headline, (Table(columns, rows, empty="no call is struck"),))
