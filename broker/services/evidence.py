"""Publishing what test runs found about versions, and reading it."""

from dataclasses import dataclass
from datetime import datetime

from broker.domain.change import Change, ChangeKind
from broker.domain.errors import EvidenceInvalid, EvidenceUnknown
from broker.domain.evidence import (
    Evidence,
    EvidenceQuery,
    EvidenceRef,
    Verdict,
    check_evidence_kind,
    evidence_digest,
    measured_in,
)
from broker.domain.notices import notice_of_new_version, notice_of_newer_evidence
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.publication import Notice
from broker.services.naming import known_participant, known_participants
from broker.services.ports import Clock, Store, UnitOfWork
from broker.services.recording import record_version
from client_sdk.contract.errors import Fault
from client_sdk.contract.names import check_version_number
from client_sdk.contract.values import JsonObject


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """What a run found; `digest` is that of the rest, `None` when the sender gave none."""

    kind: str
    verdict: Verdict
    participant: str
    version: str
    payload: JsonObject
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedEvidence:
    """The evidence as it is stored; `created` is false when it was there before."""

    evidence: Evidence
    created: bool
    notices: tuple[Notice, ...] = ()


def publish_evidence(store: Store, request: EvidenceRequest, *, clock: Clock) -> PublishedEvidence:
    """Store what a run found about a version; the same again changes nothing.

    A version of a known participant that was never seen is created, with a notice. Raises
    `ParticipantUnknown`, and `EvidenceInvalid` for a digest that is not that of the rest.
    """
    check_evidence_kind(request.kind)
    _check_digest(request)
    with store.writing() as uow:
        participant = known_participant(uow, request.participant)
        ref = VersionRef(participant.name, check_version_number(request.version))
        at = clock.now()
        _, is_new = record_version(uow, ref, at)
        uow.changes.hold_last()
        stored, created = uow.evidence.add(_evidence(ref, request, at))
        if not created:
            return PublishedEvidence(stored, created, _notices_of_known(uow, stored.about))
        uow.changes.append(_change(stored.about))
        notices = (notice_of_new_version(ref),) if is_new else ()
        return PublishedEvidence(stored, created, notices)


def get_evidence(store: Store, identifier: int) -> Evidence:
    """The evidence of this id, or `EvidenceUnknown`."""
    with store.reading() as uow:
        found = uow.evidence.get(identifier)
    if found is None:
        raise EvidenceUnknown(identifier)
    return found


def list_evidence(store: Store, page: Page, query: EvidenceQuery) -> Slice[Evidence]:
    """Evidence, newest first; raises `ParticipantUnknown` for one that is asked for by name."""
    with store.reading() as uow:
        named = () if query.participant is None else (query.participant,)
        known_participants(uow, named)
        return uow.evidence.page(page, query)


def _check_digest(request: EvidenceRequest) -> None:
    if request.digest is None:
        return
    ref = VersionRef(request.participant, request.version)
    expected = evidence_digest(ref, request.kind, request.verdict, request.payload)
    if request.digest != expected:
        message = f"The digest of the rest is {expected}; send that, or leave the digest out."
        raise EvidenceInvalid((Fault("digest-differs", "/digest", message),))


def _evidence(ref: VersionRef, request: EvidenceRequest, at: datetime) -> Evidence:
    """Under the stored spelling, so that one finding has one digest however it is addressed."""
    about = EvidenceRef(
        id=0,
        kind=request.kind,
        verdict=request.verdict,
        participant=ref.participant,
        version=ref.number,
        digest=evidence_digest(ref, request.kind, request.verdict, request.payload),
        created_at=at,
        measured=measured_in(request.kind, request.payload),
    )
    return Evidence(about, request.payload)


def _notices_of_known(uow: UnitOfWork, about: EvidenceRef) -> tuple[Notice, ...]:
    """Publishing an old finding again does not make it count again."""
    latest = uow.evidence.latest((about.ref,), (about.kind,))
    return tuple(notice_of_newer_evidence(each) for each in latest if each.id != about.id)


def _change(about: EvidenceRef) -> Change:
    kind = ChangeKind.EVIDENCE_PUBLISHED
    return Change(kind, about.created_at, about.participant, about.version, digest=about.digest)
