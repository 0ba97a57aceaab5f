"""Remembers containments that were decided: a publish and its inference ask the same ones."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final

from client_sdk.contract.compat import Budget, Undecided, Verdict, shape_contained
from client_sdk.contract.shape import Shape

_REMEMBERED: Final = 4_096


class Settled:
    """Verdicts by their question, the latest ones; safe to share between threads.

    What is undecided is asked again: a larger budget, or a quieter machine, may decide it.
    """

    def __init__(self, size: int = _REMEMBERED) -> None:
        self._size = size
        self._verdicts: OrderedDict[tuple[Shape, Shape], Verdict] = OrderedDict()
        self._lock = Lock()

    def contained(self, left: Shape, right: Shape, budget: Budget) -> Verdict:
        """Whether the left shape is contained in the right one."""
        key = (left, right)
        with self._lock:
            known = self._verdicts.get(key)
            if known is not None:
                self._verdicts.move_to_end(key)
                return known
        found = shape_contained(left, right, budget=budget)
        if not isinstance(found, Undecided):
            with self._lock:
                self._verdicts[key] = found
                if len(self._verdicts) > self._size:
                    self._verdicts.popitem(last=False)
        return found


SETTLED: Final = Settled()
