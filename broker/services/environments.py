"""Environments, and recording what is deployed to them or supported in them."""

from dataclasses import dataclass
from datetime import datetime

from broker.domain.can_i_deploy import Answer, DeployQuery, ToEnvironment
from broker.domain.change import Change, ChangeKind
from broker.domain.environment import Deployment, Environment, Release
from broker.domain.errors import (
    DecisionChanged,
    DeploymentUnknown,
    EnvironmentExists,
    ReleaseUnknown,
)
from broker.domain.evidence import checked_kinds
from broker.domain.notices import notice_of_new_version
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.publication import Notice
from broker.services.can_i_deploy import decide_within
from broker.services.naming import known_environment, known_participant, known_participants
from broker.services.ports import Clock, Store, UnitOfWork
from broker.services.recording import record_version
from client_sdk.contract.names import check_environment_name, check_version_number

Notices = tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class EnvironmentRequest:
    """A new environment."""

    name: str
    production: bool = False
    display_name: str | None = None
    contacts: tuple[str, ...] = ()
    required_evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeploymentRequest:
    """A version now runs in an environment.

    `instance` tells apart what runs side by side. `expect_as_of` is the sequence number of the
    decision the deployment relies on.
    """

    environment: str
    participant: str
    version: str
    instance: str | None = None
    expect_as_of: int | None = None


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """A version is now supported in an environment."""

    environment: str
    participant: str
    version: str


def create_environment(store: Store, request: EnvironmentRequest, *, clock: Clock) -> Environment:
    """Store a new environment, or raise `EnvironmentExists`."""
    check_environment_name(request.name)
    environment = Environment(
        name=request.name,
        created_at=clock.now(),
        production=request.production,
        display_name=request.display_name,
        contacts=request.contacts,
        required_evidence=checked_kinds(request.required_evidence),
    )
    with store.writing() as uow:
        if not uow.environments.add(environment):
            raise EnvironmentExists(request.name)
        kind, at = ChangeKind.ENVIRONMENT_CREATED, environment.created_at
        uow.changes.append(Change(kind, at, environment=environment.name))
    return environment


def list_environments(store: Store) -> tuple[Environment, ...]:
    """All environments, production first, then by name."""
    with store.reading() as uow:
        return uow.environments.list()


def get_environment(store: Store, name: str) -> Environment:
    """The environment of this name, or `EnvironmentUnknown`."""
    with store.reading() as uow:
        return known_environment(uow, name)


def record_deployment(
    store: Store, request: DeploymentRequest, *, clock: Clock
) -> tuple[Deployment, Notices]:
    """Record that a version runs; it ends what ran before on the same instance.

    Recording what runs already changes nothing. A version of a known participant that was never
    seen is created, with a notice. Raises `DecisionChanged` when the decision at `expect_as_of`
    no longer holds.
    """
    with store.writing() as uow:
        place, ref = _place(uow, request)
        at = clock.now()
        # A decision is about what was there before: with one, the version comes after it.
        notices = _ensure_version(uow, ref, at) if request.expect_as_of is None else None
        _check_decision(uow, request, uow.changes.hold_last())
        there = [
            each
            for each in uow.deployments.current(place.name, ref.participant)
            if each.instance == request.instance
        ]
        for each in there:
            if each.version == ref.number:
                return each, ()
        if notices is None:
            notices = _ensure_version(uow, ref, at)
        return _deploy(uow, request, there, ref, at), notices


def get_deployment(store: Store, environment: str, deployment_id: int) -> Deployment:
    """The deployment, also when it has ended; raises `DeploymentUnknown`."""
    with store.reading() as uow:
        return _known_deployment(uow, known_environment(uow, environment), deployment_id)


def end_deployment(store: Store, environment: str, deployment_id: int, *, clock: Clock) -> None:
    """Record that it no longer runs; nothing happens when it ended before."""
    with store.writing() as uow:
        uow.changes.hold()
        found = _known_deployment(uow, known_environment(uow, environment), deployment_id)
        if found.undeployed_at is None:
            at = clock.now()
            uow.deployments.end((found.id,), at)
            uow.changes.append(_deployment_change(ChangeKind.DEPLOYMENT_ENDED, found, at))


def list_deployments(
    store: Store,
    environment: str,
    page: Page,
    *,
    participant: str | None = None,
    ended: bool = False,
) -> Slice[Deployment]:
    """Deployments of an environment, newest first; those that ended only when `ended`."""
    with store.reading() as uow:
        place = known_environment(uow, environment)
        known_participants(uow, [] if participant is None else [participant])
        return uow.deployments.page(place.name, page, participant=participant, ended=ended)


