"""Verifications: what a producer build must verify, and what it found."""

from dataclasses import dataclass
from datetime import datetime

from broker.domain.change import Change, ChangeKind
from broker.domain.errors import (
    ContentUnknown,
    ContractUnknown,
    VerificationInvalid,
    VerificationUnknown,
)
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.publication import Publication
from broker.domain.verification import (
    ContractToVerify,
    NewVerification,
    ToolOutcome,
    ToolResult,
    Verification,
)
from broker.domain.verifying import check_complete, check_consistent, is_pending, why_needed
from broker.services.naming import known_environment, known_participants
from broker.services.ports import Clock, Store, UnitOfWork
from broker.services.recording import record_version
from client_sdk.contract.errors import Fault
from client_sdk.contract.names import (
    check_branch_name,
    check_participant_name,
    check_version_number,
    fold_name,
)

_KINDS = {
    ToolOutcome.PASSED: ChangeKind.VERIFICATION_SUCCEEDED,
    ToolOutcome.FAILED: ChangeKind.VERIFICATION_FAILED,
    ToolOutcome.NOT_TESTED: ChangeKind.VERIFICATION_INCOMPLETE,
}


@dataclass(frozen=True, slots=True)
class VerificationRequest:
    """What a producer version did with a contract.

    The contract is named by `contract_digest`, or by `consumer` and `consumer_version`; when
    both are given they must mean the same.
    """

    producer: str
    version: str
    tools: tuple[ToolResult, ...]
    branch: str | None = None
    build_url: str | None = None
    verifier_name: str | None = None
    verifier_version: str | None = None
    contract_digest: str | None = None
    consumer: str | None = None
    consumer_version: str | None = None


def record_verification(
    store: Store, request: VerificationRequest, *, clock: Clock
) -> Verification:
    """Store a result for all tools of a contract, and with it the version and its branch.

    Raises `ContentUnknown` or `ContractUnknown`, `ToolsNotReported` and `VerificationInvalid`;
    then nothing is stored.
    """
    _check_names(request)
    check_consistent(request.tools)
    with store.writing() as uow:
        publication = _verified_publication(uow, request)
        content = uow.contents.find((publication.digest,)).get(publication.digest)
        if content is None:  # deleted with its consumer since the line before
            raise ContentUnknown(publication.digest)
        check_complete(content, request.tools)
        return _record(uow, request, publication, clock.now())


def get_verification(store: Store, verification_id: int) -> Verification:
    """The verification of this id, or `VerificationUnknown`."""
    with store.reading() as uow:
        found = uow.verifications.get(verification_id)
    if found is None:
        raise VerificationUnknown(verification_id)
    return found


def list_verifications(
    store: Store,
    page: Page,
    *,
    consumer: str | None = None,
    producer: str | None = None,
    version: str | None = None,
) -> Slice[Verification]:
    """Verifications, newest first; `version` is the producer's."""
    with store.reading() as uow:
        known_participants(uow, [name for name in (consumer, producer) if name is not None])
        return uow.verifications.page(page, consumer=consumer, producer=producer, version=version)


def contracts_to_verify(
    store: Store,
    producer: str,
    *,
    branch: str | None = None,
    environment: str | None = None,
    consumer: str | None = None,
) -> tuple[ContractToVerify, ...]:
    """The contents a build of the producer on `branch` must verify, and why each of them.

    Those on main-branch heads, on heads of branches called like the build's, and all that are
    deployed or supported; with `environment` only those that stand there.
    """
    with store.reading() as uow:
        known_participants(uow, [name for name in (producer, consumer) if name is not None])
        if environment is not None:
            known_environment(uow, environment)
        needed = uow.publications.needed_from(
            producer, branch=branch, environment=environment, consumer=consumer
        )
        contents = uow.contents.find([each.digest for each in needed])
    return tuple(
        ContractToVerify(
            consumer=each.consumer,
            versions=each.versions,
            digest=each.digest,
            pending=is_pending(each, branch),
            why=why_needed(each, branch),
            document=contents[each.digest].document,
        )
        for each in needed
    )


def _check_names(request: VerificationRequest) -> None:
    check_participant_name(request.producer)
    check_version_number(request.version)
    if request.branch is not None:
        check_branch_name(request.branch)


def _verified_publication(uow: UnitOfWork, request: VerificationRequest) -> Publication:
    publication = _named_publication(uow, request)
    if fold_name(publication.producer) != fold_name(request.producer):
        message = f"The contract is for {publication.producer}, not for {request.producer}."
        raise VerificationInvalid((Fault("producer-differs", "/producer", message),))
    if request.contract_digest not in (None, publication.digest):
        message = "The digest is not that of the contract the consumer version published."
        raise VerificationInvalid((Fault("digest-differs", "/contract_digest", message),))
    return publication


def _named_publication(uow: UnitOfWork, request: VerificationRequest) -> Publication:
    consumer, number = request.consumer, request.consumer_version
    if consumer is not None and number is not None:
        known_participants(uow, (consumer, request.producer))
        recorded = uow.publications.get(consumer, request.producer, number)
        if recorded is None:
            selection = f"version {number} published none"
            raise ContractUnknown(consumer, request.producer, selection)
        return recorded.publication
    if request.contract_digest is None:
        message = "Name the contract: contract_digest, or consumer and consumer_version."
        raise VerificationInvalid((Fault("contract-not-named", "", message),))
    publication = uow.publications.of_content(request.contract_digest)
    if publication is None:
        raise ContentUnknown(request.contract_digest)
    return publication


def _record(
    uow: UnitOfWork, request: VerificationRequest, publication: Publication, at: datetime
) -> Verification:
    ref = VersionRef(publication.producer, request.version)
    record_version(uow, ref, at, branch=request.branch, build_url=request.build_url)
    stored = uow.verifications.add(
        NewVerification(
            consumer=publication.consumer,
            producer=publication.producer,
            version=request.version,
            contract_digest=publication.digest,
            tools=request.tools,
            verified_at=at,
            build_url=request.build_url,
            verifier_name=request.verifier_name,
            verifier_version=request.verifier_version,
        )
    )
    uow.changes.append(
        Change(
            kind=_KINDS[stored.outcome],
            at=at,
            participant=stored.producer,
            version=stored.version,
            other=stored.consumer,
            digest=stored.contract_digest,
            verification=stored.id,
        )
    )
    return stored
