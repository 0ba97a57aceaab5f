"""The decision itself: rows that count, the answer they force, and a reason for every cause."""

from broker.domain.can_i_deploy import (
    AmongThemselves,
    Answer,
    Decision,
    DeployQuery,
    Reason,
)
from broker.domain.decision_facts import DecisionFacts
from broker.domain.matrix import RowOutcome
from broker.domain.reasons import (
    reason_for_ignored,
    reason_for_nothing_needed,
    reason_for_nothing_to_compare,
    reason_for_success,
    reason_for_unknown_version,
    reasons_for_row,
)
from broker.domain.rows import FactRow, rows_asked_about

_PROOFS = (RowOutcome.INFERRED, RowOutcome.FITS)
_OPEN = (RowOutcome.UNKNOWN, RowOutcome.MISSING)


def decide(query: DeployQuery, facts: DecisionFacts) -> Decision:
    """Answer the query from the facts alone; the same facts always give the same decision.

    `no` when a named version does not exist or a row failed; else `unknown` when a row is
    unknown or a needed producer is missing; else `yes`.
    """
    known = {version.ref for version in facts.versions}
    strangers = [ref for ref in query.versions if ref not in known]
    if strangers:
        reasons = tuple(reason_for_unknown_version(ref) for ref in dict.fromkeys(strangers))
        return _decision(query, facts, (), (Answer.NO, reasons))
    rows = rows_asked_about(query, facts)
    return _decision(query, facts, rows, _judged(query, facts, rows))


def _judged(
    query: DeployQuery, facts: DecisionFacts, rows: tuple[FactRow, ...]
) -> tuple[Answer, tuple[Reason, ...]]:
    if not rows and _compares_nothing(query, facts):
        return Answer.UNKNOWN, (reason_for_nothing_to_compare(query),)
    counting = tuple(fact for fact in rows if not fact.row.ignored)
    answer = _answer(query, counting)
    reasons = [
        reason
        for fact in sorted(counting, key=_gravest_first)
        for reason in reasons_for_row(query, fact)
    ]
    if answer is Answer.YES and counting:
        reasons.append(reason_for_success(query, len(counting)))
    elif answer is Answer.YES and not rows:
        reasons.append(reason_for_nothing_needed(query))
    reasons.extend(reason_for_ignored(fact.row) for fact in rows if fact.row.ignored)
    return answer, tuple(dict.fromkeys(reasons))


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
    rows: tuple[FactRow, ...],
    judged: tuple[Answer, tuple[Reason, ...]],
) -> Decision:
    answer, reasons = judged
    return Decision(
        versions=query.versions,
        destination=query.destination,
        answer=answer,
        reasons=reasons,
        rows=tuple(fact.row for fact in rows),
        as_of=facts.as_of,
    )
