"""Schedules: at which calls of a tool a fault may strike, counted from 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final, Protocol

from client_sdk.contract.values import JsonObject, JsonValue


class Schedule(Protocol):
    """Says how much of the probability holds at a call."""

    def share(self, number: int) -> float:
        """Give the part of the probability, 0 to 1, that holds at the call of this number."""
        ...


@dataclass(frozen=True, slots=True)
class Always:
    """Every call."""

    def share(self, number: int) -> float:
        """Give 1 for every call."""
        del number
        return 1.0


@dataclass(frozen=True, slots=True)
class FirstN:
    """The first `n` calls of a tool, then it recovers."""

    n: int

    def __post_init__(self) -> None:
        """Refuse a count that no call can have."""
        _at_least_one("FirstN", n=self.n)

    def share(self, number: int) -> float:
        """Give 1 up to the n-th call."""
        return 1.0 if number <= self.n else 0.0


@dataclass(frozen=True, slots=True)
class Nth:
    """The n-th call of a tool and no other."""

    n: int

    def __post_init__(self) -> None:
        """Refuse a count that no call can have."""
        _at_least_one("Nth", n=self.n)

    def share(self, number: int) -> float:
        """Give 1 for the n-th call."""
        return 1.0 if number == self.n else 0.0


@dataclass(frozen=True, slots=True)
class Every:
    """Each n-th call of a tool: `Every(5)` is the calls 5, 10, 15, ..."""

    n: int

    def __post_init__(self) -> None:
        """Refuse a count that no call can have."""
        _at_least_one("Every", n=self.n)

    def share(self, number: int) -> float:
        """Give 1 for each n-th call."""
        return 1.0 if number % self.n == 0 else 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """An outage: the calls `first` to `last` of a tool, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        """Refuse a window that holds no call."""
        _at_least_one("Window", first=self.first, last=self.last)
        if self.last < self.first:
            raise ValueError(f"Window: last={self.last} is before first={self.first}; swap them")

    def share(self, number: int) -> float:
        """Give 1 inside the window."""
        return 1.0 if self.first <= number <= self.last else 0.0


@dataclass(frozen=True, slots=True)
class Ramp:
    """The probability grows from `start` to `end` over the first `over` calls, and stays there."""

    over: int
    start: float = 0.0
    end: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a ramp without a length or with shares that are none."""
        _at_least_one("Ramp", over=self.over)
        for name, share in (("start", self.start), ("end", self.end)):
            if isinstance(share, bool) or not 0 <= share <= 1:
                raise ValueError(f"Ramp: {name}={share!r} must be a share from 0 to 1")

    def share(self, number: int) -> float:
        """Give the share on the straight line from `start` (call 1) to `end` (call `over`)."""
        if number >= self.over:
            return self.end
        return self.start + (self.end - self.start) * (number - 1) / (self.over - 1)


SCHEDULES: Final = {kind.__name__: kind for kind in (Always, FirstN, Nth, Every, Window, Ramp)}


def schedule_to_json(schedule: Schedule) -> JsonObject:
    """Write a schedule as `{"kind": "FirstN", "n": 2}`.

    Raises:
        ValueError: it is none of the schedules of this module.
    """
    kind = type(schedule)
    if SCHEDULES.get(kind.__name__) is not kind:
        raise ValueError(f"schedule: {schedule!r} cannot be written; use {', '.join(SCHEDULES)}")
    return {"kind": kind.__name__, **asdict(schedule)}  # type: ignore[call-overload]


def schedule_from_json(value: JsonValue) -> Schedule:
    """Read what `schedule_to_json` wrote.

    Raises:
        ValueError: it is no such schedule.
    """
    given = value if isinstance(value, Mapping) else {}
    members = {
        name: float(each) if isinstance(each, Decimal) else each for name, each in given.items()
    }
    kind = SCHEDULES.get(str(members.pop("kind", "")))
    if kind is None:
        raise ValueError(f"schedule: {value!r} has no kind; it is one of {', '.join(SCHEDULES)}")
    try:
        schedule: Schedule = kind(**members)  # type: ignore[arg-type]
    except TypeError as error:
        raise ValueError(f"schedule: {value!r} cannot be read: {error}") from error
    return schedule


def _at_least_one(schedule: str, **counts: object) -> None:
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise ValueError(f"{schedule}: {name}={count!r} must be a whole number from 1")
