"""How often does it happen? Evidence against a rate, valid however often it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log
from typing import Final

from client_sdk.canary.saved import whole
from client_sdk.contract.values import JsonObject

LOWER: Final = (0.05, 0.2, 0.4, 0.6, 0.8)
HIGHER: Final = (1.5, 2.0, 3.0, 5.0, 10.0)
MOST_LIKELY: Final = 0.999_999
STEPS_OF_BISECTION: Final = 60


class RateTest:
    """Bets that calls have a property less often (or more often) than `limit` says.

    `factors` are the rates that are betted on, as multiples of the limit: all below one, or all
    above. While the limit holds, the evidence reaches `1/alpha` with probability `alpha` at most.
    """

    def __init__(self, limit: float, factors: Sequence[float] = LOWER) -> None:
        self.limit = limit
        self._rates = [min(factor * limit, MOST_LIKELY) for factor in factors]
        self._hits = 0
        self._calls = 0

    @property
    def calls(self) -> int:
        """How many calls were seen."""
        return self._calls

    @property
    def log_evidence(self) -> float:
        """The logarithm of what a stake of one, spread evenly over the bets, has become."""
        misses = self._calls - self._hits
        paid = [
            self._hits * log(rate / self.limit) + misses * log((1 - rate) / (1 - self.limit))
            for rate in self._rates
        ]
        most = max(paid)
        return most + log(sum(exp(each - most) for each in paid) / len(paid))

    def observe(self, *, hit: bool) -> None:
        """Take in one call."""
        self._calls += 1
        self._hits += hit

    def to_json(self) -> JsonObject:
        """Give everything that `restore` needs."""
        return {"hits": self._hits, "calls": self._calls}

    def restore(self, saved: JsonObject) -> None:
        """Go on from what `to_json` gave."""
        self._hits, self._calls = whole(saved, "hits"), whole(saved, "calls")


def highest_rate(hits: int, calls: int, *, alpha: float) -> float:
    """Give a rate that the true one exceeds with probability `alpha` at most (Chernoff's bound)."""
    if calls == 0:
        return MOST_LIKELY
    seen, allowed = hits / calls, log(1 / alpha) / calls
    low, high = seen, 1.0
    for _ in range(STEPS_OF_BISECTION):
        middle = (low + high) / 2
        if _divergence(seen, middle) > allowed:
            high = middle
        else:
            low = middle
    return min(high, MOST_LIKELY)


def _divergence(seen: float, rate: float) -> float:
    """The Kullback–Leibler divergence of two coins."""
    if rate >= 1:
        return inf if seen < 1 else 0.0
    happened = seen * log(seen / rate) if seen > 0 else 0.0
    missed = (1 - seen) * log((1 - seen) / (1 - rate)) if seen < 1 else 0.0
    return happened + missed
