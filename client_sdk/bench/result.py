"""What a benchmark measured: the guide's fields, successes and failures kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields
from decimal import Decimal
from math import fsum, inf, isfinite, sqrt
from typing import Any, Final

from client_sdk.bench.refusal import FileRefused
from client_sdk.bench.samples import (
    Interval,
    histogram,
    is_supported,
    mean_interval,
    percentile,
    percentile_interval,
    thinned,
)
from client_sdk.contract.values import JsonObject, JsonValue

SHARES: Final[Mapping[str, float]] = {"median_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
MOST_SAVED: Final = 5_000  # samples of one kind in a saved result; evenly spread by rank
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """Numbers about successful calls in milliseconds, and how many calls failed.

    Percentiles are those of nearest rank; `unsupported` names those that the sample is too small
    for. Without one success every latency is infinite, so that no limit on it holds.
    `throughput_ops_sec` counts successes only.

    `latencies` are those of successes, `failures` those of failed calls. With a `rate`, latency
    counts from the moment a call was due, `service_ms` from when it was sent. `dropped` calls
    were due and never sent. `memory` says how `peak_memory_mb` was measured.
    """

    name: str
    iterations: int
    total_time_ms: float
    mean_ms: float
    median_ms: float
    p95_ms: float
    p99_ms: float
    min_ms: float
    max_ms: float
    std_dev_ms: float
    throughput_ops_sec: float
    errors: int
    peak_memory_mb: float
    latencies: list[float] = field(default_factory=list)
    _: KW_ONLY
    tool: str | None = None
    failures: list[float] = field(default_factory=list)
    service_ms: list[float] = field(default_factory=list)
    error_kinds: dict[str, int] = field(default_factory=dict)
    warmup_errors: int = 0
    dropped: int = 0
    rate: float | None = None
    concurrency: int = 1
    max_bytes: int | None = None
    connections: int | None = None
    memory: str = "off"
    steps: dict[str, list[float]] = field(default_factory=dict)
    fingerprint: dict[str, str] = field(default_factory=dict)
    measured_at: str = ""

    @property
    def successes(self) -> int:
        """How many calls succeeded."""
        return self.iterations - self.errors

    @property
    def error_rate(self) -> float:
        """The share of failed calls; 1 when none was made."""
        return self.errors / self.iterations if self.iterations else 1.0

    @property
    def unsupported(self) -> tuple[str, ...]:
        """The percentiles that are only the maximum under another name: too few successes."""
        return tuple(
            name for name, share in SHARES.items() if not is_supported(self.successes, share)
        )

    def interval(self, metric: str, alpha: float = 0.01) -> Interval | None:
        """Give a latency metric with its bounds, each missed with probability `alpha` at most.

        None when the samples are gone, and for a percentile that they do not support.
        """
        if metric == "mean_ms":
            return mean_interval(self.mean_ms, self.std_dev_ms, self.successes, alpha)
        if metric not in SHARES or not self.latencies or metric in self.unsupported:
            return None
        return percentile_interval(sorted(self.latencies), SHARES[metric], alpha)

    @property
    def ci(self) -> dict[str, tuple[float, float]]:
        """The bounds of each latency metric, at 98 % confidence."""
        found = ((name, self.interval(name)) for name in ("mean_ms", *SHARES))
        return {name: (each.low, each.high) for name, each in found if each is not None}

    def percentile(self, share: float) -> float:
        """Give any percentile of the successes; infinite when there is none.

        Raises:
            ValueError: the share is not between 0 and 1.
        """
        return percentile(sorted(self.latencies), share) if self.latencies else inf

    def histograms(self) -> dict[str, list[tuple[float, int]]]:
        """Give (upper bound in ms, count) of successes and of failures."""
        return {"success": histogram(self.latencies), "failure": histogram(self.failures)}

    def to_json(self) -> JsonObject:
        """Give the result as JSON; long samples are thinned, an infinite number becomes null."""
        return {each.name: _written(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def from_json(cls, value: JsonValue) -> BenchmarkResult:
        """Read a result that was written before.

        Raises:
            FileRefused: it is none; the message names the member.
        """
        if not isinstance(value, dict):
            raise FileRefused("result: a benchmark result is an object")
        known = {each.name: value[each.name] for each in fields(cls) if each.name in value}
        missing = [name for name in REQUIRED if name not in known]
        if missing:
            raise FileRefused(f"result: {missing[0]} is missing")
        result = cls(**{name: _read(name, member) for name, member in known.items()})
        if result.errors > result.iterations:
            raise FileRefused("result: errors are more than iterations")
        return result


REQUIRED: Final = tuple(each.name for each in fields(BenchmarkResult))[:13]
TEXTS: Final = frozenset({"name", "tool", "memory", "measured_at"})
COUNTS: Final = frozenset(
    {"iterations", "errors", "warmup_errors", "dropped", "concurrency", "max_bytes", "connections"}
)
OPTIONAL: Final = frozenset({"tool", "rate", "max_bytes", "connections"})
INFINITE: Final = frozenset(REQUIRED[3:10])  # latencies, when nothing succeeded


def summary_of(ordered: Sequence[float]) -> dict[str, float]:
    """Give the numbers of an ascending sample by their field names; all infinite when it is empty.

    An empty sample must not hold any limit.
    """
    if not ordered:
        names = ("mean_ms", *SHARES, "min_ms", "max_ms", "std_dev_ms")
        return dict.fromkeys(names, inf)
    mean = fsum(ordered) / len(ordered)
    spread = fsum((each - mean) ** 2 for each in ordered) / max(1, len(ordered) - 1)
    percentiles = {name: percentile(ordered, share) for name, share in SHARES.items()}
    ends = {"min_ms": ordered[0], "max_ms": ordered[-1]}
    return {"mean_ms": mean, "std_dev_ms": sqrt(spread)} | percentiles | ends


def _written(value: Any) -> JsonValue:  # noqa: ANN401 - a field of the result
    if isinstance(value, float):
        return round(value, DECIMALS) if isfinite(value) else None
    if isinstance(value, list):
        return [round(each, DECIMALS) for each in thinned(sorted(value), MOST_SAVED)]
    if isinstance(value, dict):
        return {name: _written(member) for name, member in value.items()}
    written: JsonValue = value
    return written


def _read(name: str, member: JsonValue) -> Any:  # noqa: ANN401 - the type that the field has
    if member is None and name in OPTIONAL:
        return None
    if member is None and name in INFINITE:
        return inf
    try:
        return _typed(name, member)
    except (TypeError, ValueError, AttributeError, OverflowError):
        raise FileRefused(f"result: {name} has another form") from None


def _typed(name: str, member: Any) -> Any:  # noqa: ANN401 - the type that the field has
    if name in TEXTS:
        return _checked(member, str)
    if name in COUNTS:
        return int(_number(_checked(member, int)))
    if name == "steps":
        return {step: [_number(each) for each in times] for step, times in member.items()}
    if name in {"error_kinds", "fingerprint"}:
        kind = int if name == "error_kinds" else str
        return {key: _checked(each, kind) for key, each in member.items()}
    if name in {"latencies", "failures", "service_ms"}:
        return [_number(each) for each in _checked(member, list)]
    return _number(member)


def _number(member: Any) -> float:  # noqa: ANN401 - whatever was read
    """Nothing that is measured is negative, and a text that looks like a number is none."""
    is_one = isinstance(member, int | float | Decimal) and not isinstance(member, bool)
    if not is_one or not 0 <= member < inf:
        raise TypeError("number")
    return float(member)


def _checked(member: Any, kind: type[Any]) -> Any:  # noqa: ANN401 - whatever was read
    if not isinstance(member, kind) or isinstance(member, bool):
        raise TypeError(kind.__name__)
    return member
