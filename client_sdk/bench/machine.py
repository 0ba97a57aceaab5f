"""The machine under a benchmark: what it is, its memory, its connections, its collector."""

from __future__ import annotations

import gc
import platform
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from os import cpu_count
from typing import Final

from client_sdk.bench.guard import layers_of

MEBIBYTE: Final = 1024 * 1024
KIBIBYTE: Final = 1024


class Memory(StrEnum):
    """How memory is measured; never while calls are timed.

    `rss` reads the most that the process ever had resident, which includes what ran before.
    `tracemalloc-pass` makes further calls under Python's own tracer, many times slower.
    """

    OFF = "off"
    RSS = "rss"
    TRACEMALLOC = "tracemalloc-pass"


def fingerprint() -> dict[str, str]:
    """Say what a result depends on besides the code; results of different ones do not compare."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "cpus": str(cpu_count() or 0),
    }


def resident_mb() -> float:
    """Give the most memory that this process ever had resident, in MiB; 0 where nobody knows."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MEBIBYTE if sys.platform == "darwin" else KIBIBYTE)


def traced_mb(work: Callable[[], None]) -> float:
    """Run `work` under tracemalloc and give the most it held at once, in MiB.

    A trace that runs already is left as it is: neither stopped nor reset. The peak is then that
    of the whole trace, at least as much as the work held.
    """
    is_outer = tracemalloc.is_tracing()
    if not is_outer:
        tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        if not is_outer:
            tracemalloc.stop()
    return max(0, peak - before) / MEBIBYTE


def connections_opened(client: object) -> int | None:
    """Give how many connections a client has opened so far; None when it does not say."""
    for each in layers_of(client):
        opened = getattr(each, "connections_opened", None)
        if isinstance(opened, int):
            return opened
    return None


@contextmanager
def collector(*, on: bool) -> Iterator[None]:
    """Leave Python's garbage collector as it is, or off for the block."""
    was_on = gc.isenabled()
    if not on:
        gc.collect()
        gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
