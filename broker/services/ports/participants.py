"""What the services ask about participants, versions and branches."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from broker.domain.paging import Page, Slice
from broker.domain.participant import Branch, Participant, Version, VersionRef


class Participants(Protocol):
    """Who calls and who answers."""

    def find(self, names: Collection[str]) -> Mapping[str, Participant]:
        """Those that exist, keyed by the name as asked."""
        ...

    def ensure(self, names: Collection[str], at: datetime) -> Mapping[str, Participant]:
        """All of them, keyed by the name as asked; new ones keep the spelling given."""
        ...

    def save(self, participant: Participant) -> None:
        """Replace everything but name and `created_at`."""
        ...

    def claim_main_branch(self, name: str, branch: str) -> bool:
        """Set the main branch unless one is set."""
        ...

    def delete(self, name: str) -> None:
        """Remove it with its versions, integrations, publications, results and placements."""
        ...

    def page(self, page: Page) -> Slice[Participant]:
        """By folded name."""
        ...


class Versions(Protocol):
    """Versions and the branches they stand on."""

    def find(self, refs: Collection[VersionRef]) -> Mapping[VersionRef, Version]:
        """Those that exist, keyed by the reference as asked."""
        ...

    def ensure(self, ref: VersionRef, at: datetime, build_url: str | None) -> tuple[Version, bool]:
        """The version, and whether it is new; `build_url` is kept when none was known."""
        ...

    def mark_uses_nothing(self, ref: VersionRef) -> bool:
        """Note that it said so; `False` when it was noted before."""
        ...

    def join_branch(self, ref: VersionRef, branch: str, at: datetime) -> bool:
        """Put it on the branch as new head; `False`, and no head moves, when it is on it."""
        ...

    def page(self, participant: str, page: Page, *, branch: str | None = None) -> Slice[Version]:
        """Newest arrival first."""
        ...

    def branches(self, participant: str) -> tuple[Branch, ...]:
        """Every branch with its head, by name."""
        ...

    def delete_branch(self, participant: str, branch: str) -> None:
        """Forget the line and who stood on it; the versions stay."""
        ...

    def delete(self, ref: VersionRef) -> None:
        """Remove it with its publications, results and past placements.

        A branch whose head it was falls back to the version that joined before it, or goes.
        """
        ...
