"""One step of the ladder: both arms' numbers while one weight held."""

from __future__ import annotations

from dataclasses import dataclass, field

from client_sdk.canary.hearing import Heard
from client_sdk.canary.metrics import CanaryMetrics, metrics_from_json
from client_sdk.canary.saved import members, real, whole
from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject


@dataclass(slots=True)
class Step:
    """What happened at one weight (a percentage); `skipped` calls fell into the warm-up."""

    weight: float
    clock: Clock = field(repr=False)
    canary: CanaryMetrics = field(init=False)
    stable: CanaryMetrics = field(init=False)
    began: float = field(init=False)
    skipped: int = 0

    def __post_init__(self) -> None:
        self.canary = CanaryMetrics(clock=self.clock)
        self.stable = CanaryMetrics(clock=self.clock)
        self.began = self.clock.monotonic()

    @property
    def seconds(self) -> float:
        """How long the step has lasted."""
        return self.clock.monotonic() - self.began

    def add(self, heard: Heard, *, on_canary: bool) -> None:
        """Count one call that was routed in this step, whenever it ended."""
        (self.canary if on_canary else self.stable).add(heard)

    def to_json(self) -> JsonObject:
        """Give everything that `step_from_json` needs."""
        return {
            "weight": self.weight,
            "seconds": self.seconds,
            "skipped": self.skipped,
            "canary": self.canary.to_json(),
            "stable": self.stable.to_json(),
        }

    def record(self, ended_by: str) -> JsonObject:
        """Give the line that history keeps of a step."""
        return {
            "weight": self.weight,
            "seconds": self.seconds,
            "skipped": self.skipped,
            "ended_by": ended_by,
            "canary_metrics": self.canary.snapshot(),
            "stable_metrics": self.stable.snapshot(),
        }


def step_from_json(saved: JsonObject, clock: Clock) -> Step:
    """Go on from what `to_json` gave; the time in between counts for nothing."""
    step = Step(real(saved, "weight"), clock, skipped=whole(saved, "skipped"))
    step.canary = metrics_from_json(members(saved, "canary"), clock)
    step.stable = metrics_from_json(members(saved, "stable"), clock)
    step.began -= real(saved, "seconds")
    return step
