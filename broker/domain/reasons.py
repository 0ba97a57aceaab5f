"""Reasons in words: one sentence per cause, and the command that would resolve it."""

from collections.abc import Iterable
from typing import assert_never

from broker.domain.can_i_deploy import (
    AmongThemselves,
    DeployQuery,
    Destination,
    Reason,
    ReasonCode,
    ToEnvironment,
    ToMain,
)
from broker.domain.hints import (
    hint_to_ask_again,
    hint_to_place,
    hint_to_publish,
    hint_to_verify,
    hint_to_verify_build,
)
from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.participant import VersionRef
from broker.domain.rows import FactRow
from broker.domain.verification import ToolOutcome


def reason_for_unknown_version(ref: VersionRef, *, only_produces: bool) -> Reason:
    """A named version that was never seen; a mere producer comes to be known by its results."""
    message = f"{ref.participant} has no version {ref.number!r}."
    hint = hint_to_verify_build(ref) if only_produces else hint_to_publish(ref)
    return Reason(ReasonCode.VERSION_UNKNOWN, message, hint, consumer=ref)


def reason_for_nothing_to_compare(query: DeployQuery) -> Reason:
    """One participant alone and no destination."""
    ref = query.versions[0]
    message = f"{ref} was asked about alone: no destination and no other participant is named."
    return Reason(ReasonCode.NOTHING_TO_COMPARE, message, hint_to_ask_again(ref), consumer=ref)


def reason_for_nothing_needed(query: DeployQuery) -> Reason:
    """No row at all."""
    names = _listed(str(ref) for ref in query.versions)
    message = f"Nothing needed: no contract ties {names} to anything {place_of(query.destination)}."
    return Reason(ReasonCode.NOTHING_NEEDED, message)


def reason_for_success(query: DeployQuery, count: int) -> Reason:
    """Every row that counts is good."""
    rows = "The one row is" if count == 1 else f"All {count} rows are"
    return Reason(ReasonCode.ALL_VERIFIED, f"{rows} verified {place_of(query.destination)}.")


def reason_for_ignored(row: MatrixRow) -> Reason:
    """A row that was taken out on request."""
    message = f"{_pair(row)} is ignored on request; it is {row.outcome.value}."
    return _reason(ReasonCode.IGNORED, message, row)


def reasons_for_row(query: DeployQuery, fact: FactRow) -> tuple[Reason, ...]:
    """Why this row stands in the way; none when it does not."""
    match fact.row.outcome:
        case RowOutcome.FAILED:
            return (_failed(fact),)
        case RowOutcome.MISSING:
            return (_nothing_there(query.destination, fact.row), *_breaking(fact))
        case RowOutcome.UNKNOWN:
            return (_unknown(fact), *_breaking(fact))
        case RowOutcome.INFERRED | RowOutcome.FITS:
            return (_untested(fact.row),) if query.tested_only else ()
        case RowOutcome.VERIFIED:
            return ()
        case never:
            assert_never(never)


def place_of(destination: Destination) -> str:
    """The destination as the end of a sentence."""
    match destination:
        case ToEnvironment(name):
            return f"in {name}"
        case ToMain():
            return "on main branches"
        case AmongThemselves():
            return "among the versions named"
        case never:
            assert_never(never)


def _failed(fact: FactRow) -> Reason:
    row = fact.row
    tools = fact.result.tools if fact.result else ()
    message = f"{_pair(row)} failed verification{_of_tools(tools)}."
    return _reason(ReasonCode.VERIFICATION_FAILED, message, row, hint_to_verify(row), tools)


def _nothing_there(destination: Destination, row: MatrixRow) -> Reason:
    message = (
        f"{row.consumer} needs {row.producer}, but nothing of {row.producer} "
        f"is recorded {place_of(destination)}."
    )
    hint = hint_to_place(row.producer, destination)
    return _reason(ReasonCode.NOTHING_AT_DESTINATION, message, row, hint)


def _unknown(fact: FactRow) -> Reason:
    row = fact.row
    if row.digest is None:
        return _without_contract(row)
    hint = hint_to_verify(row)
    if fact.result and fact.result.outcome is ToolOutcome.NOT_TESTED:
        tools = fact.result.tools
        message = f"{_pair(row)} was run, but without testing everything{_of_tools(tools)}."
        return _reason(ReasonCode.NOT_TESTED, message, row, hint, tools)
    if row.stale:
        message = f"{_pair(row)} is stale: only another content of the two was verified."
        return _reason(ReasonCode.STALE, message, row, hint)
    if row.verified_by:
        message = f"{_pair(row)} was never verified; {_by_others(row)} did pass this content."
        return _reason(ReasonCode.VERIFIED_BY_OTHERS, message, row, hint)
    message = f"{_pair(row)} was never verified."
    return _reason(ReasonCode.NEVER_VERIFIED, message, row, hint)


def _without_contract(row: MatrixRow) -> Reason:
    message = (
        f"{row.consumer} published no contract, though other versions of "
        f"{row.consumer.participant} have one with {row.producer}."
    )
    hint = hint_to_publish(row.consumer)
    return _reason(ReasonCode.VERSION_WITHOUT_CONTRACT, message, row, hint)


def _breaking(fact: FactRow) -> tuple[Reason, ...]:
    if not fact.breaking:
        return ()
    row = fact.row
    message = f"{row.consumer} changed its contract with {row.producer} in a breaking way."
    return (_reason(ReasonCode.BREAKING_UNVERIFIED, message, row, hint_to_verify(row)),)


def _untested(row: MatrixRow) -> Reason:
    message = f"{_pair(row)} is {row.outcome.value}, and tests are demanded."
    return _reason(ReasonCode.TESTS_DEMANDED, message, row, hint_to_verify(row))


def _reason(
    code: ReasonCode,
    message: str,
    row: MatrixRow,
    hint: str | None = None,
    tools: tuple[str, ...] = (),
) -> Reason:
    return Reason(
        code=code,
        message=message,
        hint=hint,
        consumer=row.consumer,
        producer=row.producer,
        producer_version=row.producer_version,
        digest=row.digest,
        verification=row.verification.id if row.verification else None,
        tools=tools,
    )


def _pair(row: MatrixRow) -> str:
    return f"{row.consumer} with {_side(row)}"


def _side(row: MatrixRow) -> str:
    number = row.producer_version
    return row.producer if number is None else f"{row.producer}@{number}"


def _by_others(row: MatrixRow) -> str:
    return _listed(f"{row.producer}@{number}" for number in row.verified_by)


def _of_tools(tools: tuple[str, ...]) -> str:
    return f": {', '.join(tools)}" if tools else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
