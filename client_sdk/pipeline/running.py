"""Runs stages on this machine, as the workflow would: the same steps, env and order."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from client_sdk.clock import Clock
from client_sdk.errors import SettingsFault
from client_sdk.pipeline.stage import Stage, Step

WORKFLOW_ENV: Final = (
    "PARTICIPANT",
    "AGENT_ID",
    "VERSION",
    "BRANCH",
    "BUILD_URL",
    "TALLY_BROKER_URL",
)
ON_PATH: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StageResult:
    """How a stage ended: the step that failed, or None, and how long it took."""

    stage: Stage
    failed: str | None
    seconds: float

    @property
    def over_budget(self) -> bool:
        """Whether it took longer than it should."""
        return self.seconds > self.stage.budget_seconds


def run_stages(
    stages: Iterable[Stage],
    *,
    folder: Path,
    environ: Mapping[str, str],
    clock: Clock,
    say: Say,
) -> tuple[StageResult, ...]:
    """Run stages in order and stop after the first that fails.

    Args:
        stages: What to run.
        folder: The project; every step starts there.
        environ: Where plain settings and secrets are taken from; a step sees only those it names.
        clock: Measures how long a stage took.
        say: Told what is about to run.

    Raises:
        SettingsFault: a step needs a secret that is not set, or there is no folder or no bash.
    """
    results: list[StageResult] = []
    for stage in stages:
        began = clock.monotonic()
        say(f"── {stage.name}: {stage.purpose}")
        failed = _run(stage, folder, environ, say)
        results.append(StageResult(stage, failed, clock.monotonic() - began))
        if failed is not None:
            break
    return tuple(results)


def _run(stage: Stage, folder: Path, environ: Mapping[str, str], say: Say) -> str | None:
    """Give the name of the step that failed; the ones after it do not run."""
    for step in stage.steps:
        say(f"   {step.name}")
        seconds = stage.timeout_minutes * 60
        if not _passes(step, folder, _seen_by(step, environ), seconds):
            return step.name
    return None


def _passes(step: Step, folder: Path, env: Mapping[str, str], seconds: float) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - the project's own pipeline, started by its owner
            ["bash", "-e", "-o", "pipefail", "-c", step.run],  # noqa: S607 - the workflow's shell
            cwd=folder,
            env=env,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    except OSError as error:
        raise SettingsFault(f"{error.filename}: {error.strerror}; no step can run") from error
    return done.returncode == 0


def _seen_by(step: Step, environ: Mapping[str, str]) -> dict[str, str]:
    asked = {**step.secrets, **step.variables}
    missing = sorted(source for source in asked.values() if source not in environ)
    if missing:
        raise SettingsFault(f"the step {step.name!r} needs {', '.join(missing)} in the environment")
    plain = {name: environ[name] for name in (*ON_PATH, *WORKFLOW_ENV) if name in environ}
    return plain | dict(step.env) | {name: environ[source] for name, source in asked.items()}
