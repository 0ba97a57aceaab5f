"""The numbers of one arm: how many calls, how they ended, how long they took."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import Final

from client_sdk.canary.hearing import Heard, Kind
from client_sdk.canary.saved import real, reals, whole
from client_sdk.clock import Clock, SystemClock
from client_sdk.contract.values import JsonObject

MOST_SAMPLES: Final = 2_000


@dataclass(slots=True)
class CanaryMetrics:
    """What one arm has done so far; `latency_samples` are the latest two thousand.

    Refusals (4xx) and answers without a status are neither successes nor errors; they are counted
    apart.

    Example:
        >>> CanaryMetrics(requests_total=200, requests_error=3).error_rate
        0.015
    """

    requests_total: int = 0
    requests_success: int = 0
    requests_error: int = 0
    latency_sum_ms: float = 0.0
    latency_samples: list[float] = field(default_factory=list)
    start_time: float | None = None
    requests_refused: int = field(default=0, kw_only=True)
    requests_unknown: int = field(default=0, kw_only=True)
    timeouts: int = field(default=0, kw_only=True)
    clock: Clock = field(default_factory=SystemClock, kw_only=True, repr=False, compare=False)
    began: float = field(default=0.0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        now = self.clock.time()
        if self.start_time is None:
            self.start_time = now
        self.began = self.clock.monotonic() - (now - self.start_time)
        self.latency_samples = list(self.latency_samples)[-MOST_SAMPLES:]

    @property
    def error_rate(self) -> float:
        """Errors as a share of all calls; 0 before the first call."""
        return self.requests_error / self.requests_total if self.requests_total else 0.0

    @property
    def refusal_rate(self) -> float:
        """Refusals and answers without a status as a share of all calls."""
        odd = self.requests_refused + self.requests_unknown
        return odd / self.requests_total if self.requests_total else 0.0

    @property
    def mean_latency_ms(self) -> float:
        """The mean over all calls, those that raised too; 0 before the first call."""
        calls = self.requests_total or len(self.latency_samples)
        return self.latency_sum_ms / calls if calls else 0.0

    @property
    def p95_latency_ms(self) -> float:
        """The nearest-rank 95th percentile of the latest calls; 0 before the first call."""
        return percentile(sorted(self.latency_samples), 0.95)

    @property
    def uptime_seconds(self) -> float:
        """Seconds since these numbers began, by a clock that does not jump."""
        return self.clock.monotonic() - self.began

    def add(self, heard: Heard) -> None:
        """Count one call."""
        self.requests_total += 1
        self.requests_success += heard.kind is Kind.SUCCESS
        self.requests_error += heard.kind is Kind.ERROR
        self.requests_refused += heard.kind is Kind.REFUSED
        self.requests_unknown += heard.kind is Kind.UNKNOWN
        self.timeouts += heard.timed_out
        self.latency_sum_ms += heard.latency_ms
        self.latency_samples.append(heard.latency_ms)
        if len(self.latency_samples) > MOST_SAMPLES:
            del self.latency_samples[0]

    def snapshot(self) -> JsonObject:
        """Give the numbers as JSON."""
        return {
            "requests_total": self.requests_total,
            "requests_success": self.requests_success,
            "requests_error": self.requests_error,
            "requests_refused": self.requests_refused,
            "requests_unknown": self.requests_unknown,
            "timeouts": self.timeouts,
            "error_rate": self.error_rate,
            "mean_latency_ms": self.mean_latency_ms,
            "p95_latency_ms": self.p95_latency_ms,
            "uptime_seconds": self.uptime_seconds,
        }

    def to_json(self) -> JsonObject:
        """Give everything that `metrics_from_json` needs."""
        return {
            **self.snapshot(),
            "latency_sum_ms": self.latency_sum_ms,
            "latency_samples": [*self.latency_samples],
            "start_time": self.start_time,
        }


def metrics_from_json(saved: JsonObject, clock: Clock) -> CanaryMetrics:
    """Go on from what `to_json` gave; the time in between counts for nothing."""
    metrics = CanaryMetrics(
        whole(saved, "requests_total"),
        whole(saved, "requests_success"),
        whole(saved, "requests_error"),
        real(saved, "latency_sum_ms"),
        reals(saved, "latency_samples"),
        real(saved, "start_time"),
        requests_refused=whole(saved, "requests_refused"),
        requests_unknown=whole(saved, "requests_unknown"),
        timeouts=whole(saved, "timeouts"),
        clock=clock,
    )
    metrics.began = clock.monotonic() - real(saved, "uptime_seconds")
    return metrics


def percentile(ordered: list[float], share: float) -> float:
    """Give the nearest-rank percentile of an ordered list; 0 of an empty one."""
    return ordered[ceil(share * len(ordered)) - 1] if ordered else 0.0
