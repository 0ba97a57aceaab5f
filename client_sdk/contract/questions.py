"""The containments behind every comparison (contract format, section 3), asked of two tools.

A question names a left and a right shape made of an old and a new tool; it holds when the left
is contained in the right. Sent and received values are read closed: nobody sends members that
nobody wrote down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, TypeAlias

from client_sdk.contract.closed import closed
from client_sdk.contract.compat import (
    Budget,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    shape_contained,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import ToolContract, is_success
from client_sdk.contract.report import NO_WITNESS, Hurt, Obligation, Side
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonValue

Sides: TypeAlias = "tuple[Shape, Shape]"

NOTHING: Final = Shape((SchemaResource(schema=False, dialect=Dialect.D2020),))
_QUESTION_STEPS: Final = 60_000
_SPENT: Final = Undecided("budget-spent", "")


@dataclass(frozen=True, slots=True)
class Question:
    """One containment: who is hurt when it fails, and the two shapes it is about.

    `strict` is the same question with the right side closed too: where only the loose one
    holds, a declared member would be ignored silently, which is no yes.
    """

    hurts: Hurt
    side: Side
    text: str
    sides: Callable[[ToolContract, ToolContract], Sides]
    status: int | None = None
    strict: Callable[[ToolContract, ToolContract], Sides] | None = None
    left_open: Callable[[ToolContract, ToolContract], Shape] | None = None

    def separates(self, value: JsonValue, old: ToolContract, new: ToolContract) -> bool:
        """Whether `value` is on the left and not on the right, by plain validation."""
        left, right = self.sides(old, new)
        try:
            return is_valid(left, value) and not is_valid(right, value)
        except ContractError:
            return False


@dataclass(slots=True)
class Ledger:
    """What is left of the engine time that one comparison may take."""

    budget: Budget
    began: float = field(default_factory=time.monotonic)
    asked: int = 0

    def next_budget(self) -> Budget | None:
        """The budget of the next question, or `None` when all is spent."""
        left = self.budget.wall_seconds - (time.monotonic() - self.began)
        self.asked += 1
        if left <= 0 or self.asked * _QUESTION_STEPS > 50 * self.budget.steps:
            return None
        steps = min(_QUESTION_STEPS, self.budget.steps)
        return replace(self.budget, steps=steps, wall_seconds=left)


def questions_about(old: ToolContract, new: ToolContract) -> Iterator[Question]:
    """Every containment that `evolve` needs for a tool that is in both contracts."""
    yield INPUT_CONSUMERS
    yield INPUT_PRODUCERS
    statuses = [code for code in old.status_codes if code in new.status_codes]
    success = [code for code in statuses if is_success(code)][:1]
    for status in (*success, *(code for code in statuses if not is_success(code))):
        yield from _output_questions(status)


def ask(question: Question, old: ToolContract, new: ToolContract, ledger: Ledger) -> Obligation:
    """Decide one question; what cannot be decided says why."""
    verdict = _decided(question, old, new, ledger)
    match verdict:
        case Proved():
            return Obligation(question.hurts, question.text, "proved")
        case Refuted(witness=witness):
            return Obligation(question.hurts, question.text, "refuted", witness)
        case Undecided(reason=reason):
            return Obligation(question.hurts, question.text, "undecided", NO_WITNESS, str(reason))


def _decided(question: Question, old: ToolContract, new: ToolContract, ledger: Ledger) -> Verdict:
    if question.strict is not None:
        left, right = question.strict(old, new)
        if isinstance(_contained(left, right, ledger), Proved):
            return _unless_empty(question, old, new, ledger)
    left, right = question.sides(old, new)
    verdict = _contained(left, right, ledger)
    if not isinstance(verdict, Proved):
        return verdict
    if question.strict is not None:
        return Undecided("undeclared-input", "")
    return _unless_empty(question, old, new, ledger)


def _unless_empty(
    question: Question, old: ToolContract, new: ToolContract, ledger: Ledger
) -> Verdict:
    """A proof about nothing is none, unless nothing was meant: only the closing emptied it."""
    left = question.sides(old, new)[0]
    if question.left_open is None or not _is_empty(left):
        return Proved()
    if _is_empty(question.left_open(old, new)):
        return Proved()
    del ledger
    return Undecided("closed-empty", "")


def _contained(left: Shape, right: Shape, ledger: Ledger) -> Verdict:
    if left == right:
        return Proved()
    budget = ledger.next_budget()
    return _SPENT if budget is None else shape_contained(left, right, budget=budget)


@lru_cache(maxsize=1024)
def _is_empty(shape: Shape) -> bool:
    """Whether no value fits, as far as a small budget tells; in doubt a value may exist."""
    return isinstance(shape_contained(shape, NOTHING, budget=Budget(steps=20_000)), Proved)


def _closed_input(tool: ToolContract) -> Shape:
    return closed(tool.input_shape())


INPUT_CONSUMERS: Final = Question(
    Hurt.CONSUMERS,
    Side.INPUT,
    "closed input(old) ⊆ input(new)",
    lambda old, new: (_closed_input(old), new.input_shape()),
    strict=lambda old, new: (_closed_input(old), _closed_input(new)),
    left_open=lambda old, _: old.input_shape(),
)
INPUT_PRODUCERS: Final = Question(
    Hurt.PRODUCERS,
    Side.INPUT,
    "closed input(new) ⊆ closed input(old)",
    lambda old, new: (_closed_input(new), _closed_input(old)),
    left_open=lambda _, new: new.input_shape(),
)


def _output_questions(status: int) -> Iterator[Question]:
    place = None if is_success(status) else status
    yield Question(
        Hurt.CONSUMERS,
        Side.OUTPUT,
        f"closed output(new, {status}) ⊆ output(old, {status})",
        lambda old, new: (closed(new.output_shape(status)), old.output_shape(status)),
        place,
        left_open=lambda _, new: new.output_shape(status),
    )
    yield output_producers(status)


def output_producers(status: int) -> Question:
    """Whether every body understood before is understood still; read literally."""
    return Question(
        Hurt.PRODUCERS,
        Side.OUTPUT,
        f"output(old, {status}) ⊆ output(new, {status})",
        lambda old, new: (old.output_shape(status), new.output_shape(status)),
        None if is_success(status) else status,
    )
