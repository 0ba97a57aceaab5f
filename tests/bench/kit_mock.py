"""Microseconds per call of the mock: in process, with full books, from a contract, over HTTP.

`python tests/bench/kit_mock.py`, or `run()` for the rows. Each figure is the fastest of several
rounds. A goal of None is only shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from client_sdk.exchange import ToolClient
from client_sdk.mock import GreenHelixMock, ToolMock
from client_sdk.mock.listing import gateway_offer

ROUNDS, CALLS = 7, 300
ESCROWS = 5_000
GOAL = 50.0
ASK = {"agent_id": "test-a"}
ESCROW = {"payer": "test-a", "payee": "test-b", "amount": "0.01"}


@dataclass(frozen=True)
class Row:
    """One figure beside its goal, in microseconds."""

    name: str
    value: float
    goal: float | None


def run() -> list[Row]:
    """Measure every row."""
    mock = GreenHelixMock()
    mock.set_balance("test-a", "1000000.00")
    fresh = fastest(lambda: mock.execute("get_balance", ASK))
    for _ in range(ESCROWS):
        mock.execute("create_escrow", ESCROW)
    made = ToolMock.from_contract(gateway_offer())
    with mock.serve() as running:
        client = ToolClient(running.url)
        over_http = fastest(lambda: client.execute("get_balance", ASK))
        client.close()
    return [
        Row("get_balance", fresh, GOAL),
        Row(
            f"get_balance, {ESCROWS} escrows",
            fastest(lambda: mock.execute("get_balance", ASK)),
            GOAL,
        ),
        Row(
            f"create_escrow, {ESCROWS} escrows",
            fastest(lambda: mock.execute("create_escrow", ESCROW)),
            GOAL,
        ),
        Row("made from an offer", fastest(lambda: made.execute("get_balance", ASK)), None),
        Row("over HTTP", over_http, None),
    ]


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
        goal = "" if row.goal is None else f"goal {row.goal:.0f}"
        print(f"{row.name:<32} {row.value:8.1f} us  {goal}")
    return 0 if all(row.goal is None or row.value <= row.goal for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
