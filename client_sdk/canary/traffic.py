"""Sends calls to an arm and keeps what is heard of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from client_sdk.canary.config import FULL, CanaryConfig
from client_sdk.canary.hearing import Heard, Kind
from client_sdk.canary.judging import Call, Judge, View
from client_sdk.canary.metrics import CanaryMetrics, metrics_from_json
from client_sdk.canary.owners import Owned, Owners
from client_sdk.canary.placing import Places
from client_sdk.canary.saved import members, real, whole
from client_sdk.canary.sequential import SequentialJudge
from client_sdk.canary.steps import Step, step_from_json
from client_sdk.canary.threshold import ThresholdJudge
from client_sdk.canary.watching import Watch, watch_from_json
from client_sdk.clock import Clock
from client_sdk.contract.values import JsonObject, JsonValue

JUDGES: Final[Mapping[str, Callable[[CanaryConfig], Judge]]] = {
    "sequential": SequentialJudge,
    "threshold": ThresholdJudge,
}
ContractCheck = Callable[[str, Mapping[str, Any]], Sequence[Any]]
"""Gets a tool and an answer of the canary, gives the violations of contracts: strings, or objects
with `message`, and `consumer` and `severity` where they have them."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where one call goes, and what is needed to count it in the step it was routed in."""

    on_canary: bool
    place: float
    weight: float
    recurs: bool
    is_judged: bool
    step: Step
    began: float


class Traffic:
    """Both arms' calls; safe between threads. The controller moves `split`, `step` and `watch`."""

    def __init__(self, config: CanaryConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.judge = JUDGES[config.judge](config)
        self.lock = threading.RLock()
        self.places = Places(config)
        self.owners = Owners()
        self.split = 0.0
        self.is_judged = False
        self.step = Step(0.0, clock)
        self.watch: Watch | None = None
        self.all_canary = CanaryMetrics(clock=clock)
        self.all_stable = CanaryMetrics(clock=clock)
        self.warmed_up = 0
        self.began = clock.monotonic()

    def choose(self, tool: str, input_data: JsonValue, key: str | None) -> Ticket:
        """Choose the arm: of the entity that the call names, else by key, else of its own."""
        if key is None:
            key = self.places.key_of(tool, input_data)
        with self.lock:
            owned = self.owners.owner_of(input_data)
            if owned is None:
                place, weight = self.places.place(key), self.split
                on_canary, recurs = place < weight, key is not None
            else:
                place, weight, on_canary, recurs = owned.place, owned.weight, owned.on_canary, True
            return Ticket(
                on_canary,
                place,
                weight,
                recurs,
                self.is_judged and self._is_warm(on_canary=on_canary),
                self.step,
                self._clock.monotonic(),
            )

    def elapsed_ms(self, ticket: Ticket) -> float:
        """Give the milliseconds since the call was routed."""
        return (self._clock.monotonic() - ticket.began) * 1000

    def count(self, ticket: Ticket, heard: Heard) -> None:
        """Count how a call ended, in the step it was routed in."""
        with self.lock:
            if not ticket.is_judged:
                ticket.step.skipped += 1
                return
            ticket.step.add(heard, on_canary=ticket.on_canary)
            if self.watch is not None:
                self._watched(ticket, heard)
                return
            (self.all_canary if ticket.on_canary else self.all_stable).add(heard)
            self.judge.observe(
                Call(ticket.on_canary, ticket.place, ticket.weight, heard, ticket.recurs)
            )

    def learn(
        self, ticket: Ticket, heard: Heard, tool: str, sent: JsonValue, body: JsonValue
    ) -> bool:
        """Note what an answer made or moved; say whether something changed."""
        if heard.kind is not Kind.SUCCESS:
            return False
        made = Owned(ticket.on_canary, ticket.place, ticket.weight, is_open=False)
        with self.lock:
            return self.owners.learn(tool, sent, body, made)

    def view(self) -> View:
        """Give both arms' numbers as they are now."""
        step = self.step
        return View(step.canary, step.stable, self.all_canary, self.all_stable, step.seconds)

    def to_json(self) -> JsonObject:
        """Give everything that `restore` needs."""
        return {
            "calls": self.places.calls,
            "warmed_up": self.warmed_up,
            "age": self._clock.monotonic() - self.began,
            "step": self.step.to_json(),
            "canary": self.all_canary.to_json(),
            "stable": self.all_stable.to_json(),
            "judge": self.judge.to_json(),
            "owners": self.owners.to_json(),
            "watch": None if self.watch is None else self.watch.to_json(),
        }

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave; the time in between counts for nothing."""
        self.places.calls = whole(saved, "calls")
        self.warmed_up = whole(saved, "warmed_up")
        self.began = self._clock.monotonic() - real(saved, "age")
        self.step = step_from_json(members(saved, "step"), self._clock)
        self.all_canary = metrics_from_json(members(saved, "canary"), self._clock)
        self.all_stable = metrics_from_json(members(saved, "stable"), self._clock)
        self.judge.restore(members(saved, "judge"))
        self.owners.restore(saved)
        if saved.get("watch") is not None:
            self.watch = watch_from_json(self._config, members(saved, "watch"))

    def begin(self, weight: float) -> None:
        """Begin a step at a weight, as a percentage."""
        self.split = weight / FULL
        self.step = Step(weight, self._clock)

    def _watched(self, ticket: Ticket, heard: Heard) -> None:
        if ticket.on_canary and self.watch is not None:
            self.watch.observe(heard)

    def _is_warm(self, *, on_canary: bool) -> bool:
        """Whether the warm-up is over; it ends for both arms at once, whatever was answered."""
        if self._clock.monotonic() - self.began < self._config.warmup_seconds:
            return False
        if self.warmed_up >= self._config.warmup_requests:
            return True
        self.warmed_up += on_canary
        return False
