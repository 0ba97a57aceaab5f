"""Gates: `"p99<500ms"`, `"error_rate<1%"`, `"create_escrow:p95<=300ms"`.

Errors come first: unless a gate says how many are allowed, there must be none. A limit that the
sample is too small for, or that dropped calls might have broken, is inconclusive and no pass.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from client_sdk.bench.result import BenchmarkResult
from client_sdk.bench.samples import is_supported, samples_needed
from client_sdk.bench.verdicts import Verdict, finite, gravest
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject

GATE: Final = re.compile(
    r"\s*(?:(?P<name>.+):)?\s*(?P<metric>[a-z_]+[0-9]{0,2}(?:\.[0-9]{1,4})?)\s*"
    r"(?P<operator><=|>=|<|>)\s*(?P<limit>[0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(?P<unit>[A-Za-z%/]*)\s*"
)
PERCENTILE: Final = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,4})?)")
OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TIMES: Final = {"": 1.0, "us": 0.001, "ms": 1.0, "s": 1000.0}
SHARES: Final = {"": 1.0, "%": 0.01}
SIZES: Final = {"": 1.0, "MB": 1.0, "MiB": 1.0}
BYTES: Final = {"": 1.0, "B": 1.0, "kB": 1_000.0, "KB": 1_000.0, "MB": 1_000_000.0}
RATES: Final = {"": 1.0, "/s": 1.0, "ops/s": 1.0}
COUNTS: Final = {"": 1.0}
METRICS: Final[dict[str, tuple[str, dict[str, float]]]] = {
    "mean": ("mean_ms", TIMES),
    "median": ("median_ms", TIMES),
    "min": ("min_ms", TIMES),
    "max": ("max_ms", TIMES),
    "std_dev": ("std_dev_ms", TIMES),
    "error_rate": ("error_rate", SHARES),
    "errors": ("errors", COUNTS),
    "warmup_errors": ("warmup_errors", COUNTS),
    "dropped": ("dropped", COUNTS),
    "iterations": ("iterations", COUNTS),
    "throughput": ("throughput_ops_sec", RATES),
    "memory": ("peak_memory_mb", SIZES),
    "max_bytes": ("max_bytes", BYTES),
}
ERRORS: Final = frozenset({"error_rate", "errors"})


class GateMalformed(ValueError):
    """A gate cannot be read; the message says what it may look like."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One limit; `name` is that of the benchmark it is for, None for all of them.

    Example:
        >>> parse_gate("p99<0.5s").limit
        500.0
    """

    text: str
    metric: str
    operator: str
    limit: float
    name: str | None = None

    def check(self, result: BenchmarkResult) -> GateOutcome:
        """Hold the limit against a result."""
        value = _value_of(self.metric, result)
        if value is None:
            return GateOutcome(self, result.name, None, Verdict.INCONCLUSIVE, "not measured")
        holds = OPERATORS[self.operator](value, self.limit)
        verdict = Verdict.PASS if holds and isfinite(value) else Verdict.FAIL
        doubt = self._doubt(result) if isfinite(value) else "nothing succeeded"
        if doubt and (verdict is Verdict.PASS or "samples" in doubt):
            return GateOutcome(self, result.name, value, Verdict.INCONCLUSIVE, doubt)
        return GateOutcome(self, result.name, value, verdict, doubt)

    def _doubt(self, result: BenchmarkResult) -> str:
        share = _share_of(self.metric)
        if share is not None and not is_supported(result.successes, share):
            needed = samples_needed(share)
            return f"{self.metric} needs {needed} samples, there are {result.successes}"
        is_latency = share is not None or METRICS[self.metric][1] is TIMES
        if is_latency and result.dropped:
            return f"{result.dropped} calls were dropped, and would have been the slowest"
        return ""


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """What came of one gate on one result; `reason` says why it is not a plain yes or no."""

    gate: Gate
    result_name: str
    value: float | None
    verdict: Verdict
    reason: str = ""

    def __str__(self) -> str:
        measured = "nothing" if self.value is None else f"{self.value:g}"
        said = f"{self.result_name}: {self.gate.text}: {self.verdict.value}, measured {measured}"
        return f"{said} ({self.reason})" if self.reason else said

    def to_json(self) -> JsonObject:
        """Give the gate's text, the benchmark, the value and the verdict."""
        return {
            "gate": self.gate.text,
            "benchmark": self.result_name,
            "value": finite(self.value),
            "verdict": self.verdict.value,
            "reason": self.reason,
        }


NO_ERRORS: Final = Gate("error_rate<=0%", "error_rate", "<=", 0.0)


def parse_gate(text: str) -> Gate:
    """Read one gate.

    Raises:
        GateMalformed: it is none, its metric is unknown, or the unit does not belong to it.
    """
    found = GATE.fullmatch(str(text))  # a marker of pytest hands over anything
    if found is None:
        raise GateMalformed(f"gate: {text!r} is not like p99<500ms, error_rate<1% or NAME:p95<2s")
    metric, unit = found["metric"], found["unit"]
    units = TIMES if _share_of(metric) is not None else _units_of(metric, text)
    if unit not in units:
        known = ", ".join(each for each in units if each) or "none"
        raise GateMalformed(f"gate: {text!r}: {unit!r} is no unit of {metric}; units: {known}")
    # Rounded, because 300 µs times 0.001 is a little more than 0.3.
    limit = round(float(found["limit"]) * units[unit], 9)
    return Gate(text.strip(), metric, found["operator"], limit, found["name"])


def check_gates(
    results: Iterable[BenchmarkResult], expressions: Sequence[str]
) -> tuple[GateOutcome, ...]:
    """Hold gates against results: each gate for all of them, or for the one that it names.

    Raises:
        GateMalformed: an expression cannot be read, or names a benchmark that is not there.
    """
    known = tuple(results)
    gates = [parse_gate(each) for each in expressions]
    names = {result.name for result in known}
    for gate in gates:
        if gate.name is not None and gate.name not in names:
            raise GateMalformed(f"gate: {gate.text!r}: there is no benchmark {gate.name!r}")
    return tuple(gate.check(result) for result in known for gate in _gates_of(result, gates))


def verdict_of(outcomes: Iterable[GateOutcome]) -> Verdict:
    """Give the gravest verdict; inconclusive when there was no gate at all."""
    return gravest(each.verdict for each in outcomes)


def _gates_of(result: BenchmarkResult, gates: list[Gate]) -> list[Gate]:
    mine = [gate for gate in gates if gate.name in {None, result.name}]
    says_errors = any(gate.metric in ERRORS for gate in mine)
    return mine if says_errors else [NO_ERRORS, *mine]


def _units_of(metric: str, text: str) -> dict[str, float]:
    if metric in METRICS:
        return METRICS[metric][1]
    meant = near_miss(metric, METRICS)
    hint = f"did you mean {meant}?" if meant else f"known: p50, p95, p99, {', '.join(METRICS)}"
    raise GateMalformed(f"gate: {text!r}: there is no metric {metric}; {hint}")


def _share_of(metric: str) -> float | None:
    if metric == "median":
        return 0.5
    found = PERCENTILE.fullmatch(metric)
    return None if found is None else float(found[1]) / 100


def _value_of(metric: str, result: BenchmarkResult) -> float | None:
    share = _share_of(metric)
    if share is not None:
        stored = {0.5: result.median_ms, 0.95: result.p95_ms, 0.99: result.p99_ms}
        return stored[share] if share in stored else result.percentile(share)
    if metric == "memory" and result.memory == "off":
        return None
    value: float | None = getattr(result, METRICS[metric][0])
    return value
