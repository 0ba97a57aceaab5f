"""Experiment files in Chaos Toolkit's format: read strictly, refused where they cannot be run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from client_sdk.chaos.config import ChaosConfig, config_from_json
from client_sdk.chaos.experiments.activities import Activity
from client_sdk.chaos.experiments.journal import Journal
from client_sdk.chaos.experiments.providers import MODULE, runner_of
from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.chaos.experiments.running import run_experiment
from client_sdk.chaos.experiments.substitution import substituted
from client_sdk.chaos.experiments.tolerances import check_tolerance
from client_sdk.chaos.injector import TITLE, ChaosInjector
from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject, JsonValue

HYPOTHESIS: Final = "steady-state-hypothesis"
INJECTION: Final = "call_under_chaos"
_NOT_RUN: Final = {
    "controls": "controls are code",
    "secrets": "secrets are not read from files; put them into the environment",
}


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment that can be run."""

    title: str
    document: JsonObject
    steady_state: tuple[Activity, ...]
    method: tuple[Activity, ...]
    rollbacks: tuple[Activity, ...]

    @property
    def seed(self) -> int | None:
        """The seed of its injection, if it has one."""
        found = _injections(self.document)
        return injection_of(self.document).seed if found else None

    def run(self, *, rollback_strategy: str = "default", clock: Clock | None = None) -> Journal:
        """Run it and give its journal.

        Raises:
            ExperimentRefused: it has no probe or no method.
        """
        return run_experiment(
            self.title,
            self.steady_state,
            self.method,
            self.rollbacks,
            rollback_strategy=rollback_strategy,
            clock=clock,
            seed=self.seed,
            document=self.document,
        )


@dataclass(frozen=True, slots=True)
class Injection:
    """What an experiment injects: the seed, the configurations, and the calls they meet."""

    seed: int
    configs: tuple[ChaosConfig, ...]
    calls: tuple[Mapping[str, Any], ...]


def experiment_from_document(
    document: JsonValue, environ: Mapping[str, str] | None = None
) -> Experiment:
    """Read an experiment.

    Args:
        document: the parsed file.
        environ: what configuration of type `env` is read from.

    Raises:
        ExperimentRefused: a part is missing, or cannot be run here; the message says which.
    """
    if not isinstance(document, dict) or not isinstance(document.get("title"), str):
        raise ExperimentRefused("an experiment is an object with a title")
    for member, reason in _NOT_RUN.items():
        if document.get(member):
            raise ExperimentRefused(f"{member}: {reason}")
    ready = substituted(document, environ or {})
    hypothesis = ready.get(HYPOTHESIS)
    probes = hypothesis.get("probes", []) if isinstance(hypothesis, dict) else []
    return Experiment(
        title=str(ready["title"]),
        document=document,
        steady_state=_activities("steady state", probes, {"probe"}),
        method=_activities("method", ready.get("method", []), {"probe", "action"}),
        rollbacks=_activities("rollbacks", ready.get("rollbacks", []), {"action"}),
    )


def experiment_from_injector(  # noqa: PLR0913 - the parts of a file, each by its name
    chaos: ChaosInjector,
    base_url: str,
    *,
    calls: Sequence[Mapping[str, Any]],
    title: str = TITLE,
    description: str = "",
    probe: Mapping[str, Any] | None = None,
    mapping: str = "body",
) -> JsonObject:
    """Write an injector's seed and configurations as an experiment.

    Args:
        chaos: the injector.
        base_url: where the service runs.
        calls: what is called, `{"tool", "input", "times"}` each.
        title: the experiment's title.
        description: its description.
        probe: the call whose status must be 200 before and after; the first of `calls` if None.
        mapping: `body` or `path`, where the tool's name stands, or `mcp` for an MCP server.

    Raises:
        ExperimentRefused: there are no calls, or a configuration cannot be written.
    """
    if not calls:
        raise ExperimentRefused("calls: an experiment needs calls to make; give at least one")
    target: JsonObject = {"base_url": base_url, "mapping": mapping}
    return {
        "version": "1.0.0",
        "title": title,
        "description": description or title,
        "tags": ["tallystick"],
        HYPOTHESIS: _answering(probe or calls[0], target),
        "method": [_injecting(chaos, calls, target)],
        "rollbacks": [],
    }


