"""Evidence: what a test run found about one version; environments may demand it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from broker.domain.expectation import Measured, measured_by
from broker.domain.participant import VersionRef
from client_sdk.contract.canonical import digest_of
from client_sdk.contract.errors import Fault, NameRefused
from client_sdk.contract.values import JsonObject

BENCHMARK = "benchmark"  # the kind whose numbers are held against expectations
LONGEST_KIND = 63
MOST_REQUIRED = 20

_KIND = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class Verdict(StrEnum):
    """What a run came to; only `pass` counts as a yes."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """One piece of evidence without its payload; `measured` is empty unless it is a benchmark."""

    id: int
    kind: str
    verdict: Verdict
    participant: str
    version: str
    digest: str
    created_at: datetime
    measured: Measured = field(default_factory=dict)

    @property
    def ref(self) -> VersionRef:
        """The version it speaks about."""
        return VersionRef(self.participant, self.version)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence with its payload, as it was sent."""

    about: EvidenceRef
    payload: JsonObject


@dataclass(frozen=True, slots=True)
class EvidenceQuery:
    """Which evidence is wanted; every filter that is `None` lets all pass."""

    participant: str | None = None
    version: str | None = None
    kind: str | None = None


def check_evidence_kind(kind: str) -> str:
    """Give back the name of a kind, or raise NameRefused."""
    if len(kind) > LONGEST_KIND or _KIND.fullmatch(kind) is None:
        message = (
            f"A kind of evidence has 1 to {LONGEST_KIND} lower-case letters and digits, with "
            "single hyphens between them, and begins with a letter."
        )
        raise NameRefused(message, (Fault(NameRefused.code, "", message),))
    return kind


def checked_kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    """Each kind once, by name; raises NameRefused."""
    return tuple(sorted({check_evidence_kind(kind) for kind in kinds}))


def evidence_digest(ref: VersionRef, kind: str, verdict: Verdict, payload: JsonObject) -> str:
    """The digest of a piece of evidence: of its canonical JSON without the digest itself."""
    return digest_of(
        {
            "kind": kind,
            "verdict": verdict.value,
            "participant": ref.participant,
            "version": ref.number,
            "payload": payload,
        }
    )


def measured_in(kind: str, payload: JsonObject) -> Measured:
    """What a decision may compare: the numbers of a benchmark, nothing of any other kind."""
    return measured_by(payload) if kind == BENCHMARK else {}
