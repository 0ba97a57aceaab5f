"""Participants, their versions and the branches those versions stand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """A system that calls or answers; consumer and producer are roles, not kinds.

    Names that differ only by case are one participant. The spelling that came first is kept and
    shown everywhere; any other finds it.
    """

    name: str
    created_at: datetime
    main_branch: str | None = None
    display_name: str | None = None
    repository_url: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class VersionRef:
    """The name of one version; printed as `participant@number`."""

    participant: str
    number: str

    def __str__(self) -> str:
        return f"{self.participant}@{self.number}"


@dataclass(frozen=True, slots=True)
class Version:
    """One recorded version; `arrival` orders versions of the whole broker by first mention."""

    participant: str
    number: str
    arrival: int
    created_at: datetime
    branches: tuple[str, ...] = ()
    build_url: str | None = None
    uses_nothing: bool = False  # said so with an empty publication, and published nothing since

    @property
    def ref(self) -> VersionRef:
        """The version's name."""
        return VersionRef(self.participant, self.number)


@dataclass(frozen=True, slots=True)
class Branch:
    """A named line of versions with one head."""

    participant: str
    name: str
    head: str
    updated_at: datetime
