"""The states of a canary and the only ways between them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from client_sdk.errors import TallyError


class State(StrEnum):
    """Where a deployment stands.

    `idle → running → promoted → watching → done`, and `running | watching → draining →
    rolled_back`.
    """

    IDLE = "idle"
    RUNNING = "running"
    DRAINING = "draining"
    ROLLED_BACK = "rolled_back"
    PROMOTED = "promoted"
    WATCHING = "watching"
    DONE = "done"


class Phase(StrEnum):
    """What a running step does; harm rolls back in each of them."""

    ANALYSING = "analysing"
    PAUSED = "paused"
    AWAITING_APPROVAL = "awaiting_approval"


class IllegalTransition(TallyError):
    """The canary is in a state from which this cannot be done; the message says what can."""


WAYS: Final = {
    State.IDLE: (State.RUNNING,),
    State.RUNNING: (State.PROMOTED, State.DRAINING),
    State.DRAINING: (State.ROLLED_BACK,),
    State.ROLLED_BACK: (),
    State.PROMOTED: (State.WATCHING,),
    State.WATCHING: (State.DONE, State.DRAINING),
    State.DONE: (),
}


def moved(current: State, target: State, *, act: str) -> State:
    """Give the target state.

    Raises:
        IllegalTransition: no way leads there.
    """
    if target not in WAYS[current]:
        ways = ", ".join(WAYS[current]) or "nothing: it is final"
        raise IllegalTransition(
            f"{act} is not possible while the canary is {current}; from there leads: {ways}"
        )
    return target
