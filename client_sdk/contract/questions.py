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
from typing import Final, TypeAlias, assert_never

from client_sdk.contract.closed import closed
from client_sdk.contract.compat import (
    Budget,
    Empty,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    shape_satisfiable,
)
from client_sdk.contract.compat.judging import Judgement, judged
from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation.resources import words_of
from client_sdk.contract.model import ToolContract, is_success
from client_sdk.contract.report import NO_WITNESS, OUT_OF_TIME, Hurt, Obligation, Side
from client_sdk.contract.settled import SETTLED
from client_sdk.contract.shape import Shape
from client_sdk.contract.validation import is_valid
from client_sdk.contract.values import JsonValue

Sides: TypeAlias = "tuple[Shape, Shape]"

_QUESTION_STEPS: Final = 60_000
_MIND_ABSENCE: Final = frozenset(
    (*("minProperties", "not", "oneOf", "if", "uniqueItems", "maxContains"), "$dynamicRef")
)
_SPENT: Final = Undecided("budget-spent", "")
_OUT_OF_TIME: Final = Undecided(OUT_OF_TIME, "")


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
        """Whether `value` is on the left and not on the right, as both judges see it."""
        try:
            left, right = self.sides(old, new)
            return judged(left, right, value) is Judgement.SEPARATES
        except ContractError:
            return False

    def tells_apart(self, value: JsonValue, old: ToolContract, new: ToolContract) -> bool:
        """The same by the own judge alone: enough for a witness that both have accepted before."""
        try:
            left, right = self.sides(old, new)
            return is_valid(left, value) and not is_valid(right, value)
        except ContractError:
            return False


@dataclass(slots=True)
class Ledger:
    """What is left of the engine time that one comparison may take, and what was asked so far."""

    budget: Budget
    began: float = field(default_factory=time.monotonic)
    answers: dict[Sides, Verdict] = field(default_factory=dict)

    @property
    def seconds_left(self) -> float:
        """How long may still be spent; at most 0 when nothing may be begun any more."""
        return self.budget.wall_seconds - (time.monotonic() - self.began)

    def contained(self, left: Shape, right: Shape) -> Verdict:
        """Whether the left shape is contained in the right one; nothing is asked twice."""
        if left == right:
            return Proved()
        known = self.answers.get((left, right))
        if known is None:
            known = self.answers[left, right] = self._asked(left, right)
        return known

    def _asked(self, left: Shape, right: Shape) -> Verdict:
        seconds = self.seconds_left
        if len(self.answers) * _QUESTION_STEPS > 50 * self.budget.steps:
            return _SPENT
        steps = min(_QUESTION_STEPS, self.budget.steps)
        budget = replace(self.budget, steps=steps, wall_seconds=seconds)
        return SETTLED.contained(left, right, budget)


def questions_about(
    old: ToolContract, new: ToolContract, *, literal: bool = False
) -> Iterator[Question]:
    """Every containment that `evolve` needs for a tool that is in both contracts.

    All 2xx bodies of a tool have one schema, so they are one question, whatever the status.
    `literal` leaves the closed reading out.
    """
    found = _closed_questions(old, new)
    return map(_literally, found) if literal else found


def _closed_questions(old: ToolContract, new: ToolContract) -> Iterator[Question]:
    yield INPUT_CONSUMERS
    yield INPUT_PRODUCERS
    before, after = (next(filter(is_success, each.status_codes), None) for each in (old, new))
    if before is not None and after is not None:
        yield from _output_questions(before)
    for status in old.status_codes:
        if status in new.status_codes and not is_success(status):
            yield from _output_questions(status)


def _literally(question: Question) -> Question:
    """The same question about the schemas as they are written."""
    from_old = (question.side is Side.INPUT) is (question.hurts is Hurt.CONSUMERS)

    def shape(tool: ToolContract) -> Shape:
        if question.side is Side.INPUT:
            return tool.input_shape()
        return tool.output_shape(200 if question.status is None else question.status)

    def sides(old: ToolContract, new: ToolContract) -> Sides:
        return (shape(old), shape(new)) if from_old else (shape(new), shape(old))

    text = question.text.replace("closed ", "")
    return replace(question, text=text, sides=sides, strict=None, left_open=None)


def ask(question: Question, old: ToolContract, new: ToolContract, ledger: Ledger) -> Obligation:
    """Decide one question; what cannot be decided says why."""
    match _decided(question, old, new, ledger):
        case Proved():
            return Obligation(question.hurts, question.text, "proved")
        case Refuted(witness=witness):
            return Obligation(question.hurts, question.text, "refuted", witness)
        case Undecided(reason=reason):
            return Obligation(question.hurts, question.text, "undecided", NO_WITNESS, str(reason))
        case never:
            assert_never(never)


def _decided(question: Question, old: ToolContract, new: ToolContract, ledger: Ledger) -> Verdict:
    if ledger.seconds_left <= 0:  # writing the two sides down takes its time, too
        return _OUT_OF_TIME
    try:
        verdict = _plainly_decided(question, old, new, ledger)
        return _unless_empty(question, old, new) if verdict == Proved() else verdict
    except ContractError as cause:
        return Undecided(cause.code, "")


def _plainly_decided(
    question: Question, old: ToolContract, new: ToolContract, ledger: Ledger
) -> Verdict:
    if question.strict is None:
        return ledger.contained(*question.sides(old, new))
    strict = ledger.contained(*question.strict(old, new))
    if isinstance(strict, Proved):
        return strict
    if isinstance(strict, Refuted) and question.separates(strict.witness, old, new):
        return strict
    verdict = ledger.contained(*question.sides(old, new))
    return Undecided("undeclared-input", "") if isinstance(verdict, Proved) else verdict


def _unless_empty(question: Question, old: ToolContract, new: ToolContract) -> Verdict:
    """A proof about nothing is none, unless nothing was meant: only the closing emptied it."""
    if question.left_open is None:
        return Proved()
    return Undecided("closed-empty", "") if _is_emptied(question.left_open(old, new)) else Proved()


@lru_cache(maxsize=512)
def _is_emptied(shape: Shape) -> bool:
    """Whether no value of a shape that has values fits its closed reading.

    Without these keywords a value still fits when its undeclared members are taken away.
    """
    words = frozenset[str]().union(*map(words_of, shape.parts))
    if words.isdisjoint(_MIND_ABSENCE):
        return False
    return _is_empty(closed(shape)) and not _is_empty(shape)


def _is_empty(shape: Shape) -> bool:
    """Whether no value fits, as far as a small budget tells; in doubt a value may exist."""
    return shape_satisfiable(shape, budget=Budget(steps=20_000)) == Empty()


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
    yield output_consumers(status)
    yield output_producers(status)


def output_consumers(status: int) -> Question:
    """Whether every body that may be emitted is one that was understood; sent bodies are closed."""
    return Question(
        Hurt.CONSUMERS,
        Side.OUTPUT,
        f"closed output(new, {status}) ⊆ output(old, {status})",
        lambda old, new: (closed(new.output_shape(status)), old.output_shape(status)),
        None if is_success(status) else status,
        left_open=lambda _, new: new.output_shape(status),
    )


def output_producers(status: int) -> Question:
    """Whether every body understood before is understood still; read literally."""
    return Question(
        Hurt.PRODUCERS,
        Side.OUTPUT,
        f"output(old, {status}) ⊆ output(new, {status})",
        lambda old, new: (old.output_shape(status), new.output_shape(status)),
        None if is_success(status) else status,
    )
