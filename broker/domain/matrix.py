"""Rows of the compatibility matrix: one consumer version against one producer version."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    verified_by: tuple[str, ...] = ()  # other producer versions that passed this content, newest first
