"""Publications of contract content, and what the broker answers to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from broker.domain.expectation import Expectation
from broker.domain.participant import Participant, Version
from broker.domain.verification import Verification
from client_sdk.contract.evolve import Mode, Report


class OnBreaking(StrEnum):
    """What an integration does with a publication whose report has an error."""

    RECORD = "record"
    REJECT = "reject"


class OnConflict(StrEnum):
    """What a publication does when the version already published other content."""

    REFUSE = "refuse"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Integration:
    """A consumer and a producer with at least one publication between them."""

    consumer: str
    producer: str
    mode: Mode = Mode.GUIDE
    on_breaking: OnBreaking = OnBreaking.RECORD


@dataclass(frozen=True, slots=True)
class Content:
    """One distinct contract content: `document` is its canonical JSON, `tools` are its names.

    `expectations` are the bounds its tools must keep.
    """

    digest: str
    tools: tuple[str, ...]
    document: bytes
    expectations: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """The fact that a consumer version published some content for a producer.

    `severity` is that of its report: `error`, `warning`, `info` or `none`.
    """

    consumer: str
    version: str
    producer: str
    digest: str
    branches: tuple[str, ...]
    created_at: datetime
    severity: str = "none"


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The publication a new one is compared with."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What a report answers: it is the same for everybody who asks this."""

    old_digest: str
    new_digest: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class StoredReport:
    """How a publication was judged: under `mode`, against each of `against`.

    The first of `against` is the predecessor; the others come with the transitive modes.
    """

    mode: Mode
    against: tuple[Predecessor, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedPublication:
    """A publication as the store keeps it: the bytes as they came, and how it was judged."""

    publication: Publication
    received: bytes
    judged: StoredReport


@dataclass(frozen=True, slots=True)
class Predecessors:
    """Publications of the pair that a new one may follow; never one of the same version.

    `on_branch` and `on_main` are the newest that joined the branch and the main branch.
    """

    on_branch: Predecessor | None = None
    on_main: Predecessor | None = None
    last: Predecessor | None = None


@dataclass(frozen=True, slots=True)
class PairFacts:
    """What the store knows about one consumer version and one producer before a publication.

    `live` holds the publications on any branch head or in any environment, newest first.
    """

    integration: Integration | None = None
    existing: RecordedPublication | None = None
    predecessors: Predecessors = Predecessors()
    live: tuple[Predecessor, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishFacts:
    """What must be known to publish: all pairs of one consumer version, read at one moment.

    `frozen_because` holds those of `verified`, `deployed`, `released` that are true of the
    version. `pairs` has one entry per producer asked about, keyed by the name as asked, and
    `producers` those that exist, keyed likewise.
    """

    consumer: Participant | None = None
    version: Version | None = None
    frozen_because: tuple[str, ...] = ()
    producers: Mapping[str, Participant] = field(default_factory=dict)
    pairs: Mapping[str, PairFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person who published; `level` is `info`, `warning` or `error`."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The answer to one published contract; `report` is empty when there is no predecessor."""

    publication: Publication
    created: bool
    against: Predecessor | None
    report: Report
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPublication:
    """A publication as it is shown: bytes as they came, its report, who verified its content.

    `against` is its predecessor, `None` for a first publication. `verifications` holds the
    latest result of each producer version, newest first.
    """

    publication: Publication
    received: bytes
    against: Predecessor | None
    report: Report
    verifications: tuple[Verification, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two publications of a pair, and what the step from `old` to `new` means."""

    old: Publication
    new: Publication
    report: Report
