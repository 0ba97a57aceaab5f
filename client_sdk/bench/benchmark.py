"""Measures tools and workflows: how long they take, how often they fail, what they need."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, Final

from client_sdk.bench.baselines import (
    Baseline,
    BaselineCheck,
    check_baseline,
    load_baselines,
    save_baselines,
)
from client_sdk.bench.choices import Compat, word_of
from client_sdk.bench.clauses import PublishesEvidence, evidence_of
from client_sdk.bench.compare import compare_results
from client_sdk.bench.guard import CallBudget, refuse_playback
from client_sdk.bench.load import Load, Measured, Timed, Work, measure
from client_sdk.bench.machine import Memory
from client_sdk.bench.pairs import Pairs
from client_sdk.bench.refusal import function, named, whole_number
from client_sdk.bench.report import report_of
from client_sdk.bench.result import BenchmarkResult
from client_sdk.bench.running import Bench, Hooks
from client_sdk.bench.work import InputData, IsError, ToolWork, WorkflowWork, is_error_status
from client_sdk.clock import Clock, SystemClock, timestamp_of
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import BudgetGuard, Executes

THRESHOLD_PCT: Final = 10.0


class AgentBenchmark:
    """Measures a client; keeps every result for the report.

    Args:
        client: anything with `execute(tool, input_data)`.
        warmup_iterations: calls before the measuring; their errors are reported.
        is_error: says whether a result failed; by default a status of 400 or more, or none.
        clock: gives the time; a `VirtualClock` measures simulated time.
        gc: whether Python's collector may run while calls are timed.
        memory: `rss`, `off`, or `tracemalloc-pass` for further calls under Python's tracer.
        budget: the most calls of tools that may change something on a live service, or a
            `BudgetGuard` that counts what they spend; without it such a tool is refused there. A
            service on loopback is not live.
        allow_playback: measure a client that answers from a recording after all.
        compat: `guide` lets `compare` judge by the bare threshold on point estimates.

    Raises:
        BenchmarkRefused: the client answers from a recording.
        ValueError: an argument is out of its range or misspelt.

    Example:
        >>> from client_sdk.clock import VirtualClock
        >>> from client_sdk.exchange import Result
        >>> clock = VirtualClock()
        >>> class Slow:
        ...     def execute(self, tool, input_data):
        ...         clock.sleep(0.25)
        ...         return Result(200, {})
        >>> bench = AgentBenchmark(Slow(), clock=clock)
        >>> bench.benchmark_tool("balance", "get_balance", {}, iterations=20).p95_ms
        250.0
    """

    def __init__(  # noqa: PLR0913 - every addition to the guide's two is by name
        self,
        client: Executes,
        warmup_iterations: int = 5,
        *,
        is_error: IsError | None = None,
        clock: Clock | None = None,
        gc: bool = True,
        memory: str = Memory.RSS,
        budget: int | BudgetGuard | None = None,
        allow_playback: bool = False,
        compat: str = Compat.STRICT,
    ) -> None:
        self.client = budget.wrap(client) if isinstance(budget, BudgetGuard) else client
        self.warmup_iterations = whole_number("warmup_iterations", warmup_iterations, least=0)
        self.results: list[BenchmarkResult] = []
        self._is_error = is_error_status if is_error is None else is_error
        function("is_error", self._is_error)
        self._clock = clock or SystemClock()
        self._bench = Bench(
            self.client, self._clock, collects=gc, memory=word_of(Memory, "memory", memory)
        )
        self._compat = word_of(Compat, "compat", compat)
        self._budget = CallBudget(client, budget)
        if not allow_playback:
            refuse_playback(client)

    def benchmark_tool(  # noqa: PLR0913 - the guide's four, and by name how calls are made
        self,
        name: str,
        tool: str,
        input_data: InputData,
        iterations: int = 100,
        *,
        rate: float | None = None,
        concurrency: int = 1,
        duration: float | None = None,
        setup: Callable[[], object] | None = None,
        teardown: Callable[[], object] | None = None,
    ) -> BenchmarkResult:
        """Measure calls of one tool.

        Args:
            name: what the benchmark is called; results compare under one name.
            tool: the tool to call.
            input_data: its input, or a function that makes one from the number of the call;
                warm-up calls have negative numbers.
            iterations: how many calls are measured.
            rate: calls due in a second, whatever the target does; latency counts from then.
            concurrency: how many calls run side by side at most.
            duration: seconds to go on for, instead of a number of calls.
            setup: called once before the warm-up.
            teardown: called once after everything, whatever happened.

        Returns:
            The result; it is also kept for the report.

        Raises:
            ValueError: a number is out of its range.
            BenchmarkRefused: the tool may change something on a live service.
        """
        function("client.execute", getattr(self.client, "execute", None))
        load = Load(iterations, rate, concurrency, duration)
        work = ToolWork(self.client, tool, input_data, self._is_error, self._budget)
        self._budget.check(tool, self._planned(load))
        return self._kept(name, work, load, Hooks(setup, teardown, self.warmup_iterations))

    def benchmark_workflow(  # noqa: PLR0913 - the guide's three, and by name how runs are made
        self,
        name: str,
        workflow: Callable[..., object],
        iterations: int = 50,
        *,
        steps: bool = True,
        rate: float | None = None,
        concurrency: int = 1,
        duration: float | None = None,
        setup: Callable[[], object] | None = None,
        teardown: Callable[[], object] | None = None,
    ) -> BenchmarkResult:
        """Measure a workflow of several calls.

        A parameter of `workflow` that is called `step` gets a function to mark steps with:
        `step("pay")` begins one and ends the one before. Any other parameter gets the client. A
        run fails when it raises, when a call through that client fails, or when it returns a
        failed result. The other arguments are those of `benchmark_tool`.

        Raises:
            ValueError: a number is out of its range.
            BenchmarkRefused: a tool may change something on a live service.
        """
        function("workflow", workflow)
        load = Load(iterations, rate, concurrency, duration)
        work = WorkflowWork(
            self.client, workflow, self._is_error, self._budget, self._clock, keep_steps=steps
        )
        return self._kept(name, work, load, Hooks(setup, teardown, self.warmup_iterations))

    def compare(
        self,
        baseline: BenchmarkResult,
        current: BenchmarkResult,
        threshold_pct: float = THRESHOLD_PCT,
        **options: Any,  # noqa: ANN401 - those of compare_results
    ) -> JsonObject:
        """Compare two results; `options` are those of `compare_results`.

        Returns:
            `baseline_name`, `current_name`, `metrics`, `throughput_change_pct`,
            `has_regression`, `threshold_pct`, and `verdict`: pass, fail, inconclusive or
            not_comparable, with `reasons`.
        """
        chosen = {"method": self._compat.method, **options}
        return compare_results(baseline, current, threshold_pct, **chosen).to_json()

    def interleave(
        self,
        a: Callable[[], object],
        b: Callable[[], object],
        rounds: int,
        *,
        names: tuple[str, str] = ("a", "b"),
    ) -> Pairs:
        """Call two functions in turns, the first one changing from round to round.

        Raises:
            ValueError: `rounds` is no number above 0.
        """
        whole_number("rounds", rounds)
        works = [
            WorkflowWork(self.client, each, self._is_error, self._budget, self._clock)
            for each in (a, b)
        ]
        for work in works:
            self._bench.warm_up(work, self.warmup_iterations)
        lanes: tuple[list[Timed], list[Timed]] = ([], [])
        for number in range(rounds):
            for index in (0, 1) if number % 2 == 0 else (1, 0):
                lanes[index].append(measure(works[index], Load(1), self._clock).calls[0])
        first, second = (self._lane(*each) for each in zip(names, lanes, strict=True))
        pairs = zip(*lanes, strict=True)
        return Pairs(first, second, tuple(_latencies(x, y) for x, y in pairs if _both(x, y)))

    def generate_report(self, format: str = "markdown") -> str:  # noqa: A002 - the documented name
        """Report on every result as `markdown`, `json`, `svg` or `html`, with the time in UTC.

        Raises:
            ValueError: there is no such format.
        """
        return report_of(self.results, format, timestamp_of(self._clock))

    def save_baseline(
        self, path: str | os.PathLike[str], *, repin: bool = False
    ) -> dict[str, Baseline]:
        """Add every result to the baselines of a file; a new benchmark is pinned by its first run.

        `repin` pins these runs instead of the ones that are pinned: creep starts anew.
        """
        known = load_baselines(path) if os.path.exists(path) else {}  # noqa: PTH110 - any path
        for result in self.results:
            baseline = known.get(result.name)
            first = Baseline(result, (result,))
            known[result.name] = baseline.updated(result, repin=repin) if baseline else first
        save_baselines(path, known)
        return known

    def load_baseline(self, path: str | os.PathLike[str]) -> dict[str, Baseline]:
        """Read the baselines of a file by the names of their benchmarks."""
        return load_baselines(path)

    def check_baseline(
        self, path: str | os.PathLike[str], threshold_pct: float = THRESHOLD_PCT
    ) -> list[BaselineCheck]:
        """Hold every result against window and pinned run; without one it is inconclusive."""
        known = load_baselines(path)
        return [check_baseline(known.get(each.name), each, threshold_pct) for each in self.results]

    def publish(
        self,
        broker: PublishesEvidence | Callable[[JsonObject], object],
        participant: str,
        version: str,
        **options: Any,  # noqa: ANN401 - those of evidence_of
    ) -> object:
        """Hand the results as evidence to a broker client, or to any function that takes it."""
        record = evidence_of(self.results, participant, version, **options).to_json()
        if isinstance(broker, PublishesEvidence):
            return broker.publish_evidence(record)
        return broker(record)

    def _planned(self, load: Load) -> int:
        """How many calls are sure to be made; with a duration nobody knows."""
        return 1 if load.duration else load.iterations + self.warmup_iterations

    def _kept(self, name: str, work: Work, load: Load, hooks: Hooks) -> BenchmarkResult:
        named("name", name)
        result = self._bench.run(name, work, load, hooks)
        self.results.append(result)
        return result

    def _lane(self, name: str, calls: Iterable[Timed]) -> BenchmarkResult:
        listed = tuple(calls)
        total = sum(each.latency_ms for each in listed)
        return self._bench.result(name, Measured(listed, total, 0), Load(len(listed)))


def _both(a: Timed, b: Timed) -> bool:
    return a.judged.failure is None and b.judged.failure is None


def _latencies(a: Timed, b: Timed) -> tuple[float, float]:
    return a.latency_ms, b.latency_ms
