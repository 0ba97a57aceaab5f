"""One fair queue in front of SQLite's write lock: first come, first served, and never forever."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from broker.domain.errors import StoreBusy


class WriterQueue:
    """Lets one writer of this process in at a time, in the order they came.

    SQLite's own wait for its lock is unfair: under load most writers wait a moment and a few
    wait for seconds. Who stands here longer than `patience` seconds is turned away.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._guard = Lock()
        self._busy = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the turn for the length of the block; raises `StoreBusy` when it does not come."""
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def _take(self) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            ticket = Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        if ticket.acquire(timeout=self._patience):
            return
        with self._guard:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                raise StoreBusy
        # The turn came in the very moment the patience ended.

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False
