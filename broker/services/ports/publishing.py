"""What the services ask about contents, reports, publications and integrations."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.publication import (
    Content,
    Integration,
    Publication,
    PublishFacts,
    RecordedPublication,
    ReportKey,
)
from broker.domain.verification import NeededContent
from client_sdk.contract.evolve import Report


class Contents(Protocol):
    """Distinct contract contents."""

    def add(self, contents: Sequence[Content]) -> None:
        """Store those whose digest is new."""
        ...

    def find(self, digests: Collection[str]) -> Mapping[str, Content]:
        """Those that exist, by digest."""
        ...


class Reports(Protocol):
    """What `evolve` said, kept because it never changes."""

    def find(self, keys: Collection[ReportKey]) -> Mapping[ReportKey, Report]:
        """Those that were kept."""
        ...

    def add(self, reports: Mapping[ReportKey, Report]) -> None:
        """Keep those that are new."""
        ...


class Publications(Protocol):
    """Which version published what for whom."""

    def facts(
        self, ref: VersionRef, producers: Collection[str], branch: str | None, *, live: bool
    ) -> PublishFacts:
        """All that must be known before `ref` publishes; `PairFacts.live` only when asked for."""
        ...

    def add(self, publications: Sequence[RecordedPublication]) -> bool:
        """Store all; `False` when a version already published for one of the producers."""
        ...

    def replace(self, publication: RecordedPublication, expected_digest: str) -> bool:
        """Give a publication other content; `False` unless it still has the expected one."""
        ...

    def get(self, consumer: str, producer: str, version: str) -> RecordedPublication | None:
        """What the version published for the producer."""
        ...

    def latest(
        self, consumer: str, producer: str, *, branch: str | None, environment: str | None
    ) -> RecordedPublication | None:
        """The newest: on the branch (by joining), standing in the environment, or of all.

        Without either: on the consumer's main branch, else the last by arrival.
        """
        ...

    def page(self, consumer: str, producer: str, page: Page) -> Slice[Publication]:
        """Newest first."""
        ...

    def of_version(self, ref: VersionRef) -> tuple[Publication, ...]:
        """All that one consumer version published, by producer."""
        ...

    def of_content(self, digest: str) -> Publication | None:
        """The newest publication of a content."""
        ...

    def needed_from(
        self, producer: str, *, branch: str | None, environment: str | None, consumer: str | None
    ) -> tuple[NeededContent, ...]:
        """Contents the producer must honour, by consumer then newest first.

        Of consumer versions that are heads of their main branch, or heads of a branch called
        `branch`, or deployed or supported anywhere. With `environment` only those that stand
        there; with `consumer` only its own. `branch` is that of the producer's build.
        """
        ...


class Integrations(Protocol):
    """Pairs with at least one publication."""

    def get(self, consumer: str, producer: str) -> Integration | None:
        """The pair and its configuration."""
        ...

    def consumers_of(self, producer: str) -> tuple[str, ...]:
        """Who else has published a contract for it, by name."""
        ...

    def ensure(self, integrations: Sequence[Integration]) -> None:
        """Add those that are new; the configuration of the others stays."""
        ...

    def save(self, integration: Integration) -> None:
        """Replace the configuration."""
        ...
