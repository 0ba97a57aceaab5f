"""The question whether versions may go to a destination, and what an answer to it is made of."""

from dataclasses import dataclass
from enum import StrEnum

from broker.domain.evidence import EvidenceRef
from broker.domain.expectation import Expectation, Number
from broker.domain.matrix import MatrixRow
from broker.domain.participant import VersionRef


class Answer(StrEnum):
    """`unknown` is not deployable."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ToEnvironment:
    """Decide against what is deployed or supported in an environment."""

    name: str


@dataclass(frozen=True, slots=True)
class ToMain:
    """Decide against the heads of everyone's main branches."""


@dataclass(frozen=True, slots=True)
class AmongThemselves:
    """Decide the named versions against each other only."""


Destination = ToEnvironment | ToMain | AmongThemselves


@dataclass(frozen=True, slots=True)
class Ignore:
    """Rows with this participant (at this version, when one is given) do not count."""

    participant: str
    version: str | None = None


class ReasonCode(StrEnum):
    """Why a decision is what it is; the codes are stable."""

    VERSION_UNKNOWN = "version-unknown"
    VERIFICATION_FAILED = "verification-failed"
    NOTHING_AT_DESTINATION = "nothing-at-destination"
    VERSION_WITHOUT_CONTRACT = "version-without-contract"
    NEVER_VERIFIED = "never-verified"
    VERIFIED_BY_OTHERS = "verified-by-other-versions"
    STALE = "stale"
    NOT_TESTED = "not-tested"
    BREAKING_UNVERIFIED = "breaking-unverified"
    TESTS_DEMANDED = "tests-demanded"
    EVIDENCE_MISSING = "evidence-missing"
    EVIDENCE_FAILED = "evidence-failed"
    EVIDENCE_INCONCLUSIVE = "evidence-inconclusive"
    EXPECTATION_BROKEN = "expectation-broken"
    EXPECTATION_UNMEASURED = "expectation-unmeasured"
    NOTHING_TO_COMPARE = "nothing-to-compare"
    IGNORED = "ignored"
    ALL_VERIFIED = "all-verified"
    NOTHING_NEEDED = "nothing-needed"


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of the decision: a stable `code`, a sentence, and the command that resolves it.

    `verification` is the id of the result that speaks; `tools` are those it speaks of. A reason
    that evidence gives names the version it is `about`, the kind, and the id of what was found;
    one about an `expectation` what was measured (`None`: nothing).
    """

    code: str
    message: str
    hint: str | None = None
    consumer: VersionRef | None = None
    producer: str | None = None
    producer_version: str | None = None
    digest: str | None = None
    verification: int | None = None
    tools: tuple[str, ...] = ()
    about: VersionRef | None = None
    evidence: int | None = None
    evidence_kind: str | None = None
    expectation: Expectation | None = None
    measured: Number | None = None


@dataclass(frozen=True, slots=True)
class DeployQuery:
    """May these versions go there? With `tested_only` a proof does not stand in for a test."""

    versions: tuple[VersionRef, ...]
    destination: Destination
    ignores: tuple[Ignore, ...] = ()
    tested_only: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What was asked, what is answered, why, and the sequence number it was read at.

    `evidence` is what was looked at: the latest of each required kind of the named versions, and
    the benchmarks held against expectations.
    """

    versions: tuple[VersionRef, ...]
    destination: Destination
    answer: Answer
    reasons: tuple[Reason, ...]
    rows: tuple[MatrixRow, ...]
    as_of: int
    evidence: tuple[EvidenceRef, ...] = ()
