"""Assesses one call by every contract that applies to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from client_sdk.contract.errors import Severity
from client_sdk.contract.model import Contract
from client_sdk.contract.values import JsonValue
from client_sdk.validator.judging import Judge, ReceivedAnswer
from client_sdk.validator.matching import Call, Match, matches_of, why_unmatched
from client_sdk.validator.policy import Strictness
from client_sdk.validator.violation import UNMATCHED, ContractViolation, whole


@dataclass(frozen=True, slots=True)
class Assessed:
    """What was found about one call, and whether any contract judged it."""

    violations: tuple[ContractViolation, ...]
    was_judged: bool


@dataclass(frozen=True, slots=True)
class Assessor:
    """The contracts at hand, and how strictly they are applied."""

    contracts: tuple[Contract, ...]
    judge: Judge
    unmatched: Strictness
    all_versions: bool

    def answer(self, call: Call, received: ReceivedAnswer) -> Assessed:
        """Judge an answer by each contract that applies."""
        return self._by(call, lambda matches: self._answer_by_each(matches, received))

    def request(self, call: Call, sent: JsonValue) -> Assessed:
        """Judge an input: one contract that allows it is enough, for one consumer sent it."""
        return self._by(call, lambda matches: self._senders(matches, sent)[1])

    def exchange(
        self, call: Call, sent: JsonValue, received: ReceivedAnswer, *, location: str | None = None
    ) -> Assessed:
        """Judge an input, and its answer by the contracts that allow the input."""

        def both(matches: tuple[Match, ...]) -> tuple[ContractViolation, ...]:
            senders, refused = self._senders(matches, sent)
            return (*refused, *self._answer_by_each(senders, received))

        found = self._by(call, both)
        placed = tuple(replace(each, location=location) for each in found.violations)
        return replace(found, violations=placed)

    def _by(
        self, call: Call, judge: Callable[[tuple[Match, ...]], tuple[ContractViolation, ...]]
    ) -> Assessed:
        matches = matches_of(self.contracts, call, all_versions=self.all_versions)
        if matches:
            return Assessed(judge(matches), was_judged=True)
        return Assessed(self._no_match(call), was_judged=False)

    def _no_match(self, call: Call) -> tuple[ContractViolation, ...]:
        severity = self.unmatched.severity
        if severity is None:
            return ()
        message = f"{call.tool} was not validated: {why_unmatched(self.contracts, call)}"
        found = whole(UNMATCHED, "a contract that applies", message, tool=call.tool)
        graded = self.judge.policy.severity_of(UNMATCHED, severity)
        return (replace(found, consumer=call.consumer or "", severity=graded),)

    def _answer_by_each(
        self, matches: tuple[Match, ...], received: ReceivedAnswer
    ) -> tuple[ContractViolation, ...]:
        return tuple(each for match in matches for each in self.judge.answer(match, received))

    def _senders(
        self, matches: tuple[Match, ...], sent: JsonValue
    ) -> tuple[tuple[Match, ...], tuple[ContractViolation, ...]]:
        """Give the contracts that allow an input, or all with what each has against it."""
        told = [(match, self.judge.request(match, sent)) for match in matches]
        allowing = [(match, found) for match, found in told if not any(map(_is_error, found))]
        kept = allowing or told
        return (
            tuple(match for match, _ in kept),
            tuple(each for _, found in kept for each in found),
        )


def _is_error(violation: ContractViolation) -> bool:
    return violation.severity is Severity.ERROR
