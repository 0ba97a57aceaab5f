"""What the services ask about evidence."""

from collections.abc import Collection
from typing import Protocol

from broker.domain.evidence import Evidence, EvidenceQuery, EvidenceRef
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef


class EvidenceRecords(Protocol):
    """What test runs found about versions."""

    def add(self, evidence: Evidence) -> tuple[Evidence, bool]:
        """Record it as the latest of its kind, or give what has its digest and `False`.

        `about.id` is ignored, and the stored one returned.
        """
        ...

    def get(self, identifier: int) -> Evidence | None:
        """The evidence of this id."""
        ...

    def latest(
        self, versions: Collection[VersionRef], kinds: Collection[str] | None = None
    ) -> tuple[EvidenceRef, ...]:
        """The latest of each kind about each version, oldest first; `None` means every kind."""
        ...

    def page(self, page: Page, query: EvidenceQuery) -> Slice[Evidence]:
        """Newest first; a page may end early when payloads are large."""
        ...
