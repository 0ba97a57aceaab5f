"""The benchmark against the sandbox on a real socket."""

import pytest

from client_sdk.bench import AgentBenchmark, check_gates
from client_sdk.exchange import ToolClient
from client_sdk.mock import serve


@pytest.fixture
def client():
    with serve() as running:
        client = ToolClient(running.url)
        yield client
        client.close()


def test_a_kept_connection_counts_once(client):
    """B7, b10"""
    benchmark = AgentBenchmark(client, 0)
    first, result = (
        benchmark.benchmark_tool("balance", "get_balance", {"agent_id": "test-a"}, iterations=20)
        for _ in range(2)
    )

    assert (first.errors, first.connections) == (0, 1)
    assert (result.errors, result.connections) == (0, 0)
    assert 0 < result.min_ms <= result.median_ms <= result.max_ms
    body = '{"agent_id": "test-a", "balance": "0.00", "held": "0.00", "currency": "USD"}'
    assert result.max_bytes == len(body)


def test_lanes_have_connections_of_their_own(client):
    """B7, b7"""
    result = AgentBenchmark(client, 0).benchmark_tool(
        "balance", "get_balance", {"agent_id": "test-a"}, iterations=40, concurrency=4, rate=400
    )

    assert result.errors == 0
    assert 1 <= result.connections <= 40


def test_the_life_of_an_escrow_is_measured_step_by_step(client):
    """B4, B8, b10"""
    client.execute("deposit", {"agent_id": "test-a", "amount": "100.00"})

    def escrow(client, step):
        step("create")
        made = client.execute(
            "create_escrow", {"payer": "test-a", "payee": "test-b", "amount": "1.00"}
        )
        step("release")
        client.execute(
            "release_escrow", {"escrow_id": made.body["escrow_id"], "agent_id": "test-a"}
        )

    benchmark = AgentBenchmark(client, 1)
    result = benchmark.benchmark_workflow("escrow", escrow, iterations=10)

    assert (result.errors, set(result.steps)) == (0, {"create", "release"})
    assert [each.verdict for each in check_gates(benchmark.results, ["p50<30s"])] == [
        "pass",
        "pass",
    ]
