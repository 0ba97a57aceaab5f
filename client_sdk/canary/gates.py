"""What may be asked before the canary gets more: any callable that knows an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class GateAnswer(StrEnum):
    """What a gate says of a step: `NO` rolls back, `UNKNOWN` and `WAIT` hold."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class GateOpinion:
    """An answer and the reason for it; raises ValueError for an answer that is none."""

    answer: GateAnswer
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", GateAnswer(self.answer))


Gate = Callable[[float], Any]
"""Gets the weight that would come next, as a percentage.

It gives a GateOpinion, one of the words above, True or False; anything else is unknown, and so is
an exception: a gate that breaks lets nothing through.
"""


def asked(gates: Sequence[Gate], weight: float) -> GateOpinion:
    """Ask every gate and give the first opinion that is no plain yes; a no outweighs a wait."""
    opinions = [_opinion(gate, weight) for gate in gates]
    for answer in (GateAnswer.NO, GateAnswer.UNKNOWN, GateAnswer.WAIT):
        for opinion in opinions:
            if opinion.answer is answer:
                return opinion
    return GateOpinion(GateAnswer.YES)


def _opinion(gate: Gate, weight: float) -> GateOpinion:
    name = getattr(gate, "__name__", type(gate).__name__)
    try:
        said = gate(weight)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no yes
        return GateOpinion(GateAnswer.UNKNOWN, f"{name} failed: {type(error).__name__}: {error}")
    if isinstance(said, GateOpinion):
        return said
    if isinstance(said, bool):
        return GateOpinion(GateAnswer.YES if said else GateAnswer.NO, "" if said else f"{name}: no")
    if isinstance(said, str) and said in set(GateAnswer):
        return GateOpinion(GateAnswer(said), f"{name}: {said}")
    return GateOpinion(GateAnswer.UNKNOWN, f"{name} gave {said!r}, which is no answer")
