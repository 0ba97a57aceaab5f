"""The changing part of an injector: what is armed, who was called how often, what is held back."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from client_sdk.chaos.armed import Armed, History, armed_with
from client_sdk.chaos.config import ChaosConfig
from client_sdk.chaos.mutators import NotApplicable
from client_sdk.chaos.striking import Call, Deliver, result_from

Candidates = tuple[Armed, ...]


class Run:
    """Everything that a reset forgets; safe between threads."""

    def __init__(self) -> None:
        self.is_active = True
        self._has_ended = False
        self.armed: Candidates = ()
        self.listeners: tuple[Deliver, ...] = ()
        self.history = History()
        self._calls: dict[str, int] = {}
        self._by_tool: dict[str, Candidates] = {}
        self._late: list[Call] = []
        self._lock = threading.Lock()

    def begin_block(self) -> None:
        """Begin a block; another one after an end strikes anew, and must meet calls of its own."""
        if self._has_ended:
            self._has_ended, self.is_active = False, True
            for each in self.armed:
                each.matched = False

    def end_block(self) -> None:
        """End a block: strike nothing any more, and let what is held back arrive."""
        self._has_ended, self.is_active = True, False
        self.flush()

    def arm(self, config: ChaosConfig, now: float) -> Armed:
        """Add a configuration; calls that have begun do not see it.

        Raises:
            ValueError: another configuration has its `id`.
        """
        with self._lock:
            armed = armed_with(config, self.armed, now)
            self.armed, self._by_tool = (*self.armed, armed), {}
        return armed

    def disarm(self, gone: list[Armed]) -> None:
        """Take configurations away."""
        with self._lock:
            self.armed = tuple(each for each in self.armed if each not in gone)
            self._by_tool = {}

    def begin_call(self, tool: str) -> tuple[int, Candidates]:
        """Count a call of the tool; give its number and the configurations that are about it."""
        with self._lock:
            number = self._calls.get(tool, 0) + 1
            self._calls[tool] = number
            candidates = self._by_tool.get(tool)
            if candidates is None:
                candidates = tuple(each for each in self.armed if each.config.is_about(tool))
                self._by_tool[tool] = candidates
        return number, candidates

    def counts(self) -> dict[str, int]:
        """Give how often each tool was called."""
        with self._lock:
            return dict(self._calls)

    def listen(self, callback: Deliver) -> None:
        """Register who gets every answer."""
        with self._lock:
            self.listeners = (*self.listeners, callback)

    def hold(self, call: Call) -> None:
        """Keep a request back until the next one was made."""
        with self._lock:
            self._late.append(call.kept())

    def send(self, call: Call, candidates: Candidates) -> Any:  # noqa: ANN401 - as the client answers
        """Make the call, then let late requests arrive; keep the answer where it may go stale."""
        late = self._taken()
        answer = call.send()
        _arrive(late)
        if any(each.wants_history for each in candidates):
            with suppress(NotApplicable):
                self.history.keep(call, result_from(answer))
        return answer

    def flush(self) -> None:
        """Let every request that is held back arrive."""
        _arrive(self._taken())

    def _taken(self) -> list[Call]:
        if not self._late:
            return []
        with self._lock:
            late, self._late = self._late, []
        return late


def _arrive(late: list[Call]) -> None:
    for call in late:
        with suppress(Exception):  # its caller has stopped listening
            call.send()
