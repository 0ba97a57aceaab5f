"""What a containment question answers, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from client_sdk.contract.values import JsonValue


@dataclass(frozen=True, slots=True)
class Proved:
    """Every value that fits the first side fits the second: there is a derivation."""


@dataclass(frozen=True, slots=True)
class Refuted:
    """A value fits the first side and not the second; the validator agreed on both.

    `path` is a JSON Pointer into the witness, `keyword` what the second side holds against it.
    """

    witness: JsonValue
    path: str
    keyword: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither a derivation nor a witness was found.

    `reason` is a stable kebab-case word (see `Reason`), `path` a JSON Pointer into the schema
    that it is about; the empty string is the root.
    """

    reason: str
    path: str


Verdict: TypeAlias = Proved | Refuted | Undecided


# Part of every remembered answer: raised when the engine or the rules may answer otherwise.
ENGINE_VERSION: Final = "2"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much work one question may cost.

    `steps` counts nodes built, values tried and, ten for one, states of string automata;
    `states` bounds each automaton. Both are the same on every machine. `wall_seconds` is a
    backstop that an answer should never need.
    """

    steps: int = 200_000
    states: int = 20_000
    wall_seconds: float = 2.0


DEFAULT_BUDGET = Budget()
