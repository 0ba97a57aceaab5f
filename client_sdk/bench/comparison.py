"""Is the second result worse than the first? Decided on intervals, never on two points.

A metric fails when it grew by more than the threshold *and* the interval of its ratio lies above
the noise floor. It passes when the interval stays within the threshold, and is inconclusive in
between: more samples decide. Percentile bounds are order statistics, joined on the logarithmic
scale (the method of variance estimates recovery); nothing is resampled, so a comparison of ten
thousand samples takes milliseconds and gives the same answer every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, isnan, log, sqrt
from typing import Final

from client_sdk.bench.machine import Memory
from client_sdk.bench.proportions import more_errors_by_chance
from client_sdk.bench.result import SHARES, BenchmarkResult
from client_sdk.bench.samples import FEWEST, Interval, mean_interval, student, typical
from client_sdk.bench.verdicts import Change, Metric, Verdict

# The geometric mean wastes least of a sample, so it gets most of the false alarms there may be.
TYPICAL_SHARE: Final = 2.5
DOUBTFUL: Final = 10  # times alpha: errors that are hardly chance, but might be
LATENCY_METRICS: Final = ("mean_ms", *SHARES)
METRICS: Final = (
    *LATENCY_METRICS,
    "typical_ms",
    "throughput_ops_sec",
    "error_rate",
    "peak_memory_mb",
)
SMALLEST_GROWTH_MB: Final = 1.0
PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Rule:
    """When a change counts: its size, how sure one must be, and how much is noise anyway."""

    threshold: float
    alpha: float
    noise_floor: float
    bare: bool = False

    def judged(self, change: Change, *, upward_is_bad: bool = True) -> Change:
        """Grade a change from its ratio and the interval of it."""
        worse, low, high = change.ratio, change.low, change.high
        if not upward_is_bad:
            worse, low, high = _inverse(worse), _inverse(high), _inverse(low)
        limit = 1 + self.threshold
        if not upward_is_bad:
            limit = 1 / (1 - min(self.threshold, 0.99))
        if self.bare:
            return change.graded(Verdict.FAIL if worse > limit else Verdict.PASS)
        if worse > limit and low > 1 + self.noise_floor:
            return change.graded(Verdict.FAIL)
        if high <= max(limit, 1 + self.noise_floor):
            return change.graded(Verdict.PASS)
        return change.graded(Verdict.INCONCLUSIVE)


def metric_of(name: str, base: BenchmarkResult, current: BenchmarkResult, rule: Rule) -> Metric:
    """Compare one metric of two results."""
    if name == "error_rate":
        return _errors(base, current, rule)
    if name == "peak_memory_mb":
        return _memory(base, current, rule)
    if name == "throughput_ops_sec":
        return _throughput(base, current, rule)
    if name == "typical_ms":
        return _typical(base, current, rule)
    return _latency(name, base, current, rule)


def _latency(name: str, base: BenchmarkResult, current: BenchmarkResult, rule: Rule) -> Metric:
    before, after = getattr(base, name), getattr(current, name)
    points = Metric(name, before, after)
    if not base.successes or not current.successes:
        return points.graded(Verdict.FAIL if base.successes else Verdict.INCONCLUSIVE, "no success")
    if isnan(before) or isnan(after):
        return points.graded(Verdict.INCONCLUSIVE, "not a number")
    if rule.bare:
        return _graded(points, rule, None, None)
    if name in {*base.unsupported, *current.unsupported}:
        return points.graded(None, "too few samples for this percentile")
    old, new = base.interval(name, rule.alpha), current.interval(name, rule.alpha)
    return _graded(points, rule, old, new)


def _graded(points: Metric, rule: Rule, old: Interval | None, new: Interval | None) -> Metric:
    """Grade two values with their intervals; without them only their points are known."""
    if points.baseline <= 0:
        grew = points.current > 0 and (new is None or new.low > 0)
        return points.graded(Verdict.FAIL if grew else Verdict.PASS, "the baseline is zero")
    ratio = points.current / points.baseline
    if old is None or new is None or points.current <= 0:
        bound = (ratio, ratio) if rule.bare or points.current <= 0 else (0.0, inf)
        return points.with_change(rule.judged(Change(ratio, *bound)))
    return points.with_change(rule.judged(_joined(ratio, old, new)))


def _joined(ratio: float, old: Interval, new: Interval) -> Change:
    down = _distance(new.value, new.low), _distance(old.high, old.value)
    up = _distance(new.high, new.value), _distance(old.value, old.low)
    return Change(ratio, ratio * exp(-sqrt(sum(x * x for x in down))), ratio * _exp(up))


def _distance(high: float, low: float) -> float:
    if low <= 0 or not isfinite(high):
        return inf
    return log(high / low)


def _exp(sides: Sequence[float]) -> float:
    width = sqrt(sum(side * side for side in sides))
    return exp(width) if width < 700 else inf  # noqa: PLR2004 - beyond it a double has no value


def _typical(base: BenchmarkResult, current: BenchmarkResult, rule: Rule) -> Metric:
    """The geometric means, by Welch's t on the logarithms."""
    (old, old_spread, old_count) = typical(base.latencies)
    (new, new_spread, new_count) = typical(current.latencies)
    points = Metric("typical_ms", exp(old), exp(new))
    if min(old_count, new_count) < FEWEST:
        return points.graded(None, f"at least {FEWEST} samples are needed")
    if rule.bare:
        return points.graded(None, "only part of the interval method")
    old_part, new_part = old_spread / old_count, new_spread / new_count
    variance = old_part + new_part
    width = 0.0
    if variance > 0:
        parts = old_part**2 / (old_count - 1) + new_part**2 / (new_count - 1)
        width = student(rule.alpha * TYPICAL_SHARE, variance**2 / parts) * sqrt(variance)
    ratio = exp(new - old)
    return points.with_change(
        rule.judged(Change(ratio, ratio * exp(-width), ratio * _exp([width])))
    )


