"""What the services ask in bulk: verifications, decisions, matrix, screens, changes."""

from collections.abc import Collection, Mapping
from typing import Protocol

from broker.domain.can_i_deploy import Destination
from broker.domain.change import Change, NumberedChange
from broker.domain.decision_facts import DecisionFacts
from broker.domain.matrix import MatrixQuery, MatrixRow
from broker.domain.overview import IntegrationFacts, IntegrationSelection
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.verification import NewVerification, Verification


class Verifications(Protocol):
    """Results of producer versions against contents."""

    def add(self, verification: NewVerification) -> Verification:
        """Record it with the next number of its pair."""
        ...

    def get(self, identifier: int) -> Verification | None:
        """The verification of this id."""
        ...

    def latest_of(self, digests: Collection[str]) -> Mapping[str, tuple[Verification, ...]]:
        """Per digest the latest result of each producer version, newest first, at most 100."""
        ...

    def page(
        self, page: Page, *, consumer: str | None, producer: str | None, version: str | None
    ) -> Slice[Verification]:
        """Newest first; `version` is the producer's."""
        ...


class Changes(Protocol):
    """The counter of committed writes, and what each of them did."""

    def as_of(self) -> int:
        """The sequence number of the snapshot, 0 for an empty broker.

        In a writing transaction that of the last committed write.
        """
        ...

    def hold(self) -> int:
        """`as_of`, and nobody else commits a write before this transaction ends.

        What writes afterwards what others may be writing does this first, as `exclude_others` says.
        """
        ...

    def hold_last(self) -> int:
        """`hold` without waiting for those who write: for who has written what they could meet."""
        ...

    def exclude_others(self) -> None:
        """Wait for those who write, and let nobody begin before this transaction ends.

        What deletes does this first: those it would meet half way hold what it needs, and need
        what it holds.
        """
        ...

    def append(self, *changes: Change) -> None:
        """Note what this transaction does.

        A transaction that noted anything gets the next sequence number in its last statement,
        so numbers grow by one in commit order; one that noted nothing gets none.
        """
        ...

    def page(self, page: Page) -> Slice[NumberedChange]:
        """Newest first."""
        ...


class Decisions(Protocol):
    """Facts for can-i-deploy."""

    def facts(self, named: Collection[VersionRef], destination: Destination) -> DecisionFacts:
        """See `DecisionFacts`; `named` have stored spellings and may not exist as versions."""
        ...


class Matrix(Protocol):
    """Rows of versions against versions."""

    def page(self, query: MatrixQuery) -> Slice[MatrixRow]:
        """See `MatrixQuery`; `verified_by` and `stale` stay empty."""
        ...


class Overviews(Protocol):
    """Facts for the screens."""

    def integrations(self, selection: IntegrationSelection) -> tuple[IntegrationFacts, ...]:
        """Every selected integration at its newest versions, by consumer then producer."""
        ...

    def tallies(self, participant: str, numbers: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Per version number (passed, failed) among the latest results it has part in."""
        ...
