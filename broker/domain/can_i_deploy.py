"""The decision whether versions may go to a destination, with typed reasons."""

from dataclasses import dataclass
from enum import StrEnum

from broker.domain.matrix import MatrixRow
from broker.domain.participant import VersionRef


class Answer(StrEnum):
    """`unknown` is not deployable."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ToEnvironment:
    """Decide against what is deployed or supported in an environment."""

    name: str


@dataclass(frozen=True, slots=True)
class ToMain:
    """Decide against the heads of everyone's main branches."""


@dataclass(frozen=True, slots=True)
class AmongThemselves:
    """Decide the named versions against each other only."""


Destination = ToEnvironment | ToMain | AmongThemselves


@dataclass(frozen=True, slots=True)
class Ignore:
    """Rows with this participant (at this version, when one is given) do not count."""

    participant: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of the decision: a stable `code`, a sentence, and the command that resolves it."""

    code: str
    message: str
    hint: str | None = None
    consumer: VersionRef | None = None
    producer: str | None = None
    producer_version: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was asked, what is answered, why, and the sequence number it was read at."""

    versions: tuple[VersionRef, ...]
    destination: Destination
    answer: Answer
    reasons: tuple[Reason, ...]
    rows: tuple[MatrixRow, ...]
    as_of: int
