"""Measures the canary's promises in simulation: `python tests/bench/kit_canary.py [RUNS]`.

Every deployment goes through the public surface (`route_request`, `evaluate`) in virtual time,
with evaluations each ten seconds over a ladder of 5, 25, 50 and 100 %, 300 s a step. Exits 1 when
a goal is missed. 100 runs a cell take some four minutes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from canary_arms import deployment

LADDER_SECONDS = 900
ERROR_RATES = (0.001, 0.005, 0.01, 0.02, 0.03)
MOST_FALSE_ROLLBACKS = 0.01
LONGEST_MEDIAN = 200
LEAST_STOPPED = 0.95


@dataclass(frozen=True)
class Cell:
    """What many deployments of one kind came to."""

    stopped: tuple[int, ...]
    runs: int

    @property
    def share(self) -> float:
        return len(self.stopped) / self.runs

    @property
    def median(self) -> float:
        """Seconds until half of the deployments were stopped."""
        ordered = [*sorted(self.stopped), *([float("inf")] * (self.runs - len(self.stopped)))]
        return ordered[self.runs // 2]


def cell(runs: int, rate: int, *, keys: int | None = None, seconds: int = LADDER_SECONDS, **arms):
    """Run deployments of one kind, and note when each was rolled back."""
    stopped = []
    for seed in range(runs):
        tried = deployment(seed, **arms)
        passed = tried.up_to(rate, seconds, keys=keys)
        if tried.controller.state == "rolled_back":
            stopped.append(passed)
    return Cell(tuple(stopped), runs)


def false_rollbacks(runs: int) -> bool:
    """Roll back equal arms as rarely as promised, all cells together."""
    alarms, total = 0, 0
    for rate, times in ((2, 4), (20, 1)):
        for error_rate in ERROR_RATES:
            found = cell(runs * times, rate, stable_rate=error_rate, canary_rate=error_rate)
            alarms, total = alarms + len(found.stopped), total + found.runs
            print(
                f"equal arms  {error_rate:6.1%} errors  {rate:2} req/s  {found.share:6.2%} rolled back"
            )
    print(f"equal arms  all together            {alarms / total:6.2%} of {total} rolled back")
    return alarms / total <= MOST_FALSE_ROLLBACKS


def power(runs: int) -> bool:
    """Stop five times the errors as soon as promised; say how it goes otherwise."""
    kept = True
    for canary_rate, rate, keys in (
        (0.05, 20, None),
        (0.05, 20, 2_000),
        (0.03, 20, None),
        (0.10, 2, None),
        (0.05, 2, None),
    ):
        found = cell(runs, rate, keys=keys, stable_rate=0.01, canary_rate=canary_rate)
        who = "each call" if keys is None else f"{keys} callers"
        print(
            f"1 % against {canary_rate:4.0%}  {rate:2} req/s  {who:<12} "
            f"{found.share:7.1%} stopped, median {found.median:g} s"
        )
        if (canary_rate, rate) == (0.05, 20):
            kept &= found.median <= LONGEST_MEDIAN and found.share >= LEAST_STOPPED
    return kept


def slowness(runs: int) -> bool:
    """Stop a canary that is half as slow again, which no error shows."""
    found = cell(runs, 20, slower=1.5)
    print(f"half as slow again, 20 req/s     {found.share:7.1%} stopped, median {found.median:g} s")
    return found.share >= LEAST_STOPPED


def main(arguments: list[str]) -> int:
    """Measure; the number of runs a cell may be given."""
    runs = int(arguments[0]) if arguments else 100
    kept = [false_rollbacks(runs), power(runs), slowness(runs)]
    print("every goal is met" if all(kept) else "a goal is missed")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
