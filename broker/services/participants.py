"""Participants, versions and branches: read, describe, delete."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from broker.domain.change import Change, ChangeKind
from broker.domain.errors import (
    BranchUnknown,
    ChangedMeanwhile,
    DeployedVersion,
    MainBranchKept,
    StillReliedOn,
)
from broker.domain.notices import notice_of_headless_main
from broker.domain.paging import Page, Slice
from broker.domain.participant import Branch, Participant, Version
from broker.domain.publication import Notice
from broker.services.naming import known_participant, known_version
from broker.services.ports import Clock, Store, UnitOfWork
from client_sdk.contract.names import check_branch_name


@dataclass(frozen=True, slots=True)
class ParticipantPatch:
    """What to change of a participant: the members in `given`, also when they are `None`."""

    given: frozenset[str]
    main_branch: str | None = None
    display_name: str | None = None
    repository_url: str | None = None
    labels: Mapping[str, str] | None = None


def list_participants(store: Store, page: Page) -> Slice[Participant]:
    """Participants by name."""
    with store.reading() as uow:
        return uow.participants.page(page)


def get_participant(store: Store, name: str) -> Participant:
    """The participant of this name in any spelling, or `ParticipantUnknown`."""
    with store.reading() as uow:
        return known_participant(uow, name)


def patch_participant(
    store: Store,
    name: str,
    patch: ParticipantPatch,
    *,
    clock: Clock,
    expected: Participant | None = None,
) -> tuple[Participant, tuple[Notice, ...]]:
    """Change what is given; the rest stays. A main branch that nothing stands on gets a notice.

    Raises `ChangedMeanwhile` when the participant is not `expected`, if that is given.
    """
    if patch.main_branch is not None:
        check_branch_name(patch.main_branch)
    with store.writing() as uow:
        uow.changes.hold()
        before = known_participant(uow, name)
        _refuse_unless_expected(before, expected, before.name)
        after = _patched(before, patch)
        if after != before:
            uow.participants.save(after)
            kind = ChangeKind.PARTICIPANT_CHANGED
            uow.changes.append(Change(kind, clock.now(), after.name))
        return after, _notices_of_main(uow, after, patch)


def delete_participant(
    store: Store, name: str, *, clock: Clock, expected: Participant | None = None
) -> None:
    """Remove it with all that was ever recorded of it.

    Raises `DeployedVersion` while any of it runs, `StillReliedOn` while others' contracts name it,
    `ChangedMeanwhile` when it is not `expected`, if that is given.
    """
    with store.writing() as uow:
        uow.changes.exclude_others()
        participant = known_participant(uow, name)
        _refuse_unless_expected(participant, expected, participant.name)
        _refuse_while_placed(uow, participant.name, None)
        consumers = uow.integrations.consumers_of(participant.name)
        if consumers:
            raise StillReliedOn(participant.name, consumers)
        uow.participants.delete(participant.name)
        kind = ChangeKind.PARTICIPANT_DELETED
        uow.changes.append(Change(kind, clock.now(), participant.name))


def list_versions(
    store: Store, participant: str, page: Page, *, branch: str | None = None
) -> Slice[Version]:
    """Versions, newest arrival first; of one branch when it is given."""
    with store.reading() as uow:
        known = known_participant(uow, participant)
        return uow.versions.page(known.name, page, branch=branch)


def get_version(store: Store, participant: str, number: str) -> Version:
    """The version, or `ParticipantUnknown` or `VersionUnknown`."""
    with store.reading() as uow:
        return known_version(uow, participant, number)


def list_branches(store: Store, participant: str, *, name: str | None = None) -> tuple[Branch, ...]:
    """Branches with their heads, by name; at most the one called `name` when it is given."""
    with store.reading() as uow:
        found = uow.versions.branches(known_participant(uow, participant).name)
    return found if name is None else tuple(each for each in found if each.name == name)


def delete_branch(store: Store, participant: str, name: str, *, clock: Clock) -> None:
    """Forget the branch; its versions stay, with all they published.

    Raises `BranchUnknown`, and `MainBranchKept` for the participant's main branch.
    """
    with store.writing() as uow:
        uow.changes.exclude_others()
        owner = known_participant(uow, participant)
        head = _heads(uow, owner.name).get(name)
        if head is None:
            raise BranchUnknown(owner.name, name)
        if name == owner.main_branch:
            raise MainBranchKept(owner.name, name)
        uow.versions.delete_branch(owner.name, name)
        uow.changes.append(Change(ChangeKind.BRANCH_DELETED, clock.now(), owner.name, head))


def delete_version(
    store: Store,
    participant: str,
    number: str,
    *,
    clock: Clock,
    expected: Version | None = None,
) -> None:
    """Remove it with its publications and results; `DeployedVersion` while it runs.

    Raises `ChangedMeanwhile` when the version is not `expected`, if that is given.
    """
    with store.writing() as uow:
        uow.changes.exclude_others()
        version = known_version(uow, participant, number)
        _refuse_unless_expected(version, expected, str(version.ref))
        _refuse_while_placed(uow, version.participant, version.number)
        uow.versions.delete(version.ref)
        kind = ChangeKind.VERSION_DELETED
        uow.changes.append(Change(kind, clock.now(), version.participant, version.number))


def _patched(before: Participant, patch: ParticipantPatch) -> Participant:
    given = patch.given
    return replace(
        before,
        main_branch=patch.main_branch if "main_branch" in given else before.main_branch,
        display_name=patch.display_name if "display_name" in given else before.display_name,
        repository_url=(
            patch.repository_url if "repository_url" in given else before.repository_url
        ),
        labels=dict(patch.labels or {}) if "labels" in given else before.labels,
    )


def _notices_of_main(
    uow: UnitOfWork, participant: Participant, patch: ParticipantPatch
) -> tuple[Notice, ...]:
    wanted = patch.main_branch if "main_branch" in patch.given else None
    if wanted is None or wanted in _heads(uow, participant.name):
        return ()
    return (notice_of_headless_main(participant.name, wanted),)


def _heads(uow: UnitOfWork, participant: str) -> dict[str, str]:
    return {each.name: each.head for each in uow.versions.branches(participant)}


def _refuse_unless_expected(found: object, expected: object | None, what: str) -> None:
    if expected is not None and expected != found:
        raise ChangedMeanwhile(what)


def _refuse_while_placed(uow: UnitOfWork, participant: str, number: str | None) -> None:
    placements = uow.environments.placements(participant=participant, version=number)
    if placements:
        environments = tuple(dict.fromkeys(each.environment for each in placements))
        raise DeployedVersion(participant, number, environments)
