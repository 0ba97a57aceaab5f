"""The choices of a harness by name; a name that is none of them is refused with the list."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

_Choice = TypeVar("_Choice", bound=StrEnum)


class Mode(StrEnum):
    """Where answers come from, and whether they are kept.

    `RECORD` calls and writes a new file. `PLAYBACK` answers from the file and opens no connection.
    `PASSTHROUGH` calls and keeps nothing. `ONCE` plays a file that is there and records one that
    is not. `NEW_EPISODES` plays what it has and records the rest. `ALL` calls always, and replaces
    the entries that were called. `REWRITE` calls always, and begins the file anew.
    """

    RECORD = "record"
    PLAYBACK = "playback"
    PASSTHROUGH = "passthrough"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    REWRITE = "rewrite"


class Order(StrEnum):
    """Whether calls must come in the recorded order."""

    STRICT = "strict"
    ANY = "any"


class OnExpired(StrEnum):
    """What happens to a recording that is too old."""

    WARN = "warn"
    ERROR = "error"
    RECORD = "record"


class Latency(StrEnum):
    """How long a played answer takes: as long as it took, no time, or a part of it."""

    RECORDED = "recorded"
    ZERO = "zero"
    SCALED = "scaled"


class Compat(StrEnum):
    """Which rules matching follows: the strict ones, or the guide's (tool names only)."""

    STRICT = "strict"
    GUIDE = "guide"


def choice_from(kind: type[_Choice], value: str, name: str) -> _Choice:
    """Give the member that `value` is or names.

    Raises:
        ValueError: it names none; the message lists what there is.
    """
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(repr(each.value) for each in kind)
        raise ValueError(f"{name} is one of {known}, not {value!r}") from None


def seconds_from(value: float | timedelta | None) -> float | None:
    """Give an age in seconds; None means that nothing is too old.

    Raises:
        ValueError: it is negative or no number.
    """
    if value is None:
        return None
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if isinstance(value, bool) or not seconds >= 0:
        raise ValueError(f"max_age is a number of seconds, zero or more, not {value!r}")
    return seconds
