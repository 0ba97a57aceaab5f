"""Microseconds the injector adds to a call when no fault fires, by what is armed.

`python tests/bench/kit_chaos.py`, or `run()` for the rows. Each figure is the fastest of several
rounds, less what the bare client takes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from client_sdk.chaos import ChaosConfig, ChaosInjector, Nth
from client_sdk.exchange import Result

ROUNDS, CALLS = 9, 1_000
GOAL = 10.0
SENT = {"agent_id": "test-a"}
ARMED = {
    "nothing armed": (),
    "another tool armed": (ChaosConfig("timeout", target_tools=["other"]),),
    "probability 0": (ChaosConfig("timeout", probability=0),),
    "probability 1e-9, a draw each call": (ChaosConfig("timeout", probability=1e-9),),
    "a schedule that is over": (ChaosConfig("timeout", schedule=Nth(1), probability=0.5),),
    "an input that does not match": (ChaosConfig("timeout", match={"agent_id": "b"}),),
}


@dataclass(frozen=True)
class Row:
    """One figure beside its goal, in microseconds."""

    name: str
    value: float
    goal: float | None


class Silent:
    """Answers at once: what is left is what stands around it."""

    def __init__(self):
        self.answer = Result(200, {"balance": "1.00"})

    def execute(self, tool, input_data):
        del tool, input_data
        return self.answer


def run() -> list[Row]:
    """Measure every row."""
    client = Silent()
    alone = fastest(lambda: client.execute("get_balance", SENT))
    rows = []
    for name, configs in ARMED.items():
        chaos = ChaosInjector(client, seed=1)
        for config in configs:
            chaos.add_chaos(config)
        chaos.pause()
        chaos.execute("get_balance", SENT)
        chaos.resume()
        around = fastest(lambda chaos=chaos: chaos.execute("get_balance", SENT))
        rows.append(Row(name, around - alone, GOAL))
    return rows


def fastest(call: Callable[[], object]) -> float:
    """Microseconds a call takes, in the best round."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = perf_counter()
        for _ in range(CALLS):
            call()
        best = min(best, (perf_counter() - began) / CALLS)
    return best * 1e6


def main() -> int:
    """Print each figure beside its goal; 1 when one is missed."""
    rows = run()
    for row in rows:
        print(f"{row.name:<36} {row.value:8.2f} us  goal {row.goal:.0f}")
    return 0 if all(row.value <= row.goal for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
