"""Recording that a version exists: every use case that mentions one begins here."""

from datetime import datetime

from broker.domain.branches import claims_main
from broker.domain.change import Change, ChangeKind
from broker.domain.participant import Version, VersionRef
from broker.services.ports import UnitOfWork


def record_version(
    uow: UnitOfWork,
    ref: VersionRef,
    at: datetime,
    *,
    branch: str | None = None,
    build_url: str | None = None,
) -> tuple[Version, bool]:
    """The version and whether it is new, after putting it on its branch.

    A branch's head moves only to a version that is new on the branch, so an old build that
    runs again does not pull it back. `ref` has the participant's stored spelling.
    """
    version, is_new = uow.versions.ensure(ref, at, build_url)
    if is_new:
        kind = ChangeKind.VERSION_RECORDED
        uow.changes.append(Change(kind, at, ref.participant, ref.number))
    if branch is not None:
        _join(uow, ref, branch, at)
    return version, is_new


def _join(uow: UnitOfWork, ref: VersionRef, branch: str, at: datetime) -> None:
    joined = uow.versions.join_branch(ref, branch, at)
    claimed = claims_main(branch) and uow.participants.claim_main_branch(ref.participant, branch)
    if joined or claimed:
        uow.changes.append(Change(ChangeKind.BRANCH_MOVED, at, ref.participant, ref.number))
