"""What is measured and how calls are made, in simulated time."""

import gc
import threading
import tracemalloc
from math import inf

import pytest

from client_sdk.bench import AgentBenchmark, BenchmarkResult
from client_sdk.errors import Unreachable
from client_sdk.exchange import Result


def test_the_result_has_the_guides_fields_in_order():
    """B1"""
    result = BenchmarkResult("a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 12, [3.0])

    named = (result.name, result.iterations, result.total_time_ms, result.mean_ms, result.median_ms)
    assert named == ("a", 1, 2, 3, 4)
    assert (result.p95_ms, result.p99_ms, result.min_ms, result.max_ms) == (5, 6, 7, 8)
    assert (result.std_dev_ms, result.throughput_ops_sec, result.errors) == (9, 10, 0)
    assert (result.peak_memory_mb, result.latencies) == (12, [3.0])


def test_a_tool_is_measured(bench):
    """B2, B3, B7: warm-up calls come first and do not count."""
    benchmark, client = bench(warmup=5, times=(10.0, 30.0))

    result = benchmark.benchmark_tool("balance", "get_balance", {"agent_id": "test-a"})

    assert len(client.calls) == 105
    assert client.calls[0] == ("get_balance", {"agent_id": "test-a"})
    assert (result.iterations, result.errors, result.tool) == (100, 0, "get_balance")
    assert result.mean_ms == pytest.approx(20)
    assert (result.min_ms, result.max_ms) == (pytest.approx(10), pytest.approx(30))
    assert (result.p95_ms, result.std_dev_ms) == (pytest.approx(30), pytest.approx(10.05, abs=0.01))
    assert result.total_time_ms == pytest.approx(2_000)
    assert result.throughput_ops_sec == pytest.approx(50)
    assert benchmark.results == [result]
    assert result.max_bytes == len('{"balance": "1.00"}')


def test_five_warm_up_calls_are_the_default(clock, target):
    """B2"""
    assert AgentBenchmark(target(), clock=clock).warmup_iterations == 5


def test_an_answer_with_an_error_status_is_an_error(bench):
    """b1, b2: failures are kept apart and do not make the mean better."""
    benchmark, _ = bench(times=(20.0, 1.0), statuses=(200, 500))

    result = benchmark.benchmark_tool("balance", "get_balance", {}, iterations=40)

    assert (result.errors, result.error_rate) == (20, 0.5)
    assert result.error_kinds == {"status 500": 20}
    assert result.mean_ms == pytest.approx(20)
    assert result.failures == pytest.approx([1.0] * 20)
    assert result.throughput_ops_sec == pytest.approx(20 / 0.42)
    assert [sum(c for _, c in each) for each in result.histograms().values()] == [20, 20]


def test_exceptions_are_errors_with_their_name(bench):
    """b1"""
    benchmark, _ = bench(statuses=(200, ConnectionError("gone"), TimeoutError()))

    result = benchmark.benchmark_tool("balance", "get_balance", {}, iterations=6)

    assert result.error_kinds == {"ConnectionError": 2, "TimeoutError": 2}


@pytest.mark.parametrize("answer", [None, {}, {"status_code": True}, "text"])
def test_an_answer_without_a_status_is_an_error(clock, answer):
    """b1"""

    class Odd:
        def execute(self, *_):
            return answer

    result = AgentBenchmark(Odd(), 0, clock=clock).benchmark_tool("a", "b", {}, iterations=3)

    assert result.error_kinds in ({"no status": 3}, {"status True": 3})


def test_what_an_error_is_may_be_said(bench):
    """b1"""
    options = {"is_error": lambda result: result["status_code"] >= 500}
    benchmark, _ = bench(statuses=(404,), options=options)

    assert benchmark.benchmark_tool("a", "get_a", {}, iterations=3).errors == 0


def test_without_a_success_every_latency_is_infinite(bench):
    """h5, b1: so the guide's own `p99_ms < 500` does not hold."""
    benchmark, _ = bench(statuses=(500,), times=(0.004,))

    result = benchmark.benchmark_tool("balance", "get_balance", {}, iterations=50)

    assert result.p99_ms == result.mean_ms == result.min_ms == inf
    assert not result.p99_ms < 500
    assert result.throughput_ops_sec == 0


@pytest.mark.parametrize(("name", "value"), [("iterations", 0), ("iterations", -1), ("iterations", True), ("iterations", 1.5), ("concurrency", 0), ("rate", 0), ("rate", float("nan")), ("rate", "5"), ("rate", True), ("duration", "60"), ("duration", -1.0), ("duration", float("inf")), ("iterations", 10**7)])  # fmt: skip
def test_a_number_that_measures_nothing_is_refused(bench, name, value):
    """b11"""
    benchmark, client = bench()

    with pytest.raises(ValueError, match=name):
        benchmark.benchmark_tool("a", "get_a", {}, **{name: value})
    with pytest.raises(ValueError, match=name):
        benchmark.benchmark_workflow("a", lambda: None, **{name: value})
    assert client.calls == []


def test_other_arguments_are_checked_too(clock, target):
    """b11"""
    with pytest.raises(ValueError, match="warmup_iterations"):
        AgentBenchmark(target(), -1)
    with pytest.raises(ValueError, match="memory: 'ram'"):
        AgentBenchmark(target(), memory="ram")
    with pytest.raises(ValueError, match="budget"):
        AgentBenchmark(target(), budget=0)


def test_warm_up_errors_are_reported(bench):
    """b9"""
    benchmark, _ = bench(warmup=4, statuses=(500, *[200] * 9))

    result = benchmark.benchmark_tool("balance", "get_balance", {}, iterations=3)

    assert (result.warmup_errors, result.errors) == (1, 0)


def test_a_target_that_nothing_reaches_is_not_measured(bench):
    benchmark, client = bench(warmup=2, statuses=(Unreachable("nobody there"),))

    with pytest.raises(Unreachable, match="nothing to measure"):
        benchmark.benchmark_tool("balance", "get_balance", {}, iterations=100)
    assert len(client.calls) == 2


def test_set_up_and_tear_down_stand_around_everything(bench):
    """b9: the tear-down is called whatever happens."""
    benchmark, client = bench(warmup=1)
    seen = []

    benchmark.benchmark_tool(
        "a", "get_a", {}, 2, setup=lambda: seen.append(len(client.calls)), teardown=lambda: seen.append(len(client.calls))
    )  # fmt: skip
    assert seen == [0, 3]

    def fail():
        raise RuntimeError("no state")

    with pytest.raises(RuntimeError):
        benchmark.benchmark_tool("a", "get_a", {}, setup=fail, teardown=lambda: seen.append("done"))
    assert seen[-1] == "done"


def test_an_input_may_be_made_for_each_call(bench):
    benchmark, client = bench(warmup=2)

    benchmark.benchmark_tool("a", "get_a", lambda number: {"key": number}, 3)

    assert [sent["key"] for _, sent in client.calls] == [-1, -2, 0, 1, 2]


def test_a_rate_counts_latency_from_when_a_call_was_due(bench):
    """b7: one stall of 100 ms shows in the calls it held up."""
    benchmark, _ = bench(times=(100.0, 1.0, 1.0, 1.0, 1.0))

    result = benchmark.benchmark_tool("a", "get_a", {}, iterations=5, rate=50)

    assert result.latencies == pytest.approx([100, 81, 62, 43, 24])
    assert result.service_ms == pytest.approx([100, 1, 1, 1, 1])
    assert (result.dropped, result.rate) == (0, 50)


def test_without_a_rate_a_stall_hides_what_it_held_up(bench):
    """b7"""
    benchmark, _ = bench(times=(100.0, 1.0, 1.0, 1.0, 1.0))

    result = benchmark.benchmark_tool("a", "get_a", {}, iterations=5)

    assert result.latencies == pytest.approx([100, 1, 1, 1, 1])
    assert result.service_ms == []


def test_a_target_that_is_too_slow_for_the_rate_drops_calls(bench):
    """b7: what still waits has as long again as the schedule took."""
    benchmark, client = bench(times=(50.0,))

    result = benchmark.benchmark_tool("a", "get_a", {}, iterations=100, rate=100)

    assert (result.iterations, result.dropped) == (40, 60)
    assert len(client.calls) == 40


def test_a_duration_replaces_the_number_of_calls(bench):
    """b7"""
    benchmark, _ = bench(times=(10.0,))

    assert benchmark.benchmark_tool("a", "get_a", {}, duration=0.5).iterations == 50
    paced = benchmark.benchmark_tool("b", "get_a", {}, duration=1.0, rate=20)
    assert (paced.iterations, paced.dropped) == (20, 0)


def test_calls_run_side_by_side():
    """b7: two lanes meet in a barrier, or the test would hang."""
    barrier = threading.Barrier(2, timeout=10)

    class Meeting:
        def execute(self, *_):
            barrier.wait()
            return Result(200, {})

    benchmark = AgentBenchmark(Meeting(), 0)
    result = benchmark.benchmark_tool("a", "get_a", {}, iterations=20, concurrency=2)

    assert (result.iterations, result.errors, result.concurrency) == (20, 0, 2)


def test_a_fault_of_the_judge_is_no_error_of_the_target(bench):
    def broken(result):
        raise KeyError("no such member")

    for concurrency in (1, 2):
        benchmark, _ = bench(options={"is_error": broken})
        with pytest.raises(KeyError):
            benchmark.benchmark_tool("a", "get_a", {}, concurrency=concurrency)


def test_a_workflow_is_measured_with_its_steps(bench, clock):
    """B4, b10"""
    benchmark, client = bench(warmup=1)

    def workflow(client, step):
        step("create")
        client.execute("create_escrow", {})
        with step("release"):
            client.execute("release_escrow", {})
        clock.sleep(0.005)

    result = benchmark.benchmark_workflow("escrow", workflow, iterations=4)

    assert result.mean_ms == pytest.approx(25)
    assert result.steps == {
        "create": pytest.approx([10] * 4),
        "release": pytest.approx([10] * 4),
    }
    assert len(client.calls) == 10
    without = benchmark.benchmark_workflow("escrow", workflow, iterations=1, steps=False)
    assert without.steps == {}


def test_fifty_runs_of_a_workflow_are_the_default(bench):
    """B4: a workflow may close over what it needs."""
    benchmark, _ = bench()
    calls = []

    assert benchmark.benchmark_workflow("a", lambda: calls.append(1)).iterations == 50
    assert len(calls) == 50


def test_a_workflow_fails_when_a_call_in_it_does(bench):
    """b1"""
    benchmark, _ = bench(statuses=(200, 409))

    def workflow(client):
        client.execute("get_a", {})
        client.execute("get_b", {})

    result = benchmark.benchmark_workflow("a", workflow, iterations=3)

    assert result.error_kinds == {"get_b: status 409": 3}


@pytest.mark.parametrize(
    "failing", [lambda: Result(500), lambda: {"status_code": 404}, lambda: 1 / 0]
)
def test_a_workflow_fails_when_it_raises_or_returns_a_failure(bench, failing):
    """b1"""
    benchmark, _ = bench()

    assert benchmark.benchmark_workflow("a", failing, iterations=2).errors == 2
    assert benchmark.benchmark_workflow("b", lambda: {"any": 1}, iterations=2).errors == 0


def test_memory_has_a_pass_of_its_own(bench):
    """b4: nothing is traced while calls are timed."""
    traced = []
    benchmark, client = bench(options={"memory": "tracemalloc-pass"})
    execute = client.execute

    def watching(tool, input_data):
        traced.append(tracemalloc.is_tracing())
        held = bytearray(3 * 1024 * 1024)
        result = execute(tool, input_data)
        del held
        return result

    client.execute = watching
    result = benchmark.benchmark_tool("a", "get_a", {}, iterations=30)

    assert traced == [False] * 30 + [True] * 20
    assert result.memory == "tracemalloc-pass"
    assert 3 <= result.peak_memory_mb < 20
    assert not tracemalloc.is_tracing()


def test_a_trace_that_runs_already_is_left_alone(bench):
    """b4"""
    benchmark, _ = bench(options={"memory": "tracemalloc-pass"})
    tracemalloc.start()
    try:
        kept = bytearray(1024 * 1024)
        before = tracemalloc.get_traced_memory()[0]
        benchmark.benchmark_tool("a", "get_a", {}, iterations=2)
        assert tracemalloc.is_tracing()
        assert tracemalloc.get_traced_memory()[0] >= before - 100_000
        assert len(kept) == 1024 * 1024
    finally:
        tracemalloc.stop()


def test_memory_is_that_of_the_process_or_none(bench):
    """B7, b4"""
    benchmark, _ = bench()
    assert benchmark.benchmark_tool("a", "get_a", {}, 2).peak_memory_mb > 1
    off, _ = bench(options={"memory": "off"})
    assert off.benchmark_tool("a", "get_a", {}, 2).peak_memory_mb == 0


def test_the_collector_may_be_off_while_calls_are_timed(bench):
    """b10"""
    seen = []
    options = {"gc": False, "is_error": lambda _: seen.append(gc.isenabled())}
    benchmark, _ = bench(warmup=1, options=options)

    benchmark.benchmark_tool("a", "get_a", {}, iterations=2)

    assert seen == [True, False, False]
    assert gc.isenabled()


def test_a_result_says_where_and_when_it_was_measured(bench):
    """b6, b10"""
    benchmark, _ = bench()

    result = benchmark.benchmark_tool("a", "get_a", {}, iterations=1)

    assert set(result.fingerprint) == {"python", "implementation", "system", "machine", "cpus"}
    assert result.measured_at == "2023-11-14T22:13:20Z"


def test_percentiles_that_are_only_the_maximum_are_named(bench):
    """b3"""
    benchmark, _ = bench()

    assert benchmark.benchmark_tool("a", "get_a", {}, 100).unsupported == ()
    assert benchmark.benchmark_tool("a", "get_a", {}, 99).unsupported == ("p99_ms",)
    few = benchmark.benchmark_tool("a", "get_a", {}, 10)
    assert few.unsupported == ("p95_ms", "p99_ms")
    assert set(few.ci) == {"mean_ms", "median_ms"}
    assert few.percentile(0.9) == pytest.approx(10)


def test_two_things_are_measured_in_turns(bench, clock):
    """E5: interleaving; what disturbs one round disturbs both."""
    benchmark, _ = bench()
    order = []

    def thing(name, factor):
        def work():
            order.append(name)
            clock.sleep(factor * (1 + len(order) // 2 % 5) / 1000)

        return work

    pairs = benchmark.interleave(thing("a", 10), thing("b", 15), 40)

    assert order[:4] == ["a", "b", "b", "a"]
    assert len(pairs.pairs) == 40
    assert 1.3 < pairs.ratio().ratio < 1.7
    assert pairs.verdict() == "fail"
    assert benchmark.interleave(thing("a", 10), thing("b", 40), 4).verdict() == "inconclusive"


def test_pairs_that_do_not_differ_pass(bench, clock):
    """E5"""
    benchmark, _ = bench()

    def same():
        clock.sleep(0.01)

    assert benchmark.interleave(same, same, 20).verdict() == "pass"
    assert benchmark.interleave(same, lambda: 1 / 0, 20).verdict() == "fail"
    statuses = iter([500, *[200] * 19])

    def shaky():
        same()
        return Result(next(statuses))

    assert benchmark.interleave(same, shaky, 20).verdict() == "fail"
    with pytest.raises(ValueError, match="rounds"):
        benchmark.interleave(same, same, 0)


def test_a_workflow_reaches_the_rest_of_its_client(bench):
    """B4"""
    benchmark, client = bench()
    client.agent_id = "test-a"

    result = benchmark.benchmark_workflow("a", lambda client: {"id": client.agent_id}, 1)

    assert result.errors == 0


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        ({"status_code": 200, "headers": {"content-length": "77"}}, 77),
        ({"status_code": 200, "body": object()}, None),
        ({"status_code": 204}, 4),
    ],
)
def test_the_size_of_an_answer_is_known_or_not(clock, answer, size):
    class Fixed:
        def execute(self, *_):
            return answer

    result = AgentBenchmark(Fixed(), 0, clock=clock).benchmark_tool("a", "get_a", {}, 1)

    assert result.max_bytes == size
