"""The meter of one question: what is left of its budget, and what was given up on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic

from client_sdk.contract.compat.verdicts import Budget, Undecided

STEPS_BETWEEN_LOOKS = 512  # at the clock, which costs more than a step


class Reason(StrEnum):
    """Why a question stays open: stable words for `Undecided.reason`."""

    BUDGET_STEPS = "budget-steps"
    BUDGET_STATES = "budget-states"
    BUDGET_WALL = "budget-wall"
    NESTING = "nesting-too-deep"
    KEYWORD_UNREADABLE = "keyword-unreadable"
    REFERENCE_UNRESOLVED = "reference-unresolved"
    REFERENCE_UNPRODUCTIVE = "reference-unproductive"
    REFERENCE_DYNAMIC = "reference-dynamic"
    UNEVALUATED_CASES = "unevaluated-too-many-cases"
    PATTERN_UNSUPPORTED = "pattern-unsupported"
    FORMAT_ASSERTED = "format-asserted"
    WITNESS_TOO_LARGE = "witness-too-large"
    SEARCH_TOO_WIDE = "search-too-wide"
    JUDGE_DISAGREES = "judge-disagrees"
    JUDGE_UNABLE = "judge-unable"


class GivenUp(Exception):
    """The question ends undecided, for this reason."""

    def __init__(self, reason: Reason, path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path


@dataclass(slots=True)
class Meter:
    """Counts the steps of one question and keeps the first reason to doubt its completeness."""

    budget: Budget
    steps_left: int = field(init=False)
    deadline: float = field(init=False)
    first_doubt: Undecided | None = None
    _next_look: int = field(init=False)

    def __post_init__(self) -> None:
        self.steps_left = self.budget.steps
        self.deadline = monotonic() + self.budget.wall_seconds
        self._next_look = max(self.steps_left - STEPS_BETWEEN_LOOKS, 0)

    def spend(self, steps: int = 1) -> None:
        """Take steps off the budget.

        Raises:
            GivenUp: none are left, or the wall clock ran out.
        """
        self.steps_left -= steps
        if self.steps_left > self._next_look:
            return
        if self.steps_left < 0:
            raise GivenUp(Reason.BUDGET_STEPS)
        self._next_look = max(self.steps_left - STEPS_BETWEEN_LOOKS, 0)
        self.look()

    def look(self) -> None:
        """Look at the clock.

        Raises:
            GivenUp: it ran out.
        """
        if monotonic() > self.deadline:
            raise GivenUp(Reason.BUDGET_WALL)

    def doubt(self, reason: Reason, path: str = "") -> None:
        """Note that something was given up: an answer built on it may only be undecided."""
        if self.first_doubt is None:
            self.first_doubt = Undecided(reason, path)
