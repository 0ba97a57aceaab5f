"""Writing a publication that nothing speaks against, and the answer to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from broker.domain.change import Change, ChangeKind
from broker.domain.notices import notices_of
from broker.domain.participant import VersionRef
from broker.domain.publication import (
    Integration,
    Publication,
    PublishOutcome,
    RecordedPublication,
    StoredReport,
)
from broker.domain.publishing import PairPlan, Step
from broker.services.ports import UnitOfWork
from broker.services.publishing_rounds import WRITTEN_STEPS, Ready
from broker.services.recording import record_version


class LostRace(Exception):
    """A unique constraint gave the place to somebody else: look again."""


def write(uow: UnitOfWork, ready: Ready, at: datetime) -> tuple[PublishOutcome, ...]:
    """Store what is new; raises `LostRace` when somebody else stored it in between."""
    request = ready.request
    asked = (request.participant, *(plan.producer for plan in ready.plans))
    names = {name: found.name for name, found in uow.participants.ensure(asked, at).items()}
    ref = VersionRef(names[request.participant], request.version)
    record_version(uow, ref, at, branch=request.branch, build_url=request.build_url)
    if not request.contracts and uow.versions.mark_uses_nothing(ref):
        uow.changes.append(Change(ChangeKind.NOTHING_USED, at, ref.participant, ref.number))
    _store(uow, ready, _recorded(ready, at, names))
    return _answers(ready, at, names)


def outcomes(ready: Ready, at: datetime) -> tuple[PublishOutcome, ...]:
    """The answers without storing anything."""
    facts, request = ready.facts, ready.request
    names = {plan.producer: plan.producer for plan in ready.plans}
    names.update({name: found.name for name, found in facts.producers.items()})
    names[request.participant] = facts.consumer.name if facts.consumer else request.participant
    return _answers(ready, at, names)


Recorded = tuple[tuple[PairPlan, RecordedPublication], ...]


def _store(uow: UnitOfWork, ready: Ready, recorded: Recorded) -> None:
    if not recorded:
        return
    default = ready.request.default_mode
    publications = [each.publication for _, each in recorded]
    uow.contents.add(ready.contents)
    uow.reports.add(ready.reports)
    uow.integrations.ensure([Integration(p.consumer, p.producer, default) for p in publications])
    added = [each for plan, each in recorded if plan.step is Step.ADD]
    if added and not uow.publications.add(added):
        raise LostRace
    for plan, each in recorded:
        if plan.step is Step.MERGE:
            _replace(uow, plan, each)
    for plan, each in recorded:
        uow.changes.append(*_changes(plan, each.publication))


def _replace(uow: UnitOfWork, plan: PairPlan, recorded: RecordedPublication) -> None:
    expected = plan.existing_digest
    if expected is None or not uow.publications.replace(recorded, expected):
        raise LostRace


def _recorded(ready: Ready, at: datetime, names: Mapping[str, str]) -> Recorded:
    return tuple(
        (
            plan,
            RecordedPublication(
                publication=_publication(ready, plan, at, names),
                received=plan.received,
                judged=StoredReport(plan.mode, plan.against),
            ),
        )
        for plan in ready.plans
        if plan.step in WRITTEN_STEPS
    )


def _publication(
    ready: Ready, plan: PairPlan, at: datetime, names: Mapping[str, str]
) -> Publication:
    request, version = ready.request, ready.facts.version
    joined = () if request.branch is None else (request.branch,)
    return Publication(
        consumer=names[request.participant],
        version=request.version,
        producer=names[plan.producer],
        digest=plan.digest,
        branches=tuple(dict.fromkeys((*(version.branches if version else ()), *joined))),
        created_at=plan.existing.publication.created_at if plan.existing else at,
        severity=ready.judged[plan.producer].severity,
    )


def _changes(plan: PairPlan, publication: Publication) -> Iterator[Change]:
    kinds = [ChangeKind.CONTRACT_PUBLISHED]
    if not plan.against or plan.against[0].digest != plan.digest:
        kinds.append(ChangeKind.CONTRACT_CHANGED)
    if publication.severity == "error":
        kinds.append(ChangeKind.CONTRACT_BREAKING)
    for kind in kinds:
        yield Change(
            kind=kind,
            at=publication.created_at,
            participant=publication.consumer,
            version=publication.version,
            other=publication.producer,
            digest=publication.digest,
        )


def _answers(ready: Ready, at: datetime, names: Mapping[str, str]) -> tuple[PublishOutcome, ...]:
    return tuple(_answer(ready, plan, at, names) for plan in ready.plans)


def _answer(ready: Ready, plan: PairPlan, at: datetime, names: Mapping[str, str]) -> PublishOutcome:
    report = ready.judged[plan.producer]
    stored = plan.step in WRITTEN_STEPS and not ready.request.dry_run
    return PublishOutcome(
        publication=_publication(ready, plan, at, names),
        created=stored and plan.step is Step.ADD,
        against=plan.against[0] if plan.against else None,
        report=report,
        notices=notices_of(plan, ready.facts, report, branch=ready.request.branch),
    )
