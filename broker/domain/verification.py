"""Results of running a producer version against a contract's content, tool by tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class ToolOutcome(StrEnum):
    """What a run says about one tool."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TESTED = "not_tested"


class Coverage(StrEnum):
    """Which inputs a run sent."""

    EXAMPLES = "examples"
    SAMPLED = "sampled"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result for one tool; `violations` are kept as the verifier sent them.

    `violations_left_out`: there are some, and they are too large for this answer; the verification
    read alone has them.
    """

    tool_name: str
    outcome: ToolOutcome
    checks: int
    coverage: Coverage
    violations: tuple[Mapping[str, Any], ...] = ()
    violations_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """A producer version was run against one content; `number` counts per pair of participants."""

    id: int
    number: int
    consumer: str
    producer: str
    version: str
    contract_digest: str
    tools: tuple[ToolResult, ...]
    verified_at: datetime
    build_url: str | None = None
    verifier_name: str | None = None
    verifier_version: str | None = None

    @property
    def outcome(self) -> ToolOutcome:
        """`failed` if any tool failed, else `not_tested` if any was not, else `passed`."""
        return overall_outcome(tuple(tool.outcome for tool in self.tools))


def overall_outcome(outcomes: tuple[ToolOutcome, ...]) -> ToolOutcome:
    """The gravest of the tools' outcomes; a run without tools tested nothing."""
    if ToolOutcome.FAILED in outcomes:
        return ToolOutcome.FAILED
    if not outcomes or ToolOutcome.NOT_TESTED in outcomes:
        return ToolOutcome.NOT_TESTED
    return ToolOutcome.PASSED


@dataclass(frozen=True, slots=True)
class NewVerification:
    """A result as it is recorded; the store gives it its id and its number."""

    consumer: str
    producer: str
    version: str
    contract_digest: str
    tools: tuple[ToolResult, ...]
    verified_at: datetime
    build_url: str | None = None
    verifier_name: str | None = None
    verifier_version: str | None = None


@dataclass(frozen=True, slots=True)
class NeededContent:
    """A content the producer is asked to honour, with all that decides whether it is pending.

    `versions` are the consumer versions that are on a head, deployed or supported and published
    it, newest first. `on_main`: one of them is the head of its main branch; `on_branch`: one is
    the head of a branch of the same name as the producer build's; `placed_in`: environments
    where one is deployed or supported. `passed_on_branch` and `passed_on_main`: a version on the
    producer's branch, or on its main branch, has passed it in its latest result.
    """

    consumer: str
    producer: str
    digest: str
    versions: tuple[str, ...]
    on_main: bool = False
    on_branch: bool = False
    placed_in: tuple[str, ...] = ()
    passed_on_branch: bool = False
    passed_on_main: bool = False


@dataclass(frozen=True, slots=True)
class ContractToVerify:
    """One content a producer build must verify, and why."""

    consumer: str
    versions: tuple[str, ...]
    digest: str
    pending: bool
    why: tuple[str, ...]
    document: bytes  # canonical JSON of the contract
