"""The cassette of a harness that is running: at most one, begun once and ended once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from client_sdk.exchange import Result
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.errors import NoCassette
from client_sdk.harness.guard import SocketGuard
from client_sdk.harness.modes import Compat, Mode, choice_from
from client_sdk.harness.playing import Playing
from client_sdk.harness.starting import Starting
from client_sdk.harness.take import Call, Take

if TYPE_CHECKING:
    from client_sdk.harness.comparing import CassetteDiff

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunRules:
    """What holds while a cassette runs; `check_recordable` refuses what must not be recorded."""

    compat: Compat
    allow_unused: bool
    allowed_hosts: Sequence[str]
    check_recordable: Callable[[], None]


class Running:
    """Begins a cassette, answers calls out of it or into it, and ends it."""

    def __init__(self, starting: Starting, playing: Playing, rules: RunRules) -> None:
        self._starting = starting
        self._playing = playing
        self._rules = rules
        self._take: Take | None = None
        self._failures_before = 0
        self._guards = ExitStack()

    def start(self, chosen: str | Cassette, mode: Mode, failures: int) -> None:
        """Begin with a cassette; `failures` is how many the harness has seen so far."""
        if self._take is not None:
            running = self._take.cassette.name
            raise NoCassette(f"cassette {running!r} is running: stop it before another begins")
        mode = choice_from(Mode, mode, "mode")  # the attribute may have been set since
        if mode is Mode.PASSTHROUGH:
            return
        take = self._starting.take(chosen, mode)
        if take.records:
            self._rules.check_recordable()
        else:
            self._playing.begin()
            self._guards.enter_context(self._guard(take))
        self._failures_before = failures
        self._take = take

    def stop(self, *, failed: bool, failures: int) -> CassetteDiff | None:
        """End with the cassette; give what a recording changed in a file that was there."""
        take, self._take = self._take, None
        self._guards.close()
        if take is None:
            return None
        if not take.records:
            if not failed:
                self._playing.end(take, allow_unused=self._allows_unused)
            return None
        if failed or failures > self._failures_before:
            LOG.warning("the test failed: cassette %r is not saved", take.cassette.name)
            return None
        return take.save()

    def may_call(self, mode: Mode) -> bool:
        """Say whether a connection may be opened: not in playback, unless it records anew."""
        return mode != Mode.PLAYBACK or (self._take is not None and self._take.records)

    def answer(self, call: Call, mode: Mode) -> Result:
        """Play a call, record it, or pass it through.

        Raises:
            NoCassette: the mode needs a cassette and none is running.
        """
        take = self._take
        if take is None:
            if mode == Mode.PASSTHROUGH:
                return call.live().given()
            raise NoCassette(
                f"{call.tool} was called in mode {str(mode)!r} without a cassette: "
                "call it inside `with harness.cassette(name):`"
            )
        if take.records and take.mode is not Mode.NEW_EPISODES:
            return take.record(call).given()
        return self._playing.answer(take, call, self._rules.compat)

    @property
    def _allows_unused(self) -> bool:
        return self._rules.allow_unused or self._rules.compat is Compat.GUIDE

    def _guard(self, take: Take) -> SocketGuard:
        playing = self._playing  # not self, which holds the guard
        return SocketGuard(
            f"cassette {take.cassette.name!r} plays",
            allowed_hosts=self._rules.allowed_hosts,
            on_refusal=lambda refusal: playing.complain(take, refusal),
        )
