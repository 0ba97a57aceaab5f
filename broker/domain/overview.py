"""What the screens show: the state of integrations, participants, versions and environments."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from broker.domain.can_i_deploy import Decision
from broker.domain.decision_facts import LatestResult
from broker.domain.environment import Environment, Placement
from broker.domain.evidence import EvidenceRef
from broker.domain.participant import Branch, Participant, Version
from broker.domain.publication import Integration, Publication
from broker.domain.verification import Verification


class State(StrEnum):
    """One word for an integration, shown with a shape; never a colour alone.

    `failed` and `verified`: by the newest producer version. `stale`: it verified an earlier
    content only. `pending`: nobody verified the content, and it is not deployed. `unknown`: the
    rest, such as contents that only other versions verified.
    """

    FAILED = "failed"
    STALE = "stale"
    UNKNOWN = "unknown"
    PENDING = "pending"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class IntegrationFacts:
    """An integration as the store sees it, at the newest versions of both sides.

    `newest` is the publication of the newest version on the consumer's main branch that
    published for the producer, else the last by arrival. `producer_version` is the head of the
    producer's main branch, else its newest version; `None` when it has none. `result` is the
    latest verification of that content by that version; `earlier_verified` says that the same
    version passed another content of the integration. `verified_by` are other producer versions
    whose latest result for the content passed, newest first, at most 20. `passed_on_main`: one
    of the versions on the producer's main branch passed it. The last two name the versions of
    either side that stand in the environment asked about.
    """

    integration: Integration
    newest: Publication
    producer_version: str | None
    result: LatestResult | None = None
    earlier_verified: bool = False
    verified_by: tuple[str, ...] = ()
    passed_on_main: bool = False
    last_verified_at: datetime | None = None
    consumer_in_environment: tuple[str, ...] = ()
    producer_in_environment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntegrationSelection:
    """Which integrations: all, those of one participant (either side), or one pair."""

    participant: str | None = None
    consumer: str | None = None
    producer: str | None = None
    environment: str | None = None  # not a filter: whose placements to name
    branch: str | None = None  # the newest publication on this branch instead of the main one


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    """The overview's query string."""

    environment: str | None = None
    branch: str | None = None
    state: State | None = None
    participant: str | None = None
    worst_first: bool = True


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One integration with its state, and the sentence that explains it."""

    facts: IntegrationFacts
    state: State
    because: str

    @property
    def consumer(self) -> str:
        """The consumer's name."""
        return self.facts.integration.consumer

    @property
    def producer(self) -> str:
        """The producer's name."""
        return self.facts.integration.producer


@dataclass(frozen=True, slots=True)
class Overview:
    """The first screen; `counts` and `attention` are over all integrations, `rows` one page."""

    rows: tuple[OverviewRow, ...]
    next: str | None
    total: int
    matching: int
    counts: tuple[tuple[State, int], ...]
    attention: tuple[OverviewRow, ...]
    environments: tuple[Environment, ...]
    as_of: int


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version in a list, with where it stands and how its content fares."""

    version: Version
    placements: tuple[Placement, ...]
    passed: int
    failed: int


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """A participant with its integrations, newest versions and places."""

    participant: Participant
    branches: tuple[Branch, ...]
    placements: tuple[Placement, ...]
    as_consumer: tuple[OverviewRow, ...]  # worst first, as the other
    as_producer: tuple[OverviewRow, ...]
    versions: tuple[VersionSummary, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with what it published, how it was verified and where it may go.

    `published_results` holds, per publication, the latest results of its content by producer
    version; `decisions` one decision per environment; `evidence` the latest of each kind.
    """

    version: Version
    publications: tuple[Publication, ...]
    published_results: tuple[tuple[Verification, ...], ...]
    verifications: tuple[Verification, ...]
    placements: tuple[Placement, ...]
    decisions: tuple[Decision, ...]
    evidence: tuple[EvidenceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvironmentPair:
    """How one integration stands in one environment."""

    environment: str
    consumer_versions: tuple[str, ...]
    producer_versions: tuple[str, ...]
    state: State | None  # `None` when either side is not there


@dataclass(frozen=True, slots=True)
class IntegrationPage:
    """An integration with its newest state and its history, newest first."""

    row: OverviewRow
    publications: tuple[Publication, ...]
    publications_next: str | None
    verifications: tuple[Verification, ...]
    environments: tuple[EnvironmentPair, ...]


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A participant in an environment; `state` is the worst over all its pairs there."""

    participant: str
    environment: str
    placements: tuple[Placement, ...]
    state: State | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A participant across all environments; `drift` counts its distinct versions."""

    participant: str
    cells: tuple[BoardCell, ...]
    drift: int


@dataclass(frozen=True, slots=True)
class EnvironmentSummary:
    """An environment as a whole; `state` is the worst pair of versions that stand in it."""

    environment: Environment
    participants: int
    state: State | None


@dataclass(frozen=True, slots=True)
class Board:
    """The environments screen."""

    environments: tuple[EnvironmentSummary, ...]
    rows: tuple[BoardRow, ...]
    at: datetime | None  # `None`: now
