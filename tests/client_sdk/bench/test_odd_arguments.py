"""Arguments, answers and files that cannot be meant: refused by name, never measured."""

import threading

import pytest

from client_sdk.bench import (
    AgentBenchmark,
    BenchmarkRefused,
    BenchmarkResult,
    FileRefused,
    GateMalformed,
    parse_gate,
)
from client_sdk.bench.guard import CallBudget
from client_sdk.bench.load import Load
from client_sdk.exchange import Result


class Answers:
    """Gives one answer, a hundredth of a second later."""

    def __init__(self, clock, answer):
        self.clock = clock
        self.answer = answer

    def execute(self, *_):
        self.clock.sleep(0.01)
        return self.answer


@pytest.mark.parametrize("status", [0, -1, 99])
def test_a_status_that_http_does_not_have_is_an_error(clock, status):
    """b1: clients write 0 where nothing came back."""
    benchmark = AgentBenchmark(Answers(clock, {"status_code": status}), 0, clock=clock)
    result = benchmark.benchmark_tool("balance", "get_balance", {}, iterations=3)

    assert (result.errors, result.error_kinds) == (3, {f"status {status}": 3})


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("is_error", lambda client: AgentBenchmark(client, is_error="x")),
        ("workflow", lambda client: AgentBenchmark(client).benchmark_workflow("flow", "x")),
        ("setup", lambda client: AgentBenchmark(client).benchmark_tool("b", "t", {}, setup="x")),
        (
            "teardown",
            lambda client: AgentBenchmark(client).benchmark_tool("b", "t", {}, teardown="x"),
        ),
    ],
)
def test_what_cannot_be_called_is_refused_by_name(clock, name, use):
    """b11: every call of it failed, and that looked like the target's failure."""
    with pytest.raises(ValueError, match=f"^{name}: 'x' is no function"):
        use(Answers(clock, Result(200, {})))


def test_a_schedule_beyond_all_numbers_has_a_bound():
    """b7, b11: it ended with an OverflowError."""
    assert Load(rate=1e300, duration=1e300).most_calls == 1_000_000


@pytest.mark.parametrize("given", [None, 5, b"p99<1s"])
def test_a_gate_of_another_type_is_malformed(given):
    """E5 `benchmark_gate`."""
    with pytest.raises(GateMalformed, match="is not like p99<500ms"):
        parse_gate(given)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", None),
        ("mean_ms", "nan"),
        ("mean_ms", "12"),
        ("mean_ms", True),
        ("p99_ms", -5),
        ("total_time_ms", None),
        ("errors", -1),
        ("iterations", -3),
        ("iterations", None),
        ("iterations", 10**400),
        ("latencies", [True]),
        ("latencies", ["1"]),
        ("latencies", [-1.0]),
        ("rate", "5"),
        ("steps", {"pay": [-1]}),
    ],
)
def test_a_damaged_number_of_a_saved_result_is_refused_by_name(result_of, member, value):
    """b6: a baseline of minus three calls passed every comparison."""
    saved = result_of([10.0] * 30).to_json() | {member: value}

    with pytest.raises(FileRefused, match=f"result: {member} has another form"):
        BenchmarkResult.from_json(saved)


def test_a_saved_result_with_more_errors_than_calls_is_refused(result_of):
    """b6."""
    saved = result_of([10.0] * 30).to_json() | {"errors": 31}

    with pytest.raises(FileRefused, match="errors are more than iterations"):
        BenchmarkResult.from_json(saved)


def test_a_result_without_one_success_comes_back_as_it_was(clock):
    """b2: its latencies are infinite, which is written as null."""
    benchmark = AgentBenchmark(Answers(clock, Result(500, {})), 0, clock=clock)
    result = benchmark.benchmark_tool("balance", "get_balance", {}, iterations=3)
    again = BenchmarkResult.from_json(result.to_json())

    assert (again.errors, again.p99_ms, again.mean_ms) == (3, float("inf"), float("inf"))


class Watched:
    """A lock that hands over to the other callers as soon as it is free."""

    def __init__(self, meet):
        self.lock = threading.Lock()
        self.meet = meet

    def __enter__(self):
        self.lock.acquire()

    def __exit__(self, *_):
        self.lock.release()
        self.meet()


def test_of_calls_side_by_side_none_slips_through_the_budget():
    """b9: the look and the count were two steps, with room for another call between them."""

    class Elsewhere:
        base_url = "https://api.example.com/v1"

    budget = CallBudget(Elsewhere(), 1)
    both = threading.Barrier(2)
    budget._lock = Watched(lambda: both.wait(timeout=5))
    refused = []

    def spend():
        try:
            budget.spend("create_escrow")
        except BenchmarkRefused as error:
            refused.append(str(error))

    threads = [threading.Thread(target=spend) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=10)

    assert len(refused) == 1
    assert "1 before are more than the 1 that were allowed" in refused[0]


@pytest.mark.parametrize("client", [None, 5, "http://127.0.0.1:8701"])
def test_a_client_that_executes_nothing_is_refused(client):
    """G2: every call of it failed, and that looked like the target's failure."""
    with pytest.raises(ValueError, match=r"^client\.execute: None is no function"):
        AgentBenchmark(client).benchmark_tool("balance", "get_balance", {})


@pytest.mark.parametrize("name", [None, "", " ", 7])
def test_a_benchmark_has_a_name(clock, name):
    """b8: results compare under their names, and one without could not be read back."""
    benchmark = AgentBenchmark(Answers(clock, Result(200, {})), 0, clock=clock)

    with pytest.raises(ValueError, match=r"^name: .* is no name"):
        benchmark.benchmark_tool(name, "get_balance", {}, iterations=3)
    assert benchmark.results == []
