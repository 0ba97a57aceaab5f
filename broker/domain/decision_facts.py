"""What must be known to decide a deployment, loaded in bulk and handed over as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from broker.domain.evidence import EvidenceRef
from broker.domain.expectation import Expectation
from broker.domain.matrix import VerificationRef
from broker.domain.participant import VersionRef
from broker.domain.verification import ToolOutcome


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version that is named or stands at the destination, and what it said it uses.

    `published` is true when it published content for any producer at all; `uses_nothing` when
    it said so with an empty publication.
    """

    ref: VersionRef
    published: bool
    uses_nothing: bool = False


@dataclass(frozen=True, slots=True)
class PublishedContent:
    """A consumer version needs a producer to honour this content.

    `breaking` is true when the report of the publication has an ERROR finding; `expectations`
    are the bounds that the content holds.
    """

    consumer: VersionRef
    producer: str
    digest: str
    breaking: bool = False
    expectations: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class LatestResult:
    """The newest verification of a content by a producer version.

    `tools` names those that failed, or when none failed those that were not tested.
    """

    digest: str
    producer: VersionRef
    outcome: ToolOutcome
    ref: VerificationRef
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """Everything `decide` looks at; all of it read at one moment, `as_of`.

    `versions`: those named versions that exist, and every version at the destination of a
    participant that is named or shares an integration with a named one.
    `standing`: which of them stand at the destination (several of one participant may).
    `contents`: every publication of a version in `versions` between a named participant and
    any other.
    `results`: the latest per (digest of `contents`, producer version in `versions`).
    `integrations`: every (consumer, producer) that has a named participant on one side and ever
    had a publication.
    `verified_by`: by digest, producer versions whose latest result passed, newest first, at
    most 20; may leave out digests whose every row has a passing result.
    `earlier_verified`: the (consumer, producer version) for which the producer version's latest
    result of *another* content of the integration passed; may leave out pairs likewise.
    `required_evidence`: the kinds that the destination requires of named versions.
    `evidence`: the latest of each kind and version that `evidence_demanded` names.
    """

    as_of: int
    versions: tuple[VersionFacts, ...] = ()
    standing: tuple[VersionRef, ...] = ()
    contents: tuple[PublishedContent, ...] = ()
    results: tuple[LatestResult, ...] = ()
    integrations: frozenset[tuple[str, str]] = frozenset()
    verified_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    earlier_verified: frozenset[tuple[str, VersionRef]] = frozenset()
    required_evidence: tuple[str, ...] = ()
    evidence: tuple[EvidenceRef, ...] = ()
