"""Reads what a run was told: flags, variables of the environment, and arguments of markers."""

from __future__ import annotations

import os
import secrets
from math import inf
from typing import Final

import pytest

DEFAULT_SEED: Final = 42
UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def mode_of(config: pytest.Config) -> str:
    """Give the mode of recordings: the flag's, else that of TEST_MODE, else playback."""
    given: str | None = config.getoption("--record-mode", default=None)
    return given or os.environ.get("TEST_MODE") or "playback"


def seed_of(config: pytest.Config) -> int:
    """Give the seed of chaos: the flag's, else that of CHAOS_SEED, else 42.

    Raises:
        pytest.UsageError: it is neither a number nor `random`.
    """
    given = config.getoption("--chaos-seed", default=None) or os.environ.get("CHAOS_SEED")
    if given == "random":
        return secrets.randbelow(2**31)
    try:
        return DEFAULT_SEED if not given else int(given)
    except ValueError:
        raise pytest.UsageError(f"--chaos-seed: {given!r} is no number, nor `random`") from None


def max_age_of(config: pytest.Config) -> float | None:
    """Give the age in seconds beyond which a recording fails, or None for any.

    Raises:
        pytest.UsageError: it is no age; NaN would let every recording pass.
    """
    given: str | None = config.getoption("--cassette-max-age", default=None)
    if not given:
        return None
    number, unit = (given[:-1], given[-1]) if given[-1] in UNITS else (given, "s")
    try:
        age = float(number) * UNITS[unit]
    except ValueError:
        age = -1
    if not 0 <= age < inf:
        raise pytest.UsageError(
            f"--cassette-max-age: {given!r} is no age; write 30d, 12h, 90m or seconds"
        )
    return age


def cassette_named(marker: pytest.Mark) -> str | None:
    """Give the name in a marker `cassette`, by place or by name; None for the test's own.

    Raises:
        pytest.UsageError: it has other arguments.
    """
    names = [*marker.args, *(marker.kwargs[each] for each in marker.kwargs if each == "name")]
    if len(names) != len(marker.args) + len(marker.kwargs) or len(names) > 1:
        raise pytest.UsageError('cassette: give one name, such as cassette("balance"), or none')
    return names[0] if names else None


def limits_of(item: pytest.Item) -> list[str]:
    """Give the limits of all markers `benchmark_gate` of a test.

    Raises:
        pytest.UsageError: one has none, or has them by name, and would hold nothing.
    """
    markers = list(item.iter_markers("benchmark_gate"))
    if any(marker.kwargs or not marker.args for marker in markers):
        raise pytest.UsageError(
            'benchmark_gate: give limits as texts, such as benchmark_gate("p99<500ms")'
        )
    return [each for marker in markers for each in marker.args]
