"""What a benchmark refuses to measure."""

import pytest

from client_sdk.bench import AgentBenchmark, BenchmarkRefused
from client_sdk.chaos import ChaosInjector
from client_sdk.exchange import BudgetGuard
from client_sdk.harness import AgentTestHarness


def test_a_client_in_playback_is_refused(clock, target):
    """h5: however deep it is wrapped, unless it is asked for."""
    recorded = target()
    recorded.mode = "playback"
    wrapper = target()
    wrapper.wrapped_client = recorded

    for client in (recorded, wrapper):
        with pytest.raises(BenchmarkRefused, match="playback"):
            AgentBenchmark(client, clock=clock)
    assert AgentBenchmark(recorded, clock=clock, allow_playback=True)
    recorded.mode = "record"
    assert AgentBenchmark(recorded, clock=clock)


def test_a_tool_that_changes_something_needs_a_budget_on_a_live_service(clock, target):
    """b9"""
    live = target()
    live.base_url = "https://api.example.com/v1"

    with pytest.raises(BenchmarkRefused, match="budget="):
        AgentBenchmark(live, clock=clock).benchmark_tool("a", "create_escrow", {})
    with pytest.raises(BenchmarkRefused, match="more than the 50"):
        AgentBenchmark(live, clock=clock, budget=50).benchmark_tool("a", "create_escrow", {})
    assert live.calls == []
    assert AgentBenchmark(live, clock=clock).benchmark_tool("a", "get_balance", {}).errors == 0
    paid = AgentBenchmark(live, clock=clock, budget=105)
    assert paid.benchmark_tool("a", "create_escrow", {}).errors == 0
    with pytest.raises(BenchmarkRefused):
        paid.benchmark_tool("a", "create_escrow", {}, iterations=1)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8701", "http://localhost/v1", "http://[::1]:1"]
)
def test_a_service_on_loopback_needs_none(clock, target, address):
    """b9"""
    local = target()
    local.base_url = address

    assert AgentBenchmark(local, clock=clock).benchmark_tool("a", "create_escrow", {}).errors == 0


def test_a_guard_of_money_is_a_budget(clock, target):
    """b9: it stops the calls that would spend too much, and they are errors."""
    live = target()
    live.base_url = "https://api.example.com"
    guard = BudgetGuard("2.50", "1.00")
    benchmark = AgentBenchmark(live, 0, clock=clock, budget=guard)

    result = benchmark.benchmark_tool("a", "create_escrow", {"amount": "0.50"}, iterations=8)

    assert (len(live.calls), result.error_kinds) == (5, {"BudgetExceeded": 3})


def test_a_guarded_client_is_seen_through(clock, target):
    """h5, b9"""
    live, recorded = target(), target()
    live.base_url, recorded.mode = "https://api.example.com", "playback"
    guard = BudgetGuard()

    with pytest.raises(BenchmarkRefused, match="playback"):
        AgentBenchmark(guard.wrap(recorded), clock=clock)
    with pytest.raises(BenchmarkRefused, match="budget="):
        AgentBenchmark(guard.wrap(live), clock=clock).benchmark_tool("a", "create_escrow", {})


@pytest.mark.parametrize(
    ("address", "refused"),
    [("https://mcp.example.com/mcp", True), ("http://127.0.0.1:9/mcp", False), ("server", False)],
)
def test_an_mcp_server_elsewhere_is_live(clock, target, address, refused):
    """b9: one that was started here is not."""
    server = target()
    server.address = address
    benchmark = AgentBenchmark(server, clock=clock)

    if refused:
        with pytest.raises(BenchmarkRefused):
            benchmark.benchmark_tool("a", "write_file", {})
    else:
        assert benchmark.benchmark_tool("a", "write_file", {}).errors == 0


def test_a_workflow_spends_from_the_budget_too(clock, target):
    """b9: the call that would be one too many is not made."""
    live = target()
    live.base_url = "https://api.example.com"
    benchmark = AgentBenchmark(live, 0, clock=clock, budget=3)

    with pytest.raises(BenchmarkRefused):
        benchmark.benchmark_workflow("a", lambda client: client.execute("release_escrow", {}))
    assert len(live.calls) == 3


def test_the_harness_is_refused_in_playback_only(tmp_path):
    """h5: also behind an injector."""
    playing = AgentTestHarness(cassette_dir=tmp_path)

    with pytest.raises(BenchmarkRefused, match="playback"):
        AgentBenchmark(playing)
    with pytest.raises(BenchmarkRefused, match="playback"):
        AgentBenchmark(ChaosInjector(playing, seed=1))
    assert AgentBenchmark(AgentTestHarness(cassette_dir=tmp_path, mode="passthrough"))


def test_an_asynchronous_workflow_is_refused_for_nobody_would_await_it(clock, target):
    """B4: it passed in no time, whatever it would have done."""

    async def workflow(client):
        raise RuntimeError

    with pytest.raises(BenchmarkRefused, match="asynchronous"):
        AgentBenchmark(target(), clock=clock).benchmark_workflow("pay", workflow)
