"""Evidence on the scales: what is demanded, what was found, and what that means for a decision."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from broker.domain.can_i_deploy import Answer, DeployQuery, Reason
from broker.domain.decision_facts import DecisionFacts
from broker.domain.evidence import BENCHMARK, EvidenceRef, Verdict
from broker.domain.evidence_reasons import (
    reason_for_broken,
    reason_for_missing,
    reason_for_unmeasured,
    reason_for_verdict,
)
from broker.domain.expectation import Expectation
from broker.domain.matrix import RowOutcome
from broker.domain.participant import VersionRef
from broker.domain.rows import FactRow

_GOOD = (RowOutcome.VERIFIED, RowOutcome.INFERRED, RowOutcome.FITS)
_ANSWERS = {
    Verdict.PASS: Answer.YES,
    Verdict.INCONCLUSIVE: Answer.UNKNOWN,
    Verdict.FAIL: Answer.NO,
    Verdict.ERROR: Answer.NO,
}


@dataclass(frozen=True, slots=True)
class EvidenceDemand:
    """The latest evidence of these kinds about these versions is needed to decide."""

    versions: frozenset[VersionRef]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One thing the evidence says: a reason, and the best answer it leaves."""

    answer: Answer
    reason: Reason


@dataclass(frozen=True, slots=True)
class Weighing:
    """Everything the evidence says, and the evidence that was looked at."""

    weighed: tuple[Weighed, ...] = ()
    looked_at: tuple[EvidenceRef, ...] = ()


def evidence_demanded(query: DeployQuery, facts: DecisionFacts) -> EvidenceDemand:
    """What must be read: nothing when no environment requires it and no contract expects it."""
    producers = {content.producer for content in facts.contents if content.expectations}
    judged = {version.ref for version in facts.versions if version.ref.participant in producers}
    named = frozenset(query.versions if facts.required_evidence else ())
    kinds = frozenset((*facts.required_evidence, *((BENCHMARK,) if judged else ())))
    return EvidenceDemand(named | judged, kinds)


def weigh(query: DeployQuery, facts: DecisionFacts, rows: Collection[FactRow]) -> Weighing:
    """Hold the evidence against what the environment requires and the rows' contracts expect."""
    latest = {(each.ref, each.kind): each for each in facts.evidence}
    required = [(ref, kind) for ref in query.versions for kind in facts.required_evidence]
    at_stake = [*_at_stake(rows)]
    weighed = [
        *(_required(ref, kind, latest.get((ref, kind))) for ref, kind in required),
        *(_expected(stake, latest.get((stake.producer, BENCHMARK)), facts) for stake in at_stake),
    ]
    keys = dict.fromkeys((*required, *((stake.producer, BENCHMARK) for stake in at_stake)))
    return Weighing(
        tuple(each for each in weighed if each is not None),
        tuple(latest[key] for key in keys if key in latest),
    )


@dataclass(frozen=True, slots=True)
class _Stake:
    """An expectation that a row which is good otherwise still has to keep."""

    fact: FactRow
    producer: VersionRef
    expectation: Expectation


def _at_stake(rows: Collection[FactRow]) -> Iterator[_Stake]:
    for fact in rows:
        number = fact.row.producer_version
        if number is not None and fact.row.outcome in _GOOD:
            producer = VersionRef(fact.row.producer, number)
            for expectation in fact.expectations:
                yield _Stake(fact, producer, expectation)


def _required(ref: VersionRef, kind: str, found: EvidenceRef | None) -> Weighed | None:
    if found is None:
        return Weighed(Answer.UNKNOWN, reason_for_missing(ref, kind))
    answer = _ANSWERS[found.verdict]
    return None if answer is Answer.YES else Weighed(answer, reason_for_verdict(found))


def _expected(stake: _Stake, benchmark: EvidenceRef | None, facts: DecisionFacts) -> Weighed | None:
    row, expectation = stake.fact.row, stake.expectation
    tool = benchmark.measured.get(expectation.tool, {}) if benchmark else {}
    measured = tool.get(expectation.metric)
    if benchmark is None or measured is None:
        gated = BENCHMARK in facts.required_evidence
        reason = reason_for_unmeasured(row, stake.producer, expectation, benchmark)
        return Weighed(Answer.UNKNOWN if gated else Answer.YES, reason)
    if measured <= expectation.bound:
        return None
    return Weighed(Answer.NO, reason_for_broken(row, expectation, measured, benchmark))
