"""Whose callers fare worse? The same bet as on single events, made on whole callers at few looks.

A busy caller is sent to an arm once, by chance. What it has met since then, many errors or few,
says whether it looks like a caller of a worse version; while the arms are equal it says nothing
about where it was sent. So all callers are weighed at once, at looks that are set by the number of
calls alone, and each look is allowed its part of `alpha` (Markov's inequality and a union bound).
Evidence on single events holds at every call and needs many callers; this holds with fewer.
"""

from __future__ import annotations

from math import exp, expm1, inf, log, log1p
from typing import Final

from client_sdk.canary.odds import BETS
from client_sdk.canary.saved import members, real, reals, whole
from client_sdk.contract.values import JsonObject

LOOKS: Final = 32
FIRST_LOOK: Final = 300  # calls
SPACING: Final = 1.5
LEAST_HITS: Final = 5
MOST_CALLERS: Final = 100_000
LARGEST_STAKE: Final = 4.0  # one caller that always fails cannot use up what the others show


class CallersTest:
    """Bets at each look that the callers sent to the canary had more events than the others."""

    def __init__(self) -> None:
        self._weight = 0.0
        self._tallies: dict[float, list[int]] = {}
        self._calls = 0
        self._next_look = float(FIRST_LOOK)
        self._looks = 0
        self._best = -inf
        self.events = 0

    @property
    def log_evidence(self) -> float:
        """The logarithm of the best look's evidence, less what so many looks cost."""
        return max(self._best - log(LOOKS), 0.0)

    def observe(self, place: float, weight: float, *, hit: bool) -> None:
        """Take in one call of a caller that may come back; a higher weight begins anew."""
        if weight > self._weight:
            self._begin(weight)
        if weight < self._weight or (place not in self._tallies and self._is_full):
            return
        tally = self._tallies.setdefault(place, [0, 0])
        tally[0] += 1
        tally[1] += hit
        self._calls += 1
        self.events += hit
        if self._calls >= self._next_look:
            self._next_look *= SPACING
            self._look()

    def to_json(self) -> JsonObject:
        """Give everything that `restore` needs."""
        tallies: JsonObject = {repr(place): [*tally] for place, tally in self._tallies.items()}
        return {
            "weight": self._weight,
            "tallies": tallies,
            "calls": self._calls,
            "next_look": self._next_look,
            "looks": self._looks,
            "best": None if self._best == -inf else self._best,
            "events": self.events,
        }

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave."""
        self._weight = real(saved, "weight")
        found = members(saved, "tallies")
        self._tallies = {
            float(place): [int(count) for count in reals(found, place, count=2)] for place in found
        }
        self._calls, self._looks = whole(saved, "calls"), whole(saved, "looks")
        self._next_look = real(saved, "next_look")
        self._best = -inf if saved.get("best") is None else real(saved, "best")
        self.events = whole(saved, "events")

    @property
    def _is_full(self) -> bool:
        return len(self._tallies) >= MOST_CALLERS

    def _begin(self, weight: float) -> None:
        self._weight = weight
        self._tallies = {}
        self._calls = 0
        self._next_look = float(FIRST_LOOK)

    def _look(self) -> None:
        """Weigh all callers; a look is spent only where there is something to see."""
        hits = sum(tally[1] for tally in self._tallies.values())
        if hits < LEAST_HITS or self._looks >= LOOKS:
            return
        self._looks += 1
        rate = hits / self._calls
        paid = [log(share) + self._paid(times, rate) for times, share in BETS]
        most = max(paid)
        self._best = max(self._best, most + log(sum(exp(each - most) for each in paid)))

    def _paid(self, times: float, rate: float) -> float:
        """The logarithm of what the bet on `times` pays over all callers."""
        usual = rate / (1 + self._weight * (times - 1))
        total = 0.0
        for place, (calls, hits) in self._tallies.items():
            stake = min(hits * log(times) - (times - 1) * usual * calls, LARGEST_STAKE)
            on_canary = place < self._weight
            total += (stake if on_canary else 0.0) - log1p(self._weight * expm1(stake))
        return total
