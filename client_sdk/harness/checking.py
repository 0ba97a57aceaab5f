"""Recorded exchanges against the contracts of today: a cassette is stale when a contract moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from client_sdk.contract.canonical import digest_of, dumps
from client_sdk.contract.errors import ContractError, Severity
from client_sdk.contract.model import Contract, ToolContract
from client_sdk.contract.validation import Violation, validate_request, validate_response
from client_sdk.contract.values import JsonObject
from client_sdk.exchange import Evidence, EvidenceKind, Outcome
from client_sdk.harness.encoding import file_value
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.hygiene import TOKEN

if TYPE_CHECKING:
    from client_sdk.harness.cassette import Cassette


@dataclass(frozen=True, slots=True)
class ExchangeCheck:
    """What one contract says of one recorded exchange; `note` tells why it could not be judged."""

    number: int
    tool: str
    consumer: str
    producer: str
    violations: tuple[Violation, ...] = ()
    note: str | None = None

    @property
    def outcome(self) -> Outcome:
        """`FAIL` for a violation of severity error, `INCONCLUSIVE` when it was not judged."""
        if any(violation.severity is Severity.ERROR for violation in self.violations):
            return Outcome.FAIL
        return Outcome.INCONCLUSIVE if self.note else Outcome.PASS

    def sentences(self) -> list[str]:
        """Say what is wrong, each with the consumer whose contract it breaks."""
        found = [f"{self.consumer}: {violation.message}" for violation in self.violations]
        return found + ([self.note] if self.note else [])


@dataclass(frozen=True, slots=True)
class CassetteCheck:
    """What the contracts say of a cassette; nothing that was checked is no pass."""

    name: str
    checks: tuple[ExchangeCheck, ...]
    inputs: Mapping[str, str]

    @property
    def outcome(self) -> Outcome:
        """The worst of all exchanges; `INCONCLUSIVE` when there are none."""
        outcomes = {check.outcome for check in self.checks}
        if Outcome.FAIL in outcomes:
            return Outcome.FAIL
        if not outcomes or Outcome.INCONCLUSIVE in outcomes:
            return Outcome.INCONCLUSIVE
        return Outcome.PASS

    @property
    def passed(self) -> bool:
        """Whether every exchange was judged and none breaks a contract."""
        return self.outcome is Outcome.PASS

    def evidence(self, participant: str, version: str, *, commit: str | None = None) -> Evidence:
        """Give what was found as a record about a version of a participant."""
        return evidence_from_checks([self], participant, version, commit=commit)


def check_cassette(cassette: Cassette, contracts: Sequence[Contract]) -> CassetteCheck:
    """Check every recorded exchange against every contract that names its tool."""
    checks = [
        check
        for number, entry in enumerate(cassette.entries, start=1)
        for check in check_entry(entry, contracts, number=number)
    ]
    inputs = {f"cassette {cassette.name}": digest_of(cassette.document())}
    inputs |= {f"contract {each.consumer}/{each.producer}": each.digest for each in contracts}
    return CassetteCheck(cassette.name, tuple(checks), inputs)


def check_entry(
    entry: CassetteEntry, contracts: Sequence[Contract], *, number: int = 0
) -> list[ExchangeCheck]:
    """Check one exchange; one that no contract covers is not judged, and that is said."""
    covering = [(each, tool) for each in contracts if (tool := each.tool(entry.request_tool))]
    if not covering:
        note = f"no contract covers the tool {entry.request_tool!r}"
        return [ExchangeCheck(number, entry.request_tool, "", "", note=note)]
    return [_check(entry, contract, tool, number) for contract, tool in covering]


def evidence_from_checks(
    checks: Sequence[CassetteCheck], participant: str, version: str, *, commit: str | None = None
) -> Evidence:
    """Give what was found in several cassettes as one record."""
    exchanges = [check for each in checks for check in each.checks]
    numbers: JsonObject = {
        "cassettes": len(checks),
        "exchanges": len(exchanges),
        "failed": sum(each.outcome is Outcome.FAIL for each in exchanges),
        "not_judged": sum(each.outcome is Outcome.INCONCLUSIVE for each in exchanges),
    }
    inputs = {name: digest for each in checks for name, digest in each.inputs.items()}
    return Evidence(
        EvidenceKind.CASSETTES,
        worst_outcome(checks),
        participant,
        version,
        numbers=numbers,
        inputs=inputs,
        commit=commit,
    )


def worst_outcome(checks: Sequence[CassetteCheck]) -> Outcome:
    """Give the worst of several cassettes; `INCONCLUSIVE` when nothing was judged in any."""
    outcomes = {check.outcome for check in checks}
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.PASS if outcomes == {Outcome.PASS} else Outcome.INCONCLUSIVE


def _check(
    entry: CassetteEntry, contract: Contract, tool: ToolContract, number: int
) -> ExchangeCheck:
    names = (number, entry.request_tool, contract.consumer, contract.producer)
    if entry.error is not None:
        return ExchangeCheck(*names, violations=_hidden_apart(_request(entry, tool)))
    try:
        body = file_value(entry.response_body)
        found = (*_request(entry, tool), *validate_response(tool, entry.response_status, body))
    except ContractError as error:
        return ExchangeCheck(*names, note=f"{contract.consumer}: cannot be judged: {error}")
    return ExchangeCheck(*names, violations=_hidden_apart(found))


def _request(entry: CassetteEntry, tool: ToolContract) -> tuple[Violation, ...]:
    return validate_request(tool, entry.request_input)


def _hidden_apart(found: Sequence[Violation]) -> tuple[Violation, ...]:
    """Leave out what is said of a placeholder: the value behind it was judged by nobody."""
    return tuple(each for each in found if TOKEN.search(dumps(each.actual)) is None)
