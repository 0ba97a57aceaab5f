"""Runs an experiment: steady state, method, steady state again, rollbacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from client_sdk.chaos.experiments.activities import Activity, action, probe
from client_sdk.chaos.experiments.journal import Done, Journal, SteadyState
from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.chaos.experiments.tolerances import check_tolerance, is_tolerated
from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.values import JsonValue

Step = Activity | Callable[[], Any]


class Rollbacks(StrEnum):
    """When rollbacks run: after a method that began, always, never, or only after a deviation."""

    DEFAULT = "default"
    ALWAYS = "always"
    NEVER = "never"
    DEVIATED = "deviated"


def run_experiment(  # noqa: PLR0913 - the parts of an experiment; what is optional goes by name
    title: str,
    steady_state: Mapping[str, Callable[[], Any]] | Sequence[Activity],
    method: Sequence[Step],
    rollbacks: Sequence[Step] = (),
    *,
    rollback_strategy: str = "default",
    clock: Clock | None = None,
    seed: int | None = None,
    document: Mapping[str, Any] | None = None,
) -> Journal:
    """Run an experiment and give its journal.

    Args:
        title: what it is about.
        steady_state: probes; a mapping of names to functions that must give True is one too.
        method: actions and probes, run in order; one that fails does not stop the next.
        rollbacks: actions that clean up.
        rollback_strategy: `default`, `always`, `never` or `deviated`.
        clock: what is stamped and waited on.
        seed: goes into the journal.
        document: the file it came from.

    Raises:
        ExperimentRefused: it has no probe or no method, or a tolerance cannot be judged.

    Example:
        >>> journal = run_experiment("nothing breaks", {"up": lambda: True}, [lambda: None])
        >>> journal.status, str(journal.outcome)
        ('completed', 'pass')
    """
    probes = _probes(steady_state)
    steps = [_activity(step, f"step {at}") for at, step in enumerate(method, 1)]
    undone = [_activity(step, f"rollback {at}") for at, step in enumerate(rollbacks, 1)]
    strategy = _checked(title, probes, steps, rollback_strategy)
    known = document or _document(title, probes, steps, undone)
    return _Run(clock or SystemClock(), known, seed).play(probes, steps, undone, strategy)


class _Run:
    """One run, while it lasts."""

    def __init__(self, clock: Clock, document: Mapping[str, Any], seed: int | None) -> None:
        self._clock = clock
        self._document = document
        self._seed = seed
        self._began, self._since = clock.time(), clock.monotonic()
        self._done: list[Done] = []

    def play(
        self,
        probes: Sequence[Activity],
        method: Sequence[Activity],
        rollbacks: Sequence[Activity],
        strategy: Rollbacks,
    ) -> Journal:
        before, after = self._steady_state(probes), None
        status = "failed"
        undone: tuple[Done, ...] = ()
        try:
            if before.is_met:
                for step in method:
                    self._done.append(self._perform(step))
                after = self._steady_state(probes)
                status = "completed" if after.is_met else "failed"
        except KeyboardInterrupt:
            status = "interrupted"
        finally:
            deviated = after is not None and not after.is_met
            if _is_rolled_back(strategy, has_begun=before.is_met, deviated=deviated):
                undone = tuple(self._perform(step) for step in rollbacks)
        return Journal(
            experiment=self._document,
            status=status,
            deviated=deviated,
            before=before,
            after=after,
            run=tuple(self._done),
            rollbacks=undone,
            began=self._began,
            seconds=self._clock.monotonic() - self._since,
            seed=self._seed,
        )

    def _steady_state(self, probes: Sequence[Activity]) -> SteadyState:
        done: list[Done] = []
        for each in probes:
            done.append(self._perform(each, is_judged=True))
            if not done[-1].within_tolerance:
                break
        return SteadyState(tuple(done))

    def _perform(self, activity: Activity, *, is_judged: bool = False) -> Done:
        self._pause(activity.pause_before_s)
        began, since = self._clock.time(), self._clock.monotonic()
        output: Any = None
        error = None
        try:
            output = activity.run()
        except Exception as trouble:  # noqa: BLE001 - whatever an activity raises is its outcome
            error = f"{type(trouble).__name__}: {trouble}"
        seconds = self._clock.monotonic() - since
        self._pause(activity.pause_after_s)
        holds = None
        if is_judged:
            holds = error is None and is_tolerated(activity.tolerance, output)
        status = "succeeded" if error is None else "failed"
        said = activity.to_json()
        return Done(said, status, _as_json(output), began, seconds, holds, error)

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self._clock.sleep(seconds)


def _probes(given: Mapping[str, Callable[[], Any]] | Sequence[Activity]) -> list[Activity]:
    if isinstance(given, Mapping):
        return [probe(name, run) for name, run in given.items()]
    return list(given)


def _activity(step: Step, name: str) -> Activity:
    return step if isinstance(step, Activity) else action(getattr(step, "__name__", name), step)


def _checked(
    title: str, probes: Sequence[Activity], method: Sequence[Activity], strategy: str
) -> Rollbacks:
    if not probes:
        raise ExperimentRefused(
            f"{title!r} has no steady state: without a probe nothing can be found; add one"
        )
    if not method:
        raise ExperimentRefused(f"{title!r} has no method: nothing would be done; add an action")
    for each in probes:
        check_tolerance(each.name, each.tolerance)
    if strategy not in tuple(Rollbacks):
        known = ", ".join(Rollbacks)
        raise ExperimentRefused(f"rollback_strategy {strategy!r} is unknown; use {known}")
    return Rollbacks(strategy)


def _is_rolled_back(strategy: Rollbacks, *, has_begun: bool, deviated: bool) -> bool:
    match strategy:
        case Rollbacks.ALWAYS:
            return True
        case Rollbacks.NEVER:
            return False
        case Rollbacks.DEVIATED:
            return deviated
        case Rollbacks.DEFAULT:
            return has_begun


def _document(
    title: str, probes: Sequence[Activity], method: Sequence[Activity], undone: Sequence[Activity]
) -> dict[str, Any]:
    return {
        "title": title,
        "steady-state-hypothesis": {
            "title": title,
            "probes": [each.to_json() for each in probes],
        },
        "method": [each.to_json() for each in method],
        "rollbacks": [each.to_json() for each in undone],
    }


def _as_json(output: Any) -> JsonValue:  # noqa: ANN401 - whatever an activity gives
    if output is None or isinstance(output, bool | int | float | str | Decimal):
        return output
    if isinstance(output, Mapping):
        return {str(name): _as_json(value) for name, value in output.items()}
    if isinstance(output, list | tuple):
        return [_as_json(item) for item in output]
    return repr(output)
