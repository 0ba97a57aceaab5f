"""What a run says when nothing was tested, and the one command that repeats it."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Sequence

from client_sdk.chaos.armed import Armed
from client_sdk.chaos.events import ChaosEvent
from client_sdk.contract.spelling import near_miss


class InjectionsMissing(AssertionError):
    """Chaos was asked for and did not happen, so a green test would prove nothing."""


def reproduction(seed: int, environ: dict[str, str] | None = None) -> str:
    """Give the one line that repeats a run: a pytest command inside a test, else the seed."""
    current = (os.environ if environ is None else environ).get("PYTEST_CURRENT_TEST", "")
    test = current.rpartition(" (")[0]
    if test:
        return f"CHAOS_SEED={seed} python -m pytest {shlex.quote(test)}"
    return f"ChaosInjector(client, seed={seed})"


def too_few(events: Sequence[ChaosEvent], least: int, seed: int) -> str:
    """Say that fewer injections were applied than asked for, and why."""
    applied = sum(event.applied for event in events)
    reasons = Counter(event.reason for event in events if not event.applied)
    why = "; ".join(f"{count} x {reason}" for reason, count in reasons.items())
    hint = f" Not applied: {why}." if why else " No configuration struck a call."
    return (
        f"{applied} injections were applied, at least {least} are asked for.{hint}\n"
        f"seed {seed}, again with: {reproduction(seed)}"
    )


def never_matched(idle: Sequence[Armed], called: Sequence[str], seed: int) -> str:
    """Say which configurations met no call, and what was called instead."""
    lines = [_idle_line(each, called) for each in idle]
    tools = ", ".join(called) or "no tool at all"
    return "\n".join(
        [
            "A configuration that meets no call tests nothing:",
            *lines,
            f"Called were: {tools}.",
            f"seed {seed}, again with: {reproduction(seed)}",
        ]
    )


def _idle_line(armed: Armed, called: Sequence[str]) -> str:
    targets = ", ".join(armed.config.target_tools) or "all tools"
    near = [near_miss(name, called) for name in armed.config.target_tools if name not in called]
    meant = [name for name in near if name is not None]
    hint = f"; did you mean {', '.join(map(repr, meant))}?" if meant else ""
    return f"  {armed.config_id} ({armed.config.failure_mode} on {targets}){hint}"
