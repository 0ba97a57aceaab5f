"""Load: calls made one after the other, side by side, for a time, or at a rate.

With a rate the calls are due at fixed moments whatever the target does. A call that is sent late
counts from the moment it was due, so a stall shows in every call it held up. When the schedule is
over, what still waits has as long again, at least one second and at most ten; then it is dropped,
and counted.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil, inf
from typing import Final, Protocol

from client_sdk.bench.refusal import BenchmarkRefused, real_number, whole_number
from client_sdk.clock import Clock

MOST_CALLS: Final = 1_000_000  # what is kept of a run has a bound
MILLISECONDS: Final = 1_000.0
SHORTEST_GRACE, LONGEST_GRACE = 1.0, 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Judged:
    """What one call came to: why it failed or None, and the bytes of its answer."""

    failure: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """One call: from when it was due, from when it was sent, and what it came to."""

    latency_ms: float
    service_ms: float
    judged: Judged


class Work(Protocol):
    """What is measured: `perform` is timed, `judge` reads its outcome afterwards."""

    def perform(self, number: int) -> object:
        """Make call `number`."""
        ...

    def judge(self, outcome: object) -> Judged:
        """Say what a call came to; a raised exception is an outcome too."""
        ...


@dataclass(frozen=True, slots=True)
class Load:
    """How calls are made: how many or for how many seconds, how often, how many side by side.

    Raises:
        ValueError: a number is no positive one; the message names it.
    """

    iterations: int = 100
    rate: float | None = None
    concurrency: int = 1
    duration: float | None = None

    def __post_init__(self) -> None:
        whole_number("iterations", self.iterations)
        whole_number("concurrency", self.concurrency)
        for name, amount in {"rate": self.rate, "duration": self.duration}.items():
            if amount is not None:
                real_number(name, amount, above=0)
        if self.iterations > MOST_CALLS:
            raise ValueError(f"iterations: at most {MOST_CALLS} calls are made in one run")

    @property
    def most_calls(self) -> int:
        """How many calls there can be; a duration replaces the number of iterations."""
        if self.duration is None:
            return self.iterations
        if self.rate is None:
            return MOST_CALLS
        return ceil(min(MOST_CALLS, self.duration * self.rate))


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything one run gave."""

    calls: tuple[Timed, ...]
    total_ms: float
    dropped: int


def measure(work: Work, load: Load, clock: Clock) -> Measured:
    """Make the calls and time them; an exception of a call is a failure, not an end."""
    began = clock.monotonic()
    starts = _Starts(load, began)
    lanes: list[list[Timed]] = [[] for _ in range(load.concurrency)]
    if load.concurrency == 1:
        _run(work, starts, clock, lanes[0])
    else:
        with ThreadPoolExecutor(load.concurrency) as pool:
            running = [pool.submit(_run, work, starts, clock, lane) for lane in lanes]
        for each in running:
            each.result()
    total = (clock.monotonic() - began) * MILLISECONDS
    return Measured(tuple(each for lane in lanes for each in lane), total, starts.dropped)


class _Starts:
    """Hands out the calls: each number once, with the moment it is due."""

    def __init__(self, load: Load, began: float) -> None:
        self._most = load.most_calls
        self._gap = None if load.rate is None else 1 / load.rate
        self._began = began
        self._ends = inf if load.duration is None else began + load.duration
        if self._gap is not None:
            planned = self._most * self._gap
            self._ends = began + planned + min(max(planned, SHORTEST_GRACE), LONGEST_GRACE)
        self._next = 0
        self._lock = threading.Lock()
        self.dropped = 0

    def take(self, now: float) -> tuple[int, float | None] | None:
        """Give the next call and when it is due (None: at once), or None when all is done."""
        with self._lock:
            if self._next >= self._most:
                return None
            if now >= self._ends:
                self.dropped += 0 if self._gap is None else self._most - self._next
                self._next = self._most
                return None
            number = self._next
            self._next += 1
        return number, None if self._gap is None else self._began + number * self._gap


def _run(work: Work, starts: _Starts, clock: Clock, lane: list[Timed]) -> None:
    while (ticket := starts.take(clock.monotonic())) is not None:
        number, due = ticket
        if due is not None:
            _wait_until(due, clock)
        sent = clock.monotonic()
        outcome = _outcome(work, number)
        ended = clock.monotonic()
        begun = sent if due is None else due
        lane.append(
            Timed(
                (ended - begun) * MILLISECONDS, (ended - sent) * MILLISECONDS, work.judge(outcome)
            )
        )


def _outcome(work: Work, number: int) -> object:
    try:
        return work.perform(number)
    except BenchmarkRefused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a call raises is its failure
        return error


def _wait_until(due: float, clock: Clock) -> None:
    ahead = due - clock.monotonic()
    if ahead > 0:
        clock.sleep(ahead)
