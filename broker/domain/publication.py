"""Publications of contract content, and what the broker answers to one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from client_sdk.contract.evolve import Mode, Report


class OnBreaking(StrEnum):
    """What an integration does with a publication whose report has an error."""

    RECORD = "record"
    REJECT = "reject"


class OnConflict(StrEnum):
    """What a publication does when the version already published other content."""

    REFUSE = "refuse"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Integration:
    """A consumer and a producer with at least one publication between them."""

    consumer: str
    producer: str
    mode: Mode
    on_breaking: OnBreaking


@dataclass(frozen=True, slots=True)
class Publication:
    """The fact that a consumer version published some content for a producer."""

    consumer: str
    version: str
    producer: str
    digest: str
    branches: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The publication a new one is compared with."""

    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person who published; `level` is `info`, `warning` or `error`."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The answer to one published contract; `report` is empty when there is no predecessor."""

    publication: Publication
    created: bool
    against: Predecessor | None
    report: Report
    notices: tuple[Notice, ...] = ()
