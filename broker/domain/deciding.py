"""The decision itself: rows that count, the answer they force, and a reason for every cause."""

from broker.domain.can_i_deploy import (
    AmongThemselves,
    Answer,
    Decision,
    DeployQuery,
    Reason,
)
from broker.domain.decision_facts import DecisionFacts
from broker.domain.evidence import EvidenceRef
from broker.domain.matrix import RowOutcome
from broker.domain.participant import VersionRef
from broker.domain.reasons import (
    reason_for_ignored,
    reason_for_nothing_needed,
    reason_for_nothing_to_compare,
    reason_for_success,
    reason_for_unknown_version,
    reasons_for_row,
)
from broker.domain.rows import FactRow, rows_asked_about
from broker.domain.weighing import Weighing, weigh

_PROOFS = (RowOutcome.INFERRED, RowOutcome.FITS)
_OPEN = (RowOutcome.UNKNOWN, RowOutcome.MISSING)


def decide(query: DeployQuery, facts: DecisionFacts) -> Decision:
    """Answer the query from the facts alone; the same facts always give the same decision.

    `no` when a named version does not exist, a row failed, required evidence did not pass or an
    expectation is broken; else `unknown` when a row is unknown, a needed producer is missing, or
    required evidence is missing or inconclusive; else `yes`.
    """
    known = {version.ref for version in facts.versions}
    strangers = [ref for ref in query.versions if ref not in known]
    if strangers:
        reasons = tuple(_never_seen(ref, facts) for ref in dict.fromkeys(strangers))
        return _decision(query, facts, (Answer.NO, reasons))
    rows = rows_asked_about(query, facts)
    weighing = weigh(query, facts, [fact for fact in rows if not fact.row.ignored])
    judged = _judged(query, facts, rows, weighing)
    return _decision(query, facts, judged, rows=rows, looked_at=weighing.looked_at)


def _never_seen(ref: VersionRef, facts: DecisionFacts) -> Reason:
    roles = {(ref.participant == one, ref.participant == two) for one, two in facts.integrations}
    only_produces = (False, True) in roles and not any(consumes for consumes, _ in roles)
    return reason_for_unknown_version(ref, only_produces=only_produces)


def _judged(
    query: DeployQuery, facts: DecisionFacts, rows: tuple[FactRow, ...], weighing: Weighing
) -> tuple[Answer, tuple[Reason, ...]]:
    if not rows and _compares_nothing(query, facts):
        return Answer.UNKNOWN, (reason_for_nothing_to_compare(query),)
    counting = tuple(fact for fact in rows if not fact.row.ignored)
    answer = _gravest(_answer(query, counting), *(each.answer for each in weighing.weighed))
    reasons = [
        reason
        for fact in sorted(counting, key=_gravest_first)
        for reason in reasons_for_row(query, fact)
    ]
    for said in (Answer.NO, Answer.UNKNOWN):
        reasons.extend(each.reason for each in weighing.weighed if each.answer is said)
    if answer is Answer.YES:
        reasons.extend(_good_news(query, rows, counting))
    reasons.extend(each.reason for each in weighing.weighed if each.answer is Answer.YES)
    reasons.extend(reason_for_ignored(fact.row) for fact in rows if fact.row.ignored)
    return answer, tuple(dict.fromkeys(reasons))


def _gravest(*answers: Answer) -> Answer:
    return next((each for each in (Answer.NO, Answer.UNKNOWN) if each in answers), Answer.YES)


def _good_news(
    query: DeployQuery, rows: tuple[FactRow, ...], counting: tuple[FactRow, ...]
) -> tuple[Reason, ...]:
    if counting:
        return (reason_for_success(query, len(counting)),)
    return () if rows else (reason_for_nothing_needed(query),)


def _compares_nothing(query: DeployQuery, facts: DecisionFacts) -> bool:
    """One participant alone, without destination: a yes would promise what nobody looked at."""
    participants = {ref.participant for ref in query.versions}
    alone = isinstance(query.destination, AmongThemselves) and len(participants) == 1
    return alone and bool(facts.integrations)


def _answer(query: DeployQuery, counting: tuple[FactRow, ...]) -> Answer:
    outcomes = {fact.row.outcome for fact in counting}
    if RowOutcome.FAILED in outcomes:
        return Answer.NO
    wanting = _OPEN + _PROOFS if query.tested_only else _OPEN
    return Answer.YES if outcomes.isdisjoint(wanting) else Answer.UNKNOWN


def _gravest_first(fact: FactRow) -> int:
    order = (RowOutcome.FAILED, RowOutcome.MISSING, RowOutcome.UNKNOWN)
    outcome = fact.row.outcome
    return order.index(outcome) if outcome in order else len(order)


def _decision(
    query: DeployQuery,
    facts: DecisionFacts,
    judged: tuple[Answer, tuple[Reason, ...]],
    *,
    rows: tuple[FactRow, ...] = (),
    looked_at: tuple[EvidenceRef, ...] = (),
) -> Decision:
    answer, reasons = judged
    return Decision(
        versions=query.versions,
        destination=query.destination,
        answer=answer,
        reasons=reasons,
        rows=tuple(fact.row for fact in rows),
        as_of=facts.as_of,
        evidence=looked_at,
    )
