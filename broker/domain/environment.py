"""Where versions run: environments, deployments and releases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Environment:
    """A place versions are deployed to or released for.

    `required_evidence` are the kinds of evidence a version must have to come here.
    """

    name: str
    created_at: datetime
    production: bool = False
    display_name: str | None = None
    contacts: tuple[str, ...] = ()
    required_evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """A version in an environment until `undeployed_at` (`None`: still there)."""

    id: int
    environment: str
    participant: str
    version: str
    instance: str | None
    deployed_at: datetime
    undeployed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A version supported in an environment until `support_ended_at` (`None`: still supported)."""

    id: int
    environment: str
    participant: str
    version: str
    released_at: datetime
    support_ended_at: datetime | None = None


class PlacementKind(StrEnum):
    """How a version came to stand in an environment."""

    DEPLOYED = "deployed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Placement:
    """A version that stands in an environment now, deployed (to an instance) or supported."""

    environment: str
    participant: str
    version: str
    kind: PlacementKind
    since: datetime
    instance: str | None = None
