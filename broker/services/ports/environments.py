"""What the services ask about environments and what stands in them."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from broker.domain.environment import Deployment, Environment, Placement, Release
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef


class Environments(Protocol):
    """Places, and what stands in them."""

    def add(self, environment: Environment) -> bool:
        """Store it; `False` when the name is taken."""
        ...

    def save(self, environment: Environment) -> None:
        """Replace everything but name and `created_at`."""
        ...

    def get(self, name: str) -> Environment | None:
        """The environment of this name."""
        ...

    def list(self) -> tuple[Environment, ...]:
        """All, production first, then by name."""
        ...

    def placements(
        self,
        *,
        environment: str | None = None,
        participant: str | None = None,
        version: str | None = None,
        at: datetime | None = None,
    ) -> tuple[Placement, ...]:
        """What is deployed or supported now, or was at `at`; by participant, newest first."""
        ...


class Deployments(Protocol):
    """Versions that run."""

    def current(self, environment: str, participant: str) -> tuple[Deployment, ...]:
        """Those not ended, one per instance."""
        ...

    def add(self, deployment: Deployment) -> Deployment:
        """Record it; `deployment.id` is ignored and the stored one returned."""
        ...

    def get(self, environment: str, identifier: int) -> Deployment | None:
        """The deployment of this id in this environment."""
        ...

    def end(self, identifiers: Collection[int], at: datetime) -> None:
        """End those that are not ended."""
        ...

    def page(
        self, environment: str, page: Page, *, participant: str | None, ended: bool
    ) -> Slice[Deployment]:
        """Newest first; those that ended only when `ended`."""
        ...


class Releases(Protocol):
    """Versions that are supported."""

    def current(self, environment: str, ref: VersionRef) -> Release | None:
        """The support that has not ended."""
        ...

    def add(self, release: Release) -> Release:
        """Record it; `release.id` is ignored and the stored one returned."""
        ...

    def get(self, environment: str, identifier: int) -> Release | None:
        """The release of this id in this environment."""
        ...

    def end(self, identifier: int, at: datetime) -> None:
        """End it unless it is ended."""
        ...

    def page(
        self, environment: str, page: Page, *, participant: str | None, ended: bool
    ) -> Slice[Release]:
        """Newest first; those that ended only when `ended`."""
        ...
