"""How long the comparison of two large results takes."""

from __future__ import annotations

import random

from client_sdk.bench import BenchmarkResult, compare_results
from client_sdk.bench.result import summary_of
from tests.bench.kit_rows import Row, fastest

SAMPLES = 10_000


def run() -> list[Row]:
    """Compare two results of ten thousand samples each."""
    chance = random.Random(1)
    before, after = (result(chance) for _ in range(2))
    took = fastest(lambda: compare_results(before, after), calls=1)
    return [Row(f"compare two results of {SAMPLES} samples", took / 1e3, "ms", 1_000)]


def result(chance: random.Random) -> BenchmarkResult:
    latencies = [chance.lognormvariate(3, 0.4) for _ in range(SAMPLES)]
    total = sum(latencies)
    return BenchmarkResult(
        name="balance",
        iterations=SAMPLES,
        total_time_ms=total,
        throughput_ops_sec=SAMPLES / total * 1000,
        errors=0,
        peak_memory_mb=0.0,
        latencies=latencies,
        **summary_of(sorted(latencies)),
    )
