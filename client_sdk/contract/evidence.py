"""Joins changes and containments: which change is to blame for which broken question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from client_sdk.contract.changes.change import Change
from client_sdk.contract.model import ToolContract
from client_sdk.contract.questions import Ledger, Question, ask, questions_about
from client_sdk.contract.report import MADE_UP_FOR, NO_WITNESS, OUT_OF_TIME, Obligation, Side
from client_sdk.contract.shape import Shape

_MAX_ISOLATED: Final = 60
_ANY_SUCCESS: Final = 200  # every 2xx has the same shape
_JUDGED_AS_OUTPUT: Final = frozenset((Side.OUTPUT, Side.CONSTRAINT))


class Evidence:
    """The verdicts about one tool, and what each change has to do with them."""

    def __init__(
        self,
        old: ToolContract,
        new: ToolContract,
        changes: Sequence[Change],
        ledger: Ledger,
        *,
        literal: bool = False,
    ) -> None:
        self._old, self._new, self._ledger = old, new, ledger
        self._isolated = 0
        self.changes = changes
        self._whole = {
            question: ask(question, old, new, ledger)
            for question in questions_about(old, new, literal=literal)
            if _shape_in(old, question) != _shape_in(new, question)
        }
        self._concerned = {
            question: sum(_concerns(change, question) for change in changes)
            for question in self._whole
        }
        self._blamed: set[Question] = set()
        self._doubts: dict[tuple[Question, str], Obligation] = {}

    def about(self, change: Change) -> tuple[Obligation, ...]:
        """The obligations that a change touches, each with the verdict on this change."""
        return tuple(
            self._about(change, question, whole)
            for question, whole in self._whole.items()
            if _concerns(change, question)
        )

    def unexplained(self) -> tuple[tuple[Question, Obligation], ...]:
        """Broken or undecided questions that no change was blamed for."""
        return tuple(
            (question, whole)
            for question, whole in self._whole.items()
            if whole.verdict != "proved" and question not in self._blamed
        )

    def _about(self, change: Change, question: Question, whole: Obligation) -> Obligation:
        if whole.verdict == "proved":
            return whole
        found = self._alone(change, question, whole)
        if found.verdict in {whole.verdict, "refuted"}:
            self._blamed.add(question)
        return found

    def _alone(self, change: Change, question: Question, whole: Obligation) -> Obligation:
        """The question with this change made and no other."""
        if self._concerned[question] == 1 or change.apply is None:
            return whole
        self._isolated += 1  # before anything is tried: each try has its price
        if self._isolated > _MAX_ISOLATED:
            return self._untried(question, whole, "too-many-changes")
        if self._ledger.seconds_left <= 0:
            return self._untried(question, whole, OUT_OF_TIME)
        variant = change.apply(self._old)
        witness = whole.witness
        if witness is not NO_WITNESS and question.tells_apart(witness, self._old, variant):
            return whole
        alone = ask(question, self._old, variant, self._ledger)
        return self._confirmed(alone, question, whole)

    def _untried(self, question: Question, whole: Obligation, reason: str) -> Obligation:
        """One doubt for all that is not tried, for that may be thousands of changes."""
        key = (question, reason)
        if key not in self._doubts:
            self._doubts[key] = _in_doubt(whole, reason)
        return self._doubts[key]

    def _confirmed(self, alone: Obligation, question: Question, whole: Obligation) -> Obligation:
        """What breaks alone must break the whole too, or another change makes up for it."""
        if alone.verdict != "refuted" or alone.witness is NO_WITNESS:
            return alone
        if question.separates(alone.witness, self._old, self._new):
            return alone
        return _in_doubt(alone, MADE_UP_FOR if whole.verdict == "refuted" else whole.reason)


def _in_doubt(obligation: Obligation, reason: str) -> Obligation:
    return replace(obligation, verdict="undecided", witness=NO_WITNESS, reason=reason)


def _shape_in(tool: ToolContract, question: Question) -> Shape:
    """What a question is about; two that are equal to the letter need no answer."""
    if question.side is Side.INPUT:
        return tool.input_shape()
    return tool.output_shape(_ANY_SUCCESS if question.status is None else question.status)


def _concerns(change: Change, question: Question) -> bool:
    if change.apply is None:
        return False
    if question.side is Side.INPUT:
        return change.side is Side.INPUT
    return change.side in _JUDGED_AS_OUTPUT and change.status == question.status
