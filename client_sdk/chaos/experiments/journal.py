"""The journal of an experiment, in the form that Chaos Toolkit writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from client_sdk import __version__
from client_sdk.contract.canonical import digest_of
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Evidence, EvidenceKind, Outcome


@dataclass(frozen=True, slots=True)
class Done:
    """One activity that was run: its output, or what it raised."""

    activity: JsonObject
    status: str
    output: JsonValue
    began: float
    seconds: float
    within_tolerance: bool | None = None
    error: str | None = None

    def to_json(self) -> JsonObject:
        """Give it as a journal's entry."""
        said: JsonObject = {
            "activity": self.activity,
            "status": self.status,
            "output": self.output,
            "start": _written(self.began),
            "end": _written(self.began + self.seconds),
            "duration": self.seconds,
        }
        if self.within_tolerance is not None:
            said["tolerance_met"] = self.within_tolerance
        return said | ({"exception": self.error} if self.error is not None else {})


@dataclass(frozen=True, slots=True)
class SteadyState:
    """The probes of the steady state at one moment; the first that does not hold is the last."""

    probes: tuple[Done, ...]

    @property
    def is_met(self) -> bool:
        """Whether every probe was within its tolerance; without probes it is not."""
        return bool(self.probes) and all(each.within_tolerance for each in self.probes)

    def to_json(self) -> JsonObject:
        """Give it as a journal has it."""
        return {
            "steady_state_met": self.is_met,
            "probes": [each.to_json() for each in self.probes],
        }


@dataclass(frozen=True, slots=True)
class Journal:
    """What an experiment did and found.

    `status` is `completed`, `failed` (the steady state was not met), or `interrupted`; `deviated`
    says that it was met before the method and not after it.
    """

    experiment: Mapping[str, Any]
    status: str
    deviated: bool
    before: SteadyState | None
    after: SteadyState | None
    run: tuple[Done, ...]
    rollbacks: tuple[Done, ...]
    began: float
    seconds: float
    seed: int | None = None

    @property
    def outcome(self) -> Outcome:
        """Pass, fail, or inconclusive when nothing was shown: a step failed, or none was made."""
        if self.deviated:
            return Outcome.FAIL
        did_everything = bool(self.run) and all(each.status == "succeeded" for each in self.run)
        if self.status != "completed" or not did_everything:
            return Outcome.INCONCLUSIVE
        return Outcome.PASS

    def to_json(self) -> JsonObject:
        """Give the journal as Chaos Toolkit writes it, with our verdict beside it."""
        return {
            "chaoslib-version": f"tallystick {__version__}",
            "experiment": dict(self.experiment),
            "start": _written(self.began),
            "end": _written(self.began + self.seconds),
            "duration": self.seconds,
            "status": self.status,
            "deviated": self.deviated,
            "verdict": str(self.outcome),
            "seed": self.seed,
            "steady_states": {
                "before": None if self.before is None else self.before.to_json(),
                "after": None if self.after is None else self.after.to_json(),
                "during": [],
            },
            "run": [each.to_json() for each in self.run],
            "rollbacks": [each.to_json() for each in self.rollbacks],
        }

    def evidence(self, participant: str, version: str) -> Evidence:
        """Give it as evidence about a version of a participant."""
        return Evidence(
            EvidenceKind.CHAOS,
            self.outcome,
            participant,
            version,
            numbers={"activities": len(self.run), "deviated": self.deviated},
            inputs={"experiment": digest_of(dict(self.experiment))},
            seed=self.seed,
        )


def _written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
