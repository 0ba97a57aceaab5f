"""Rows of the kit's figures beside their goals, and how a short call is timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

ROUNDS, CALLS = 7, 300


@dataclass(frozen=True)
class Row:
    """One figure; `goal` is the largest value that is good, None when it is only shown."""

    name: str
    value: float
    unit: str
    goal: float | None

    @property
    def is_met(self) -> bool:
        """Whether the goal holds, if there is one."""
        return self.goal is None or self.value <= self.goal

    def line(self) -> str:
        """Give the row as text."""
        goal = "" if self.goal is None else f"goal {self.goal:g}"
        mark = "" if self.is_met else "MISSED"
        return f"{self.name:<44} {self.value:10.2f} {self.unit:<6} {goal:<10} {mark}".rstrip()


def fastest(call: Callable[[], object], calls: int = CALLS, rounds: int = ROUNDS) -> float:
    """Microseconds a call takes in the best round: a slower one says nothing about the code."""
    best = float("inf")
    for _ in range(rounds):
        began = perf_counter()
        for _ in range(calls):
            call()
        best = min(best, (perf_counter() - began) / calls)
    return best * 1e6
