"""What a comparison or a gate comes to, for one metric and as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, isfinite, isnan
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue

PERCENT: Final = 100.0
DIGITS: Final = 6


class Verdict(StrEnum):
    """Only `PASS` is a yes."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_COMPARABLE = "not_comparable"


_GRAVEST_FIRST: Final = (Verdict.NOT_COMPARABLE, Verdict.FAIL, Verdict.INCONCLUSIVE)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the gravest of some verdicts; of none it is inconclusive, for nothing was shown."""
    found = set(verdicts)
    if not found:
        return Verdict.INCONCLUSIVE
    return next((each for each in _GRAVEST_FIRST if each in found), Verdict.PASS)


@dataclass(frozen=True, slots=True)
class Change:
    """How much a metric changed: current by baseline, and the bounds of that ratio."""

    ratio: float
    low: float
    high: float
    verdict: Verdict | None = None

    def graded(self, verdict: Verdict) -> Change:
        """Give the same change with a verdict."""
        return replace(self, verdict=verdict)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of a comparison; without a verdict it was not judged, and `reason` says why."""

    name: str
    baseline: float
    current: float
    verdict: Verdict | None = None
    reason: str = ""
    change: Change | None = None

    def graded(self, verdict: Verdict | None, reason: str = "") -> Metric:
        """Give the same metric with a verdict."""
        return replace(self, verdict=verdict, reason=reason)

    def with_change(self, change: Change) -> Metric:
        """Give the same metric with the change that was judged."""
        return replace(self, change=change, verdict=change.verdict)

    @property
    def change_pct(self) -> float | None:
        """The change in per cent; None from zero, or when a value is not finite."""
        if not self.baseline or not isfinite(self.baseline) or not isfinite(self.current):
            return None
        return (self.current - self.baseline) / self.baseline * PERCENT

    def to_json(self) -> JsonObject:
        """Give the guide's members, the verdict, its reason and the interval of the change."""
        bounds: JsonValue = None
        if self.change is not None:
            bounds = [_percent(self.change.low), _percent(self.change.high)]
        return {
            "baseline": finite(self.baseline),
            "current": finite(self.current),
            "change_pct": finite(self.change_pct),
            "regression": self.verdict is Verdict.FAIL,
            "verdict": None if self.verdict is None else self.verdict.value,
            "interval_pct": bounds,
            "reason": self.reason,
        }


def finite(number: float | None) -> float | None:
    """Give a number that JSON can write, rounded; None for one that it cannot."""
    if number is None or isnan(number) or number in {inf, -inf}:
        return None
    return round(number, DIGITS)


def _percent(ratio: float) -> float | None:
    return finite((ratio - 1) * PERCENT)
