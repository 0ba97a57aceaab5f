"""What requests may hold in their bodies: one model per operation, exact types, nothing extra."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from broker.domain.evidence import MOST_REQUIRED, Verdict
from broker.domain.publication import OnBreaking, OnConflict
from broker.domain.verification import Coverage, ToolOutcome, ToolResult
from broker.web.api.edge import Strict
from broker.web.api.fields import (
    LARGEST_ID,
    BranchName,
    Digest,
    EnvironmentName,
    EvidenceKind,
    Line,
    ParticipantName,
    ToolName,
    VersionNumber,
    WebAddress,
    Whole,
)
from client_sdk.contract.evolve import Mode

MOST_CHECKS = 2**31 - 1

# A member of a closed set comes as its text, which a strict model would not take.
ModeText = Annotated[Mode, Field(strict=False)]
OnBreakingText = Annotated[OnBreaking, Field(strict=False)]
OnConflictText = Annotated[OnConflict, Field(strict=False)]
OutcomeText = Annotated[ToolOutcome, Field(strict=False)]
VerdictText = Annotated[Verdict, Field(strict=False)]
CoverageText = Annotated[Coverage, Field(strict=False)]
Contacts = Annotated[list[Line], Field(default_factory=list, max_length=20)]
RequiredEvidence = Annotated[
    list[EvidenceKind], Field(default_factory=list, max_length=MOST_REQUIRED)
]


class PublishAllBody(Strict):
    """All contracts of one consumer version; each is read by the kernel, not here."""

    participant: ParticipantName
    version: VersionNumber
    branch: BranchName | None = None
    build_url: WebAddress | None = None
    contracts: Annotated[list[Any], Field(max_length=1_000)]
    on_conflict: OnConflictText = OnConflict.REFUSE


class IntegrationBody(Strict):
    """Members that are absent stay."""

    mode: ModeText | None = None
    on_breaking: OnBreakingText | None = None


class ViolationBody(Strict):
    """One thing a verifier found; kept as it was sent."""

    field: Annotated[str, Field(max_length=2_000)]
    expected: Any
    actual: Any
    severity: Literal["error", "warning", "info"]
    message: Annotated[str, Field(max_length=5_000)]
    path: Annotated[str, Field(max_length=2_000)] = ""
    rule: Annotated[str, Field(max_length=255)] = ""


class ToolResultBody(Strict):
    """The result for one tool."""

    tool_name: ToolName
    outcome: OutcomeText
    checks: Annotated[Whole, Field(ge=0, le=MOST_CHECKS)] = 1
    coverage: CoverageText = Coverage.SAMPLED
    violations: Annotated[list[ViolationBody], Field(default_factory=list, max_length=1_000)]

    def to_result(self) -> ToolResult:
        """The domain's value."""
        return ToolResult(
            tool_name=self.tool_name,
            outcome=self.outcome,
            checks=self.checks,
            coverage=self.coverage,
            violations=tuple(each.model_dump(exclude_unset=True) for each in self.violations),
        )


class VerifierBody(Strict):
    """Which program verified."""

    name: Line
    version: Line | None = None


class VerificationBody(Strict):
    """What a producer version did with a contract, named by digest, by consumer version or both."""

    producer: ParticipantName
    version: VersionNumber
    branch: BranchName | None = None
    build_url: WebAddress | None = None
    verifier: VerifierBody | None = None
    contract_digest: Digest | None = None
    consumer: ParticipantName | None = None
    consumer_version: VersionNumber | None = None
    tools: Annotated[list[ToolResultBody], Field(max_length=1_000)]

    @model_validator(mode="after")
    def _names_a_content(self) -> Self:
        if (self.consumer is None) != (self.consumer_version is None):
            raise ValueError("consumer and consumer_version go together")
        if self.contract_digest is None and self.consumer is None:
            raise ValueError(
                "name the contract by contract_digest, or by consumer and consumer_version"
            )
        return self


class EnvironmentBody(Strict):
    """A new environment."""

    name: EnvironmentName
    production: bool = False
    display_name: Line | None = None
    contacts: Contacts
    required_evidence: RequiredEvidence


class EnvironmentChangeBody(Strict):
    """Members that are absent stay; a `display_name` of `None` clears. See `model_fields_set`."""

    production: bool = False
    display_name: Line | None = None
    contacts: Contacts
    required_evidence: RequiredEvidence


class EvidenceBody(Strict):
    """What a test run found about a version; the payload is kept as it was sent."""

    kind: EvidenceKind
    verdict: VerdictText
    participant: ParticipantName
    version: VersionNumber
    payload: dict[str, Any]
    digest: Digest | None = None


class DeploymentBody(Strict):
    """A version that now runs in an environment."""

    participant: ParticipantName
    version: VersionNumber
    instance: Line | None = None
    expect_as_of: Annotated[Whole, Field(ge=0, le=LARGEST_ID)] | None = None


class ReleaseBody(Strict):
    """A version that is now supported in an environment."""

    participant: ParticipantName
    version: VersionNumber


class ParticipantBody(Strict):
    """Members that are absent stay, `None` clears; see `model_fields_set`."""

    main_branch: BranchName | None = None
    display_name: Line | None = None
    repository_url: WebAddress | None = None
    labels: Annotated[dict[Line, Line], Field(max_length=50)] | None = None
