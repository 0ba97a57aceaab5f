"""Measures what the kit adds to a call, beside its goals: `./dev bench kit`.

Every figure is the fastest of several rounds: on a busy machine a slower one says nothing about
the code. Exits 1 when a goal is missed.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import requests
import vcr

from client_sdk.bench import BenchmarkResult, compare_results
from client_sdk.bench.result import summary_of
from client_sdk.chaos import ChaosConfig, ChaosInjector, FailureMode
from client_sdk.harness import AgentTestHarness
from client_sdk.mock import GreenHelixMock, serve

ROUNDS, CALLS = 7, 300
TOOL, SENT = "get_balance", {"agent_id": "test-a"}
SAMPLES = 10_000


@dataclass(frozen=True)
class Figure:
    """One measurement beside its goal, in the same unit."""

    name: str
    value: float
    goal: float
    unit: str

    @property
    def is_met(self) -> bool:
        return self.value <= self.goal

    def line(self) -> str:
        mark = "ok    " if self.is_met else "MISSED"
        return f"{mark}  {self.name:<44} {self.value:10.2f} {self.unit:<3} goal {self.goal:.2f}"


class Silent:
    """A client that answers at once: what is left is what stands around it."""

    def __init__(self, answer):
        self.answer = answer

    def execute(self, tool, input_data):
        del tool, input_data
        return self.answer


def fastest(call: Callable[[], object], calls: int = CALLS, rounds: int = ROUNDS) -> float:
    """Microseconds a call takes, in the best round."""
    best = float("inf")
    for _ in range(rounds):
        began = perf_counter()
        for _ in range(calls):
            call()
        best = min(best, (perf_counter() - began) / calls)
    return best * 1e6


def playback(folder: Path) -> Figure:
    """One exchange played back by the harness and by vcrpy."""
    with serve(GreenHelixMock()) as running:
        url = f"{running.url}/v1"
        with AgentTestHarness(base_url=url, cassette_dir=folder, mode="record").cassette(
            "call"
        ) as recorder:
            recorder.execute(TOOL, SENT)
        with vcr.use_cassette(str(folder / "call.yaml"), record_mode="once"):
            requests.post(url, json={"tool": TOOL, "input": SENT}, timeout=5)
        player = AgentTestHarness(base_url=url, cassette_dir=folder, allow_repeats=True)
    with player.cassette("call"):
        ours = fastest(lambda: player.execute(TOOL, SENT))
    matching = {"allow_playback_repeats": True, "match_on": ("method", "uri", "body")}
    with vcr.use_cassette(str(folder / "call.yaml"), record_mode="none", **matching):
        body = {"tool": TOOL, "input": SENT}
        theirs = fastest(lambda: requests.post(url, json=body, timeout=5), calls=50)
    print(f"        vcrpy plays the same exchange in {theirs:.0f} us")
    return Figure("playback of a call, beside a fifth of vcrpy's", ours, theirs / 5, "us")


def mock_call() -> Figure:
    """A call of the mock in process."""
    mock = GreenHelixMock()
    mock.set_balance("test-a", "100.00")
    return Figure(
        "a call of the mock in process", fastest(lambda: mock.execute(TOOL, SENT)), 50, "us"
    )


def injector() -> Figure:
    """What the injector adds when no fault fires."""
    client = Silent(GreenHelixMock().execute(TOOL, SENT))
    chaos = ChaosInjector(client, seed=1)
    chaos.add_chaos(ChaosConfig(FailureMode.TIMEOUT, probability=0.0))
    around = fastest(lambda: chaos.execute(TOOL, SENT))
    alone = fastest(lambda: client.execute(TOOL, SENT))
    return Figure("the injector around a call, no fault", around - alone, 10, "us")


def comparison() -> Figure:
    """Two results of ten thousand samples compared."""
    chance = random.Random(1)
    before, after = (result(chance) for _ in range(2))
    microseconds = fastest(lambda: compare_results(before, after), calls=1)
    return Figure(f"two results of {SAMPLES} samples compared", microseconds / 1e3, 1_000, "ms")


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


def main() -> int:
    """Print each figure beside its goal."""
    with tempfile.TemporaryDirectory() as folder:
        figures = [playback(Path(folder)), mock_call(), injector(), comparison()]
    print("\n".join(figure.line() for figure in figures))
    return 0 if all(figure.is_met for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
