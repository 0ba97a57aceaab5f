"""One run: set up, warm up, measure, look at the memory, tear down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from client_sdk.bench.load import Load, Measured, Work, measure
from client_sdk.bench.machine import (
    Memory,
    collector,
    connections_opened,
    fingerprint,
    resident_mb,
    traced_mb,
)
from client_sdk.bench.refusal import BenchmarkRefused, function
from client_sdk.bench.result import BenchmarkResult, summary_of
from client_sdk.bench.work import ToolWork, WorkflowWork
from client_sdk.clock import Clock, timestamp_of
from client_sdk.errors import Unreachable
from client_sdk.exchange import Executes

UNREACHABLE: Final = Unreachable.__name__
TRACED_CALLS: Final = 20  # many times slower, and every one a call like the others
MILLISECONDS: Final = 1_000.0


@dataclass(frozen=True, slots=True)
class Hooks:
    """What stands around the measured calls."""

    setup: Callable[[], object] | None = None
    teardown: Callable[[], object] | None = None
    warmup_iterations: int = 0

    def __post_init__(self) -> None:
        for name, each in {"setup": self.setup, "teardown": self.teardown}.items():
            if each is not None:
                function(name, each)


@dataclass(frozen=True, slots=True)
class Bench:
    """A client, and how its calls are measured."""

    client: Executes
    clock: Clock
    collects: bool
    memory: Memory

    def run(self, name: str, work: Work, load: Load, hooks: Hooks) -> BenchmarkResult:
        """Measure one piece of work; the teardown is called whatever happens."""
        try:
            if hooks.setup is not None:
                hooks.setup()
            failed = self.warm_up(work, hooks.warmup_iterations)
            before = connections_opened(self.client)
            with collector(on=self.collects):
                measured = measure(work, load, self.clock)
            after = connections_opened(self.client)
            opened = None if before is None or after is None else after - before
            details = _details(work) | {"warmup_errors": failed, "connections": opened}
            return self.result(
                name, measured, load, peak_memory_mb=self._peak(work, load), **details
            )
        finally:
            if hooks.teardown is not None:
                hooks.teardown()

    def warm_up(self, work: Work, iterations: int) -> int:
        """Make calls that are not measured, numbered downwards from -1; give how many failed.

        Raises:
            Unreachable: not one of them was answered.
        """
        failures = [_failure(work, number) for number in range(-1, -iterations - 1, -1)]
        if failures and all(failure == UNREACHABLE for failure in failures):
            raise Unreachable("nothing answered the warm-up calls: there is nothing to measure")
        if isinstance(work, WorkflowWork):
            work.steps.clear()
        return sum(failure is not None for failure in failures)

    def result(
        self,
        name: str,
        measured: Measured,
        load: Load,
        *,
        peak_memory_mb: float = 0.0,
        **details: Any,  # noqa: ANN401 - fields of the result
    ) -> BenchmarkResult:
        """Give the result of what was measured: successes and failures apart."""
        good = [each for each in measured.calls if each.judged.failure is None]
        kinds = Counter(each.judged.failure for each in measured.calls if each.judged.failure)
        sizes = [each.judged.size for each in measured.calls if each.judged.size is not None]
        latencies = [each.latency_ms for each in good]
        seconds = measured.total_ms / MILLISECONDS
        numbers: dict[str, Any] = summary_of(sorted(latencies)) | details
        return BenchmarkResult(
            name=name,
            iterations=len(measured.calls),
            total_time_ms=measured.total_ms,
            throughput_ops_sec=len(good) / seconds if seconds > 0 else 0.0,
            errors=len(measured.calls) - len(good),
            peak_memory_mb=peak_memory_mb,
            latencies=latencies,
            failures=[each.latency_ms for each in measured.calls if each.judged.failure],
            service_ms=[each.service_ms for each in good] if load.rate else [],
            error_kinds=dict(kinds),
            dropped=measured.dropped,
            rate=load.rate,
            concurrency=load.concurrency,
            max_bytes=max(sizes, default=None),
            memory=self.memory.value,
            fingerprint=fingerprint(),
            measured_at=timestamp_of(self.clock),
            **numbers,
        )

    def _peak(self, work: Work, load: Load) -> float:
        """The memory, measured when no call is timed."""
        if self.memory is Memory.RSS:
            return resident_mb()
        if self.memory is Memory.OFF:
            return 0.0
        calls = min(TRACED_CALLS, load.most_calls)
        return traced_mb(lambda: _repeat(work, calls))


def _repeat(work: Work, calls: int) -> None:
    for number in range(calls):
        _failure(work, number)


def _failure(work: Work, number: int) -> str | None:
    try:
        outcome = work.perform(number)
    except BenchmarkRefused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a call raises is its failure
        outcome = error
    return work.judge(outcome).failure


def _details(work: Work) -> dict[str, Any]:
    if isinstance(work, WorkflowWork):
        return {"steps": {name: list(times) for name, times in work.steps.items()}}
    return {"tool": work.tool} if isinstance(work, ToolWork) else {}
