"""`tally ci`: the delivery pipeline of a project, written down or run on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from client_sdk.cli.answer import Answer, Case, Table
from client_sdk.cli.exits import Exit
from client_sdk.cli.options import output_options, say
from client_sdk.clock import SystemClock
from client_sdk.contract.names import check_participant_name
from client_sdk.pipeline import (
    Project,
    Role,
    Stage,
    StageResult,
    files_of,
    run_stages,
    stages_of,
    write_files,
)

_Command = TypeVar("_Command", bound=Callable[..., object])
_DEFAULTS = Project("")


def _project_options(command: _Command) -> _Command:
    for option in (
        click.option(
            "--start", default=_DEFAULTS.start, show_default=True, help="Starts the producer."
        ),
        click.option(
            "--deploy", default=_DEFAULTS.deploy, show_default=True, help="Takes --env, --agent-id."
        ),
        click.option(
            "--patience",
            type=click.IntRange(0),
            default=_DEFAULTS.patience,
            show_default=True,
            help="How often can-i-deploy asks again.",
        ),
        click.option("--states", default="", help="Path of the producer's state hook."),
        click.option("--canary", default="", help="More options for `tally canary run`."),
        click.option("--source", default=_DEFAULTS.source, show_default=True, help="The code."),
        click.option("--agent-id", default=_DEFAULTS.agent_id, show_default=True),
        click.option(
            "--role",
            type=click.Choice([each.value for each in Role]),
            default=_DEFAULTS.role.value,
            show_default=True,
            help="Publishes contracts, verifies them, or both.",
        ),
        click.option("--participant", "-p", required=True, help="Who this repository is."),
    ):
        command = option(command)
    return command


@click.group("ci")
def ci() -> None:
    """Lint, test, publish, verify, decide, deploy by canary, watch: as one pipeline."""


@ci.command("init")
@_project_options
@click.option("--directory", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@click.option("--dry-run", is_flag=True, help="Show the files; write nothing.")
@output_options
def init(
    directory: Path,
    force: bool,
    dry_run: bool,
    output: str,
    output_file: Path | None,
    **project: Any,  # noqa: ANN401 - the options of Project, by their names
) -> None:
    """Write a GitHub workflow, its composite action, and what goes with them."""
    chosen = _project(project)
    stages = stages_of(chosen)
    files = files_of(chosen, stages)
    written = () if dry_run else write_files(directory, files, force=force)
    data = {"files": dict(files), "written": list(written), "stages": [s.name for s in stages]}
    headline = f"{len(written)} files written" if not dry_run else "nothing was written"
    tail = tuple(f"# {name}\n{text}" for name, text in files.items()) if dry_run else _next_steps()
    say(Answer(data, headline, tables=(_stages_table(stages),), tail=tail), output, output_file)


@ci.command("run")
@click.argument("stages", nargs=-1)
@_project_options
@click.option("--directory", type=click.Path(path_type=Path, file_okay=False), default=Path())
@output_options
def run(
    stages: tuple[str, ...],
    directory: Path,
    output: str,
    output_file: Path | None,
    **project: Any,  # noqa: ANN401 - the options of Project, by their names
) -> int:
    """Run stages here as the workflow would; without names, all of them in order.

    Secrets and addresses come from the environment, and reach only the steps that name them.
    Exits 1 at the first stage that fails.
    """
    chosen = _project(project)
    wanted = _wanted(stages_of(chosen), stages)
    environ = {**os.environ, "PARTICIPANT": chosen.participant, "AGENT_ID": chosen.agent_id}
    results = run_stages(
        wanted,
        folder=directory,
        environ=environ,
        clock=SystemClock(),
        say=lambda text: click.echo(text, err=True),
    )
    say(_answer(results), output, output_file)
    return Exit.FAILED if any(result.failed for result in results) else Exit.OK


def _project(given: dict[str, Any]) -> Project:
    participant = check_participant_name(given.pop("participant"))
    return Project(participant, Role(given.pop("role")), **given)


def _wanted(stages: tuple[Stage, ...], names: tuple[str, ...]) -> tuple[Stage, ...]:
    known = [stage.name for stage in stages]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"no stage is named {unknown[0]!r}; there are {', '.join(known)}")
    return tuple(stage for stage in stages if not names or stage.name in names)


def _stages_table(stages: tuple[Stage, ...]) -> Table:
    rows = tuple((s.name, s.purpose, ", ".join(s.needs) or "–") for s in stages)
    return Table(("stage", "what it does", "needs"), rows)


def _next_steps() -> tuple[str, ...]:
    return (
        "next: lock requirements-ci.in with hashes and commit both files",
        "      set variables: TALLY_BROKER_URL SANDBOX_URL STAGING_URL GATEWAY_URL",
        "                     STABLE_URL CANARY_URL",
        "      add the secrets that .env.example names, and protect the environments",
    )


def _answer(results: tuple[StageResult, ...]) -> Answer:
    cases = tuple(
        Case(result.stage.name, "pipeline", failure=result.failed and f"{result.failed} failed")
        for result in results
    )
    rows = tuple(
        (
            result.stage.name,
            f"✗ {result.failed}" if result.failed else "✓",
            f"{result.seconds:.1f} s",
            "longer than planned" if result.over_budget else "",
        )
        for result in results
    )
    data = {
        "stages": [
            {
                "name": result.stage.name,
                "failed_step": result.failed,
                "seconds": round(result.seconds, 3),
                "budget_seconds": result.stage.budget_seconds,
            }
            for result in results
        ]
    }
    failed = next((result for result in results if result.failed), None)
    headline = f"✗ {failed.stage.name} failed" if failed else "✓ every stage passed"
    table = Table(("stage", "outcome", "took", ""), rows)
    return Answer(data, headline, tables=(table,), cases=cases)
