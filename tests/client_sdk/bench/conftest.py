"""Clients that take simulated time, and results made of given samples."""

import pytest

from client_sdk.bench import AgentBenchmark, BenchmarkResult
from client_sdk.bench.result import summary_of
from client_sdk.clock import VirtualClock
from client_sdk.exchange import Result


class Target:
    """Answers after the next of its times (ms), with the next of its statuses; both repeat."""

    def __init__(self, clock, times=(10.0,), statuses=(200,), body=None):
        self.clock = clock
        self.times = times
        self.statuses = statuses
        self.body = {"balance": "1.00"} if body is None else body
        self.calls = []

    def execute(self, tool, input_data):
        number = len(self.calls)
        self.calls.append((tool, input_data))
        self.clock.sleep(self.times[number % len(self.times)] / 1000)
        status = self.statuses[number % len(self.statuses)]
        if isinstance(status, Exception):
            raise status
        return Result(status, self.body)


@pytest.fixture
def clock():
    return VirtualClock(start=1_700_000_000)


@pytest.fixture
def target(clock):
    def make(**members):
        return Target(clock, **members)

    return make


@pytest.fixture
def result_of():
    def make(latencies, name="balance", errors=0, **members):
        total = sum(latencies)
        given = {
            "name": name,
            "iterations": len(latencies) + errors,
            "total_time_ms": total,
            "throughput_ops_sec": len(latencies) / total * 1000 if total else 0.0,
            "errors": errors,
            "peak_memory_mb": 0.0,
            "latencies": list(latencies),
            **summary_of(sorted(latencies)),
        }
        return BenchmarkResult(**(given | members))

    return make


@pytest.fixture
def bench(clock, target):
    def make(warmup=0, options=None, **members):
        client = target(**members)
        return AgentBenchmark(client, warmup, clock=clock, **(options or {})), client

    return make
