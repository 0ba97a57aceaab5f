"""What a benchmark refuses to measure, and numbers that count nothing."""

from __future__ import annotations


class BenchmarkRefused(ValueError):
    """This would measure nothing real, or do real harm; the message says how to go on."""


class FileRefused(ValueError):
    """A file holds no benchmarks that can be read; the message names the file or the member."""


def whole_number(name: str, given: object, *, least: int = 1) -> int:
    """Give back a whole number that is large enough.

    Raises:
        ValueError: it is none; the message begins with `name`.
    """
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise ValueError(f"{name}: {given!r} is no whole number of at least {least}")
    return given
