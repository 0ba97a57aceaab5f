"""Time as something that is handed in: the real clock, and one that only moves when told to."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What every class that waits or stamps asks for the time."""

    def time(self) -> float:
        """Give the seconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards; only differences mean something."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class SystemClock:
    """The clock of this machine."""

    def time(self) -> float:
        """Give the seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Give seconds that never run backwards; only differences mean something."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        time.sleep(seconds)


class VirtualClock:
    """A clock that stands still until somebody sleeps or advances it; safe between threads.

    Example:
        >>> clock = VirtualClock(start=100.0)
        >>> clock.sleep(30)
        >>> clock.time()
        130.0
    """

    def __init__(self, start: float = 0.0) -> None:
        self._start = start
        self._passed = 0.0
        self._lock = threading.Lock()

    def time(self) -> float:
        """Give the seconds since the epoch."""
        with self._lock:
            return self._start + self._passed

    def monotonic(self) -> float:
        """Give the seconds that have passed since the clock was made."""
        with self._lock:
            return self._passed

    def sleep(self, seconds: float) -> None:
        """Move on by `seconds` and return at once."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`.

        Raises:
            ValueError: `seconds` is negative or no number; time does not run backwards.
        """
        if not seconds >= 0:
            raise ValueError("time does not run backwards")
        with self._lock:
            self._passed += seconds


def timestamp_of(clock: Clock) -> str:
    """Write the clock's time as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(clock.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
