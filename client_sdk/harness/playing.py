"""How recorded answers are given: when, under which contracts, and what is complained about."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakMethod

from client_sdk.clock import Clock
from client_sdk.contract.model import Contract
from client_sdk.exchange import Outcome, Result
from client_sdk.harness.checking import check_entry
from client_sdk.harness.contracts import Contracts, contracts_from
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import (
    CassetteExhausted,
    CassetteMismatch,
    CassetteUnused,
    ContractMoved,
    NoCassette,
)
from client_sdk.harness.matching import shown
from client_sdk.harness.modes import Compat, Latency
from client_sdk.harness.player import Player
from client_sdk.harness.take import Call, Take


@dataclass(frozen=True, slots=True)
class Delay:
    """How much of the recorded time a played answer takes."""

    latency: Latency
    scale: float
    clock: Clock

    def __post_init__(self) -> None:
        if not 0 <= self.scale < float("inf"):
            raise ValueError(f"latency_scale is a number, zero or more, not {self.scale!r}")

    def waited(self, recorded_ms: float) -> float:
        """Let the time pass and give it in milliseconds: what was not waited is not reported."""
        if self.latency is Latency.ZERO:
            return 0.0
        share = 1.0 if self.latency is Latency.RECORDED else self.scale
        waited = max(0.0, recorded_ms * share)  # a file may say anything
        self.clock.sleep(waited / 1000)
        return waited


class Playing:
    """Answers calls out of a cassette; `note` is a method of the harness it belongs to."""

    def __init__(
        self, delay: Delay, contracts: Contracts | None, note: Callable[[str], None]
    ) -> None:
        self._delay = delay
        self._source = contracts
        self._contracts: tuple[Contract, ...] = ()
        # Weakly, or a harness that nobody holds, and its guard, would live until a collection.
        self._noting = WeakMethod(note)

    def begin(self) -> None:
        """Fetch the contracts of today, before the doors close.

        Raises:
            ValueError: contracts were asked for, and there is none.
        """
        if self._source is not None:
            self._contracts = contracts_from(self._source)

    def answer(self, take: Take, call: Call, compat: Compat) -> Result:
        """Give the recorded answer of a call; a new episode is made for real and kept.

        Raises:
            CassetteMismatch: the call is not the recorded one.
            ContractMoved: what was recorded breaks a contract of today.
        """
        player = take.player
        if player is None:
            raise NoCassette(f"cassette {take.cassette.name!r} has nothing to play")
        if compat is Compat.GUIDE:
            return self._given(take, self._by_order(take, player, call))
        entry = player.find(call.tool, call.input)
        if entry is not None:
            return self._given(take, entry)
        if take.records:
            return take.record(call).given()
        refusal = player.refusal(call.tool, call.input)
        self.complain(take, refusal)
        raise refusal

    def end(self, take: Take, *, allow_unused: bool) -> None:
        """Make sure that all was used, and that no refusal was swallowed.

        A refusal that the test itself caught, as `pytest.raises` does, was not swallowed.

        Raises:
            CassetteUnused: entries are left over.
            CassetteMismatch: a call was refused, and the agent under test went on.
        """
        swallowed = [str(each) for each in take.complaints if not _came_through(each)]
        if swallowed:
            raise CassetteMismatch(
                "the test went on after its cassette had refused a call:\n" + "\n".join(swallowed)
            )
        unused = take.player.unused if take.player else []
        if unused and not allow_unused:
            calls = ", ".join(
                f"{each.request_tool}({shown(each.request_input)})" for each in unused
            )
            sentence = (
                f"cassette {take.cassette.name!r}: {len(unused)} of {len(take.cassette.entries)} "
                f"entries were not used: {calls}; record it anew, or allow_unused=True"
            )
            self._note(sentence)
            raise CassetteUnused(sentence)

    def complain(self, take: Take, refusal: Exception) -> None:
        """Keep what went wrong, for the report and for the end of the cassette."""
        take.complaints.append(refusal)
        self._note(str(refusal))

    def _note(self, sentence: str) -> None:
        note = self._noting()
        if note is not None:
            note(sentence)

    def _by_order(self, take: Take, player: Player, call: Call) -> CassetteEntry:
        try:
            entry = player.next_by_order(call.tool)
        except CassetteExhausted as error:
            self.complain(take, error)
            raise
        if entry.request_tool != call.tool:
            self._note(f"{entry.request_tool!r} was recorded where {call.tool!r} was called")
        return entry

    def _given(self, take: Take, entry: CassetteEntry) -> Result:
        found = [
            sentence
            for check in (check_entry(entry, self._contracts) if self._contracts else ())
            if check.outcome is not Outcome.PASS
            for sentence in check.sentences()
        ]
        if found:
            moved = ContractMoved(
                f"cassette {take.cassette.name!r}, {entry.request_tool}: the recording does not "
                "keep the contract of today: " + "; ".join(found)
            )
            self.complain(take, moved)
            raise moved
        return entry.result(self._delay.waited(entry.latency_ms))


def _came_through(error: Exception) -> bool:
    """Say whether an exception was caught by code that is still running: the test, not its agent.

    The outermost frame of a traceback is the one that caught it.
    """
    frame = inspect.currentframe()
    while frame is not None and error.__traceback__ is not None:
        if frame is error.__traceback__.tb_frame:
            return True
        frame = frame.f_back
    return False
