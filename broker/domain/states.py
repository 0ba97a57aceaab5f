"""One word for how an integration stands, the sentence that explains it, and what is worse."""

from collections.abc import Iterable
from typing import assert_never

from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.overview import IntegrationFacts, OverviewFilter, OverviewRow, State
from broker.domain.verification import ToolOutcome
from client_sdk.contract.names import fold_name

WORST_FIRST = (State.FAILED, State.STALE, State.UNKNOWN, State.PENDING, State.VERIFIED)
NEEDS_ATTENTION = frozenset({State.FAILED, State.STALE, State.UNKNOWN})


def row_from_facts(facts: IntegrationFacts) -> OverviewRow:
    """The integration with its state and the sentence for it."""
    state, because = _state(facts)
    return OverviewRow(facts, state, because)


def state_of_rows(rows: Iterable[MatrixRow]) -> State | None:
    """The worst of some rows; `None` when there are none."""
    states = {_state_of_row(row) for row in rows}
    return next((state for state in WORST_FIRST if state in states), None)


def gravity(row: OverviewRow) -> tuple[int | str, ...]:
    """Sorts the worst first, equal ones by their names."""
    return (WORST_FIRST.index(row.state), *by_names(row))


def by_names(row: OverviewRow) -> tuple[int | str, ...]:
    """Sorts by consumer, then producer."""
    return (fold_name(row.consumer), fold_name(row.producer))


def passes(row: OverviewRow, wanted: OverviewFilter) -> bool:
    """Whether the row is among those the filter asks for."""
    sides = {fold_name(row.consumer), fold_name(row.producer)}
    of_participant = wanted.participant is None or fold_name(wanted.participant) in sides
    return of_participant and wanted.state in (None, row.state)


def _state(facts: IntegrationFacts) -> tuple[State, str]:
    producer = facts.integration.producer
    if facts.producer_version is None:
        return State.PENDING, f"No version of {producer} has been recorded yet."
    version = f"{producer}@{facts.producer_version}"
    if facts.result is not None:
        return _state_of_result(version, facts.result.outcome, facts.result.tools)
    if facts.earlier_verified:
        return State.STALE, f"{version} verified an earlier content, not this one."
    if facts.verified_by:
        others = ", ".join(f"{producer}@{number}" for number in facts.verified_by)
        return State.UNKNOWN, f"{version} never verified this content; {others} did."
    if facts.newest.version in facts.consumer_in_environment:
        return State.UNKNOWN, f"It is deployed, and {version} never verified it."
    return State.PENDING, f"It waits for its first verification by {producer}."


def _state_of_result(
    version: str, outcome: ToolOutcome, tools: tuple[str, ...]
) -> tuple[State, str]:
    named = ", ".join(tools)
    match outcome:
        case ToolOutcome.PASSED:
            return State.VERIFIED, f"{version} verified it."
        case ToolOutcome.FAILED:
            return State.FAILED, f"{version} failed it: {named}."
        case ToolOutcome.NOT_TESTED:
            return State.UNKNOWN, f"{version} left untested: {named}."
        case never:
            assert_never(never)


def _state_of_row(row: MatrixRow) -> State:
    match row.outcome:
        case RowOutcome.FAILED:
            return State.FAILED
        case RowOutcome.VERIFIED | RowOutcome.INFERRED | RowOutcome.FITS:
            return State.VERIFIED
        case RowOutcome.UNKNOWN | RowOutcome.MISSING:
            return State.STALE if row.stale else State.UNKNOWN
        case never:
            assert_never(never)