def record_release(
    store: Store, request: ReleaseRequest, *, clock: Clock
) -> tuple[Release, Notices]:
    """Record that a version is supported; nothing changes when it is already."""
    with store.writing() as uow:
        place, ref = _place(uow, request)
        at = clock.now()
        notices = _ensure_version(uow, ref, at)
        uow.changes.hold_last()
        current = uow.releases.current(place.name, ref)
        if current is not None:
            return current, ()
        release = Release(0, place.name, ref.participant, ref.number, at)
        stored = uow.releases.add(release)
        uow.changes.append(_release_change(ChangeKind.RELEASE_RECORDED, stored, at))
        return stored, notices


def get_release(store: Store, environment: str, release_id: int) -> Release:
    """The release, also when support has ended; raises `ReleaseUnknown`."""
    with store.reading() as uow:
        return _known_release(uow, known_environment(uow, environment), release_id)


def end_release(store: Store, environment: str, release_id: int, *, clock: Clock) -> None:
    """Record that support ended; nothing happens when it ended before."""
    with store.writing() as uow:
        uow.changes.hold()
        found = _known_release(uow, known_environment(uow, environment), release_id)
        if found.support_ended_at is None:
            at = clock.now()
            uow.releases.end(found.id, at)
            uow.changes.append(_release_change(ChangeKind.RELEASE_ENDED, found, at))


def list_releases(
    store: Store,
    environment: str,
    page: Page,
    *,
    participant: str | None = None,
    ended: bool = False,
) -> Slice[Release]:
    """Releases of an environment, newest first; those whose support ended only when `ended`."""
    with store.reading() as uow:
        place = known_environment(uow, environment)
        known_participants(uow, [] if participant is None else [participant])
        return uow.releases.page(place.name, page, participant=participant, ended=ended)


def _known_deployment(uow: UnitOfWork, place: Environment, deployment_id: int) -> Deployment:
    found = uow.deployments.get(place.name, deployment_id)
    if found is None:
        raise DeploymentUnknown(place.name, deployment_id)
    return found


def _known_release(uow: UnitOfWork, place: Environment, release_id: int) -> Release:
    found = uow.releases.get(place.name, release_id)
    if found is None:
        raise ReleaseUnknown(place.name, release_id)
    return found


def _place(
    uow: UnitOfWork, request: DeploymentRequest | ReleaseRequest
) -> tuple[Environment, VersionRef]:
    place = known_environment(uow, request.environment)
    participant = known_participant(uow, request.participant)
    return place, VersionRef(participant.name, check_version_number(request.version))


def _check_decision(uow: UnitOfWork, request: DeploymentRequest, as_of: int) -> None:
    """Nothing was written since: it holds. Else it holds when the answer is still yes."""
    expected = request.expect_as_of
    if expected is None or expected == as_of:
        return
    ref = VersionRef(request.participant, request.version)
    decision = decide_within(uow, DeployQuery((ref,), ToEnvironment(request.environment)))
    if expected > as_of or decision.answer is not Answer.YES:
        raise DecisionChanged(expected, as_of, decision)


def _deploy(
    uow: UnitOfWork,
    request: DeploymentRequest,
    ends: list[Deployment],
    ref: VersionRef,
    at: datetime,
) -> Deployment:
    place = known_environment(uow, request.environment)
    uow.deployments.end([each.id for each in ends], at)
    for each in ends:
        uow.changes.append(_deployment_change(ChangeKind.DEPLOYMENT_ENDED, each, at))
    wanted = Deployment(0, place.name, ref.participant, ref.number, request.instance, at)
    stored = uow.deployments.add(wanted)
    uow.changes.append(_deployment_change(ChangeKind.DEPLOYMENT_RECORDED, stored, at))
    return stored


def _ensure_version(uow: UnitOfWork, ref: VersionRef, at: datetime) -> Notices:
    _, is_new = record_version(uow, ref, at)
    return (notice_of_new_version(ref),) if is_new else ()


def _deployment_change(kind: ChangeKind, each: Deployment, at: datetime) -> Change:
    place = each.environment
    return Change(kind, at, each.participant, each.version, environment=place)


def _release_change(kind: ChangeKind, each: Release, at: datetime) -> Change:
    place = each.environment
    return Change(kind, at, each.participant, each.version, environment=place)
