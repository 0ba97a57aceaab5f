"""Rows of the compatibility matrix: one consumer version against one producer version."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from broker.domain.paging import Page
from broker.domain.participant import VersionRef


class RowOutcome(StrEnum):
    """What is known about a pair of versions."""

    VERIFIED = "verified"
    INFERRED = "inferred"
    FITS = "fits"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class VerificationRef:
    """Which stored verification a row rests on."""

    id: int
    number: int
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One pair; `producer_version` is `None` when nothing of the producer is there.

    `digest` is `None` when the consumer version published nothing (`version-without-contract`).
    `stale` says that an older content of the pair was verified by this producer version.
    """

    consumer: VersionRef
    producer: str
    producer_version: str | None
    digest: str | None
    outcome: RowOutcome
    verification: VerificationRef | None = None
    ignored: bool = False
    stale: bool = False
    verified_by: tuple[
        str, ...
    ] = ()  # other producer versions that passed this content, newest first


@dataclass(frozen=True, slots=True)
class MatrixQuery:
    """Which rows of the matrix are wanted; every filter that is `None` lets all pass.

    A row is a publication with a producer version that has a result for its content; a
    publication whose content has no result is one row without producer version. With
    `environment` the rows are instead the publications of the versions that stand there with
    each version of the producer that stands there (result or not), `missing` when none does.
    `branch` keeps the publications of consumer versions on a branch of that name. Newest
    publication first, then newest producer version first.
    """

    page: Page = field(default_factory=Page)
    consumer: str | None = None
    producer: str | None = None
    environment: str | None = None
    branch: str | None = None
    outcome: RowOutcome | None = None