def _throughput(base: BenchmarkResult, current: BenchmarkResult, rule: Rule) -> Metric:
    """Goodput: what succeeded in a second; as uncertain as the mean of all calls."""
    before, after = base.throughput_ops_sec, current.throughput_ops_sec
    points = Metric("throughput_ops_sec", before, after)
    if before <= 0:
        return points.graded(None, "the baseline is zero")
    if after <= 0:
        return points.graded(Verdict.FAIL, "nothing succeeded")
    ratio = after / before
    old, new = _mean_of_all(base, rule.alpha), _mean_of_all(current, rule.alpha)
    joined = _joined(ratio, old, new)
    return points.with_change(rule.judged(joined, upward_is_bad=False))


def _mean_of_all(result: BenchmarkResult, alpha: float) -> Interval:
    return mean_interval(result.mean_ms, result.std_dev_ms, result.successes, alpha)


def _errors(base: BenchmarkResult, current: BenchmarkResult, rule: Rule) -> Metric:
    points = Metric("error_rate", base.error_rate, current.error_rate)
    if current.error_rate <= base.error_rate:
        return points.graded(Verdict.PASS)
    if rule.bare:
        return points.graded(Verdict.FAIL)
    chance = more_errors_by_chance(
        (base.errors, base.iterations), (current.errors, current.iterations)
    )
    if chance <= rule.alpha:
        return points.graded(Verdict.FAIL)
    doubtful = chance <= DOUBTFUL * rule.alpha
    return points.graded(Verdict.INCONCLUSIVE if doubtful else Verdict.PASS)


def _memory(base: BenchmarkResult, current: BenchmarkResult, rule: Rule) -> Metric:
    before, after = base.peak_memory_mb, current.peak_memory_mb
    points = Metric("peak_memory_mb", before, after)
    if base.memory != current.memory:
        return points.graded(None, "measured in different ways")
    if before <= 0 or after <= 0:
        return points.graded(None, "not measured")
    if base.memory == Memory.RSS:
        # Another test that ran before, or one more import, is no regression of this benchmark.
        return points.graded(None, "the peak of a process includes what ran before")
    grew = after > before * (1 + rule.threshold) and after - before > SMALLEST_GROWTH_MB
    return points.graded(Verdict.FAIL if grew else Verdict.PASS)


def _inverse(number: float) -> float:
    return 1 / number if number > 0 else inf
