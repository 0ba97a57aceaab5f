"""What came of a verification: per check, per tool, per contract, and of the whole run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from client_sdk.contract.errors import Severity
from client_sdk.contract.model import Contract
from client_sdk.contract.validation import Violation
from client_sdk.contract.values import JsonObject
from client_sdk.verify.publishing import PublishValues, violation_json


class CheckOutcome(StrEnum):
    """What one call showed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_EXERCISED = "not_exercised"  # a sample that the producer refused with an undeclared 4xx
    NOT_RUN = "not_run"  # its state could not be set up, or the time was over


class ToolOutcome(StrEnum):
    """What a run says about one tool, in the words of the broker."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not_tested"


class Coverage(StrEnum):
    """Which inputs were sent, in the words of the broker."""

    EXAMPLES = "examples"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class Check:
    """One call and what it showed; credentials are placeholders, long values are cut.

    `curl` repeats the call once the placeholders are filled in. `note` says why a check was not
    run or not exercised, or that its state was not set up.
    """

    label: str
    is_sample: bool
    outcome: CheckOutcome
    curl: str
    violations: tuple[Violation, ...] = ()
    status_code: int | None = None
    latency_ms: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ToolRun:
    """Every check of one tool."""

    tool_name: str
    checks: tuple[Check, ...]

    @property
    def outcome(self) -> ToolOutcome:
        """`failed` if a check failed; `passed` only if some passed and none was left out."""
        outcomes = {check.outcome for check in self.checks}
        if CheckOutcome.FAILED in outcomes:
            return ToolOutcome.FAILED
        if CheckOutcome.NOT_RUN in outcomes or CheckOutcome.PASSED not in outcomes:
            return ToolOutcome.NOT_TESTED
        return ToolOutcome.PASSED

    @property
    def judged(self) -> tuple[Check, ...]:
        """The checks whose answer was compared with the contract."""
        shown = {CheckOutcome.PASSED, CheckOutcome.FAILED}
        return tuple(check for check in self.checks if check.outcome in shown)

    @property
    def coverage(self) -> Coverage:
        """`sampled` when at least one sample was judged."""
        sampled = any(check.is_sample for check in self.judged)
        return Coverage.SAMPLED if sampled else Coverage.EXAMPLES

    @property
    def violations(self) -> tuple[Violation, ...]:
        """What the checks found, of every severity; of several like it the first."""
        found: dict[tuple[str, str, str], Violation] = {}
        for check in self.checks:
            for each in check.violations:
                found.setdefault((each.path, each.rule, each.expected), each)
        return tuple(found.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """Why checks were left out, each reason once."""
        return tuple(dict.fromkeys(check.note for check in self.checks if check.note))


@dataclass(frozen=True, slots=True)
class ContractRun:
    """What came of one contract."""

    contract: Contract
    pending: bool
    tools: tuple[ToolRun, ...]

    @property
    def outcome(self) -> ToolOutcome:
        """The gravest of the tools' outcomes."""
        return _gravest(tool.outcome for tool in self.tools)


@dataclass(frozen=True, slots=True)
class VerificationRun:
    """What came of all contracts; a run of none tested nothing."""

    contracts: tuple[ContractRun, ...]

    @property
    def outcome(self) -> ToolOutcome:
        """The gravest outcome of the contracts that are not pending.

        When all are pending, nothing is held against the build: what they showed is in
        `contracts`, and `passed` says that something was tested.
        """
        binding = [each for each in self.contracts if not each.pending]
        if binding or not self.contracts:
            return _gravest(each.outcome for each in binding)
        tested = any(tool.judged for each in self.contracts for tool in each.tools)
        return ToolOutcome.PASSED if tested else ToolOutcome.NOT_TESTED

    def run_of(self, contract: Contract) -> ContractRun:
        """Give what came of one contract.

        Raises:
            KeyError: it was not part of this run.
        """
        for each in self.contracts:
            if each.contract.digest == contract.digest:
                return each
        raise KeyError(contract.digest)

    def tools_for(
        self, contract: Contract, *, publish_values: PublishValues = PublishValues.CUT
    ) -> list[JsonObject]:
        """Give the `tools` of `POST /verifications` for one contract.

        Raises:
            KeyError: it was not part of this run.
        """
        return [_tool_json(tool, publish_values) for tool in self.run_of(contract).tools]


def has_error(violations: Iterable[Violation]) -> bool:
    """Say whether any of the violations decides; warnings and infos do not."""
    return any(violation.severity is Severity.ERROR for violation in violations)


def _tool_json(tool: ToolRun, publish_values: PublishValues) -> JsonObject:
    return {
        "tool_name": tool.tool_name,
        "outcome": tool.outcome.value,
        "checks": len(tool.judged),
        "coverage": tool.coverage.value,
        "violations": [violation_json(each, publish_values) for each in tool.violations[:50]],
    }


def _gravest(outcomes: Iterable[ToolOutcome]) -> ToolOutcome:
    found = set(outcomes)
    for outcome in (ToolOutcome.FAILED, ToolOutcome.NOT_TESTED):
        if outcome in found:
            return outcome
    return ToolOutcome.PASSED if found else ToolOutcome.NOT_TESTED
