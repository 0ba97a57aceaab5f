"""Toxics: what is wrong with a wire, for which direction and for what share of connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from client_sdk.chaos.arguments import unknown

Setting = float | str


class Direction(StrEnum):
    """Which way the bytes go: to the upstream, or back to the client."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


# Each kind with its settings and their defaults. `reset_peer`: at is accept, answer or body.
KINDS: Final[dict[str, dict[str, Setting]]] = {
    "latency": {"latency_ms": 1000, "jitter_ms": 0},
    "bandwidth": {"bytes_per_s": 1024},
    "slow_close": {"delay_ms": 1000},
    "timeout": {"timeout_ms": 0},
    "reset_peer": {"at": "answer"},
    "slicer": {"size": 1, "delay_ms": 0},
    "limit_data": {"bytes": 0},
    "down": {},
    "malformed_chunk": {},
    "garbage": {},
    "short_body": {},
    "stall": {},
    "slow_drip": {"size": 1, "interval_ms": 100},
    "truncated_json": {},
}
RESET_AT: Final = ("accept", "answer", "body")
_BOTH_WAYS: Final = frozenset(
    ("latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data")
)
_AT_LEAST_ONE: Final = frozenset(("size", "bytes_per_s"))


@dataclass(frozen=True, slots=True)
class Toxic:
    """One thing wrong with a wire.

    Args:
        kind: what is wrong; `KINDS` lists each kind with its settings.
        settings: the kind's settings; what is left out has its default.
        direction: which way; None is the proxy's own direction.
        toxicity: the share of connections that have it, 0 to 1.
        name: what it is removed by; the kind by default.

    Raises:
        ValueError: an argument cannot be used; the message names it and what can.

    Example:
        >>> Toxic("latency", {"latency_ms": 50}).number("jitter_ms")
        0.0
    """

    kind: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    direction: Direction | str | None = None
    toxicity: float = 1.0
    name: str = ""

    def __post_init__(self) -> None:
        """Check every argument."""
        if self.kind not in KINDS:
            raise ValueError(unknown("toxic", self.kind, tuple(KINDS)))
        if not _is_number(self.toxicity) or not 0 <= self.toxicity <= 1:
            raise ValueError(f"toxicity={self.toxicity!r} must be a number from 0 to 1")
        if self.direction is not None and self.direction not in tuple(Direction):
            raise ValueError(f"direction={self.direction!r} must be upstream or downstream")
        if self.direction == Direction.UPSTREAM and self.kind not in _BOTH_WAYS:
            raise ValueError(f"direction: {self.kind} is about answers; leave upstream out")
        for name, value in self.settings.items():
            _check_setting(self.kind, name, value)
        object.__setattr__(self, "name", self.name or self.kind)

    def number(self, setting: str) -> float:
        """Give a setting that is a number."""
        return float(self.settings.get(setting, KINDS[self.kind][setting]))

    def seconds(self, setting: str) -> float:
        """Give a setting in milliseconds as seconds."""
        return self.number(setting) / 1000

    def word(self, setting: str) -> str:
        """Give a setting that is a word."""
        return str(self.settings.get(setting, KINDS[self.kind][setting]))

    def goes(self, direction: Direction, default: str) -> bool:
        """Say whether it is about bytes that go this way."""
        if self.kind not in _BOTH_WAYS:
            return direction is Direction.DOWNSTREAM
        return (self.direction or default) == direction


Described = Toxic | str | Mapping[str, Any]


def toxic_from(described: Described) -> Toxic:
    """Give a toxic, whichever way it is described.

    Raises:
        ValueError: it cannot be read, or names something unknown.
    """
    if isinstance(described, Toxic):
        return described
    is_text = isinstance(described, str)
    return toxic_from_text(str(described)) if is_text else toxic_from_json(described)


def toxic_from_text(text: str) -> Toxic:
    """Read a toxic as the command line has it: `latency:latency_ms=100,toxicity=0.5`.

    Raises:
        ValueError: it cannot be read, or names something unknown.
    """
    kind, _, rest = text.partition(":")
    settings: dict[str, Setting] = {}
    for part in filter(None, rest.split(",")):
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"toxic {text!r}: {part!r} is no setting; write name=value")
        settings[name.strip()] = _value(value.strip())
    return toxic_from_json({"kind": kind.strip(), **settings})


def toxic_from_json(value: object) -> Toxic:
    """Read a toxic from JSON: `{"kind": "latency", "latency_ms": 100, "toxicity": 0.5}`.

    Raises:
        ValueError: it cannot be read, or names something unknown.
    """
    given = value if isinstance(value, Mapping) else {}
    members = {
        name: float(each) if isinstance(each, Decimal) else each for name, each in given.items()
    }
    kind = members.pop("kind", None)
    if not isinstance(kind, str):
        raise ValueError(f"toxic {value!r} has no kind; it is one of {', '.join(KINDS)}")  # noqa: TRY004 - every fault of an argument is one kind
    given_direction, name = members.pop("direction", None), str(members.pop("name", ""))
    direction = None if given_direction is None else str(given_direction)
    toxicity = members.pop("toxicity", 1.0)
    if not isinstance(toxicity, int | float):
        raise ValueError(f"toxicity={toxicity!r} must be a number from 0 to 1")  # noqa: TRY004 - the same
    return Toxic(kind, members, direction, toxicity, name)


def _check_setting(kind: str, name: str, value: Setting) -> None:
    if name not in KINDS[kind]:
        raise ValueError(unknown(f"{kind}: setting", name, tuple(KINDS[kind])))
    if isinstance(KINDS[kind][name], str):
        if value not in RESET_AT:
            raise ValueError(f"{kind}: {name}={value!r} must be one of {', '.join(RESET_AT)}")
        return
    if not _is_number(value) or float(value) < (name in _AT_LEAST_ONE):
        least = 1 if name in _AT_LEAST_ONE else 0
        raise ValueError(f"{kind}: {name}={value!r} must be a number from {least}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _value(text: str) -> Setting:
    try:
        return float(text)
    except ValueError:
        return text