def injection_of(document: JsonValue) -> Injection:
    """Find what an experiment injects.

    Raises:
        ExperimentRefused: nothing, or it cannot be read.
    """
    found = _injections(document)
    if len(found) != 1:
        raise ExperimentRefused(
            f"the method has {len(found)} steps that call {INJECTION}; exactly one can be replayed"
        )
    arguments = found[0]
    seed, configs = arguments.get("seed"), arguments.get("configs")
    if not isinstance(seed, int) or isinstance(seed, bool) or not isinstance(configs, list):
        raise ExperimentRefused(f"{INJECTION}: seed must be a whole number, configs a list")
    try:
        read = tuple(config_from_json(each) for each in configs)
    except ValueError as error:
        raise ExperimentRefused(f"{INJECTION}: {error}") from error
    calls = arguments.get("calls")
    named = [each for each in calls if isinstance(each, dict)] if isinstance(calls, list) else []
    return Injection(seed, read, tuple(named))


def _injecting(
    chaos: ChaosInjector, calls: Sequence[Mapping[str, Any]], target: JsonObject
) -> JsonObject:
    """The step that makes the calls under chaos."""
    try:
        configs: list[JsonValue] = [config.to_json() for config in chaos.configs]
    except ValueError as error:
        raise ExperimentRefused(str(error)) from error
    made: list[JsonValue] = [dict(call) for call in calls]
    arguments = {**target, "calls": made, "configs": configs, "seed": chaos.seed}
    return _entry("action", "calls under chaos", INJECTION, arguments)


def _answering(call: Mapping[str, Any], target: JsonObject) -> JsonObject:
    """The hypothesis that a call is answered."""
    said = f"{call['tool']} answers"
    arguments = {**target, "tool": call["tool"], "input": call.get("input", {})}
    return {"title": said, "probes": [_entry("probe", said, "call_tool", arguments)]}


def _entry(kind: str, name: str, func: str, arguments: JsonObject) -> JsonObject:
    provider: JsonObject = {
        "type": "python",
        "module": MODULE,
        "func": func,
        "arguments": arguments,
    }
    entry: JsonObject = {"type": kind, "name": name, "provider": provider}
    return entry | ({"tolerance": 200} if kind == "probe" else {})


def _injections(document: JsonValue) -> list[JsonObject]:
    """The arguments of every step of the method that injects."""
    method = document.get("method") if isinstance(document, dict) else None
    found: list[JsonObject] = []
    for step in method if isinstance(method, list) else ():
        provider = step.get("provider") if isinstance(step, dict) else None
        if isinstance(provider, dict) and provider.get("func") == INJECTION:
            arguments = provider.get("arguments")
            found.append(arguments if isinstance(arguments, dict) else {})
    return found


def _activities(place: str, entries: object, kinds: set[str]) -> tuple[Activity, ...]:
    if not isinstance(entries, list):
        raise ExperimentRefused(f"{place}: it is a list of activities")
    return tuple(_activity(place, entry, kinds) for entry in entries)


def _activity(place: str, entry: object, kinds: set[str]) -> Activity:
    if not isinstance(entry, dict) or not isinstance(entry.get("provider"), dict):
        raise ExperimentRefused(
            f"{place}: {entry!r} is no activity with a provider; references are not followed"
        )
    name, kind = str(entry.get("name", place)), entry.get("type")
    if kind not in kinds:
        raise ExperimentRefused(f"{name!r} in {place}: type {kind!r} is none of {sorted(kinds)}")
    if entry.get("background"):
        raise ExperimentRefused(f"{name!r}: an activity in the background is not run here")
    if place == "steady state" and "tolerance" not in entry:
        raise ExperimentRefused(f"probe {name!r} has no tolerance: nothing could deviate")
    check_tolerance(name, entry.get("tolerance"))
    pauses = entry.get("pauses") or {}
    return Activity(
        kind=str(kind),
        name=name,
        run=runner_of(name, entry["provider"]),
        tolerance=entry.get("tolerance"),
        pause_before_s=float(pauses.get("before", 0)),
        pause_after_s=float(pauses.get("after", 0)),
        document=entry,
    )
