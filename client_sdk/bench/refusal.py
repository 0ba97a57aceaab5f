"""What a benchmark refuses to measure, and numbers that count nothing."""

from __future__ import annotations

from math import inf


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


def function(name: str, given: object) -> None:
    """Refuse what cannot be called: every call would fail, and look like the target's failure.

    Raises:
        ValueError: it cannot; the message begins with `name`.
    """
    if not callable(given):
        raise ValueError(f"{name}: {given!r} is no function")  # noqa: TRY004 - as every other argument that cannot be meant


def named(name: str, given: object) -> None:
    """Refuse what is no text or an empty one: results compare, and are kept, under their names.

    Raises:
        ValueError: it is; the message begins with `name`.
    """
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"{name}: {given!r} is no name")


def real_number(name: str, given: object, *, above: float | None = None) -> float:
    """Give back a finite number of at least zero, or above `above`.

    Raises:
        ValueError: it is none; the message begins with `name`.
    """
    least = "of at least 0" if above is None else f"above {above:g}"
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < inf:
        raise ValueError(f"{name}: {given!r} is no number {least}")
    if above is not None and not given > above:
        raise ValueError(f"{name}: {given!r} is no number {least}")
    return given
