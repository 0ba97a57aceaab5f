"""Compares two results: may they be compared, and is any metric worse?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from client_sdk.bench.comparison import METRICS, Rule, metric_of
from client_sdk.bench.refusal import real_number
from client_sdk.bench.result import BenchmarkResult
from client_sdk.bench.verdicts import Metric, Verdict, finite, gravest
from client_sdk.contract.values import JsonObject, JsonValue

# A few outliers make a mean, and with it throughput, as uncertain as a tail. By default these can
# fail a comparison but hold none up; what must be shown is the geometric mean.
DECISIVE: Final = ("error_rate", "peak_memory_mb")
METHODS: Final = ("interval", "threshold")
PERCENT: Final = 100.0
LIKE: Final = {
    "name": "the benchmarks are different ones",
    "tool": "they measure different tools",
    "rate": "the calls came at different rates",
    "concurrency": "different numbers of calls ran side by side",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two results.

    `reasons` say why they must not be compared. A metric without a verdict counts for nothing,
    and one that is not in `decisive` only when it fails.
    """

    baseline_name: str
    current_name: str
    threshold_pct: float
    metrics: tuple[Metric, ...]
    reasons: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of what decides; not comparable when there is a reason."""
        if self.reasons:
            return Verdict.NOT_COMPARABLE
        return gravest(
            each.verdict
            for each in self.metrics
            if each.verdict is Verdict.FAIL
            or (each.name in self.decisive and each.verdict is not None)
        )

    @property
    def undecided(self) -> tuple[str, ...]:
        """The metrics that are neither shown to be worse nor shown not to be."""
        return tuple(each.name for each in self.metrics if each.verdict is Verdict.INCONCLUSIVE)

    @property
    def has_regression(self) -> bool:
        """Whether any metric is shown to be worse."""
        return self.verdict is Verdict.FAIL

    def to_json(self) -> JsonObject:
        """Give the guide's members, the verdict, and why it is not comparable if so."""
        listed: dict[str, JsonObject] = {each.name: each.to_json() for each in self.metrics}
        if self.reasons:
            listed = {name: metric | {"regression": False} for name, metric in listed.items()}
        throughput = next((m for m in self.metrics if m.name == "throughput_ops_sec"), None)
        reasons: list[JsonValue] = list(self.reasons)
        undecided: list[JsonValue] = list(self.undecided)
        return {
            "baseline_name": self.baseline_name,
            "current_name": self.current_name,
            "metrics": {**listed},
            "throughput_change_pct": finite(throughput.change_pct) if throughput else None,
            "has_regression": self.has_regression,
            "threshold_pct": self.threshold_pct,
            "verdict": self.verdict.value,
            "reasons": reasons,
            "undecided": undecided,
        }


def compare_results(  # noqa: PLR0913 - what a comparison depends on, all of it by name
    baseline: BenchmarkResult,
    current: BenchmarkResult,
    threshold_pct: float = 10.0,
    *,
    method: str = "interval",
    alpha: float = 0.01,
    metrics: Sequence[str] | None = None,
    noise_floor_pct: float | None = None,
    same_environment: bool = True,
) -> Comparison:
    """Compare two results of one benchmark.

    Args:
        baseline: what was measured before.
        current: what was measured now.
        threshold_pct: the smallest change that matters.
        method: `interval`, or `threshold` for the bare rule on point estimates.
        alpha: how often each bound of an interval may miss.
        metrics: which metrics must be shown to be no worse; by default the typical latency
            (the geometric mean), errors and memory, while any other may still fail.
        noise_floor_pct: a change below it is noise, however sure it is.
        same_environment: refuse results of different machines or versions of Python.

    Raises:
        ValueError: an argument is out of its range or misspelt.
    """
    _check_results(baseline=baseline, current=current)
    rule = _rule(threshold_pct, method, alpha, noise_floor_pct)
    chosen = METRICS if metrics is None else _known_metrics(metrics)
    judged = tuple(metric_of(name, baseline, current, rule) for name in chosen)
    return Comparison(
        baseline.name,
        current.name,
        threshold_pct,
        judged,
        _differences(baseline, current, same_environment=same_environment),
        (_location(judged), *DECISIVE) if metrics is None else chosen,
    )


def _check_results(**given: object) -> None:
    for name, each in given.items():
        if not isinstance(each, BenchmarkResult):
            raise ValueError(f"{name}: {each!r} is no BenchmarkResult")  # noqa: TRY004 - as every other argument that cannot be meant


def _known_metrics(metrics: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(metrics)
    unknown = [name for name in chosen if name not in METRICS]
    if unknown or not chosen:
        raise ValueError(f"metrics: {unknown or 'none'}; known are {', '.join(METRICS)}")
    return chosen


def _location(judged: Sequence[Metric]) -> str:
    """The metric that must be shown to be no worse; without samples only the mean is known."""
    known = {each.name for each in judged if each.verdict is not None}
    return "typical_ms" if "typical_ms" in known else "mean_ms"


def _rule(threshold_pct: float, method: str, alpha: float, noise_floor_pct: float | None) -> Rule:
    if method not in METHODS:
        raise ValueError(f"method: {method!r} is none of {', '.join(METHODS)}")
    real_number("threshold_pct", threshold_pct)
    if not 0 < real_number("alpha", alpha) < 0.2:  # noqa: PLR2004 - beyond it every second answer would be chance
        raise ValueError(f"alpha: {alpha!r} is not between 0 and 0.2")
    floor = real_number("noise_floor_pct", noise_floor_pct or 0.0)
    return Rule(threshold_pct / PERCENT, alpha, floor / PERCENT, bare=method == "threshold")


def _differences(
    baseline: BenchmarkResult, current: BenchmarkResult, *, same_environment: bool
) -> tuple[str, ...]:
    found = [
        f"{said} ({before} and {after})"
        for name, said in LIKE.items()
        if (before := getattr(baseline, name)) != (after := getattr(current, name))
    ]
    if same_environment and baseline.fingerprint != current.fingerprint:
        found.append(f"the environments differ: {_named(baseline, current)}")
    return tuple(found)


def _named(baseline: BenchmarkResult, current: BenchmarkResult) -> str:
    names = sorted({*baseline.fingerprint, *current.fingerprint})
    before, after = baseline.fingerprint, current.fingerprint
    return ", ".join(
        f"{name} {before.get(name, 'unknown')} and {after.get(name, 'unknown')}"
        for name in names
        if before.get(name) != after.get(name)
    )
