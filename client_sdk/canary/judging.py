"""What a judge sees of a call, what it may say, and the two judges there are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from client_sdk.canary.hearing import Heard
from client_sdk.canary.metrics import CanaryMetrics
from client_sdk.contract.values import JsonObject


class Action(StrEnum):
    """What an evaluation comes to."""

    PROMOTE = "promote"
    HOLD = "hold"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Opinion:
    """An action and the sentence that gives its reason."""

    action: Action
    reason: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call that counts: who made it (a place), at which weight (a fraction), how it ended.

    `recurs` says whether the same place may call again.
    """

    on_canary: bool
    place: float
    weight: float
    heard: Heard
    recurs: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """Both arms in this step and in all steps, and how many seconds the step has lasted."""

    canary: CanaryMetrics
    stable: CanaryMetrics
    all_canary: CanaryMetrics
    all_stable: CanaryMetrics
    seconds: float


class Judge(Protocol):
    """Takes calls in, one by one, and says at any time what to do."""

    def observe(self, call: Call) -> None:
        """Take in one call."""
        ...

    def opinion(self, view: View) -> Opinion:
        """Say what the evidence asks for now."""
        ...

    def explain(self) -> tuple[str, ...]:
        """Give the evidence in sentences."""
        ...

    def numbers(self) -> JsonObject:
        """Give the evidence as numbers."""
        ...

    def to_json(self) -> JsonObject:
        """Give everything that `restore` needs."""
        ...

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave."""
        ...
