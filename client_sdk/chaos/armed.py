"""A configuration in use: its name, when it was added, and how often it struck."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from client_sdk.chaos.config import ChaosConfig, identity_of
from client_sdk.chaos.modes import FailureMode
from client_sdk.chaos.sameness import copied, key_of
from client_sdk.chaos.striking import Call
from client_sdk.clock import Clock
from client_sdk.exchange import Result


@dataclass(slots=True, eq=False)
class Armed:
    """One configuration of one injector; `matched` says that it met a call."""

    config: ChaosConfig
    config_id: str
    since: float
    matched: bool = False
    struck: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def wants_history(self) -> bool:
        """Whether it needs to know what was answered before."""
        return self.config.failure_mode is FailureMode.STALE

    def has_expired(self, clock: Clock) -> bool:
        """Say whether its time is over."""
        ttl = self.config.ttl_s
        return ttl is not None and clock.monotonic() - self.since >= ttl

    def claim(self) -> bool:
        """Take one of its injections, unless all are used up."""
        with self._lock:
            most = self.config.max_injections
            if most is not None and self.struck >= most:
                return False
            self.struck += 1
            return True

    def give_back(self) -> None:
        """Return an injection that did not happen."""
        with self._lock:
            self.struck -= 1


def armed_with(config: ChaosConfig, others: Sequence[Armed], now: float) -> Armed:
    """Arm a configuration under its own `id`, or one made of its content.

    Raises:
        ValueError: another configuration has that `id`.
    """
    taken = {each.config_id for each in others}
    if config.id is not None:
        if config.id in taken:
            raise ValueError(f"id={config.id!r} is taken by another configuration; choose another")
        return Armed(config, config.id, now)
    name = identity_of(config)
    same = sum(each.config.id is None and identity_of(each.config) == name for each in others)
    return Armed(config, name if not same else f"{name}-{same + 1}", now)


class History:
    """The latest two answers to each same call; safe between threads."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], list[Result]] = {}
        self._lock = threading.Lock()

    def keep(self, call: Call, result: Result) -> None:
        """Remember the answer to a call."""
        with self._lock:
            known = self._answers.setdefault(_key(call), [])
            known.append(copied(result))
            del known[:-2]

    def before(self, call: Call) -> Result | None:
        """Give the answer before the one that the call has just had."""
        with self._lock:
            known = self._answers.get(_key(call), [])
            return copied(known[0]) if len(known) > 1 else None


def _key(call: Call) -> tuple[str, str]:
    return call.tool, key_of(call.input)
