"""Versions in order of arrival, and the branches they stand on."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from broker.domain.paging import Page, Slice
from broker.domain.participant import Branch, Version, VersionRef
from broker.storage import tables as t
from broker.storage.branch_publications import note_join
from broker.storage.newest import at_most
from broker.storage.pages import before, page_of
from broker.storage.transaction import Transaction, known

_V = t.versions.c
_B = t.branches.c
_J = t.version_branches.c

_VERSIONS = select(t.versions, t.participants.c.name.label("participant")).join_from(
    t.versions, t.participants
)
_BY_NUMBER = _VERSIONS.where(
    _V.participant_id == bindparam("participant_id"),
    _V.number.in_(bindparam("numbers", expanding=True)),
)
_BRANCHES_OF = (
    select(_J.version_id, _B.name)
    .join_from(t.version_branches, t.branches)
    .where(_J.version_id.in_(bindparam("versions", expanding=True)))
    .order_by(_J.version_id, _B.name)
)
_PUBLISHED = (
    select(t.publications.c.version_id)
    .where(t.publications.c.version_id.in_(bindparam("versions", expanding=True)))
    .distinct()
)
_FILL_BUILD_URL = (
    update(t.versions)
    .where(_V.id == bindparam("which"), _V.build_url.is_(None))
    .values(build_url=bindparam("url"))
)
_USES_NOTHING = (
    update(t.versions)
    .where(_V.id == bindparam("which"), _V.uses_nothing.is_(False))
    .values(uses_nothing=True)
)
_BRANCH_ID = select(_B.id).where(
    _B.participant_id == bindparam("participant"), _B.name == bindparam("name")
)
# Locked so that the last to join is the head, whoever commits first.
_LOCK_BRANCH = _BRANCH_ID.with_for_update(key_share=True)
_MOVE_HEAD = (
    update(t.branches)
    .where(_B.id == bindparam("which"))
    .values(head_id=bindparam("version"), updated_at=bindparam("at"))
)
_HEAD_AT_ONCE = (
    update(t.branches)
    .where(_B.participant_id == bindparam("participant"), _B.name == bindparam("called"))
    .values(head_id=bindparam("version"), updated_at=bindparam("at"))
    .returning(_B.id)
)
_PAGE = (
    _VERSIONS.where(_V.participant_id == bindparam("participant_id"), _V.id < bindparam("before"))
    .order_by(_V.id.desc())
    .limit(bindparam("limit"))
)
_PAGE_OF_BRANCH = (
    _VERSIONS.join(t.version_branches, _J.version_id == _V.id)
    .where(_J.branch_id == bindparam("branch"), _J.version_id < bindparam("before"))
    .order_by(_J.version_id.desc())
    .limit(bindparam("limit"))
)
_HEADS = (
    select(_B.name, _B.updated_at, _V.number, t.participants.c.name.label("participant"))
    .join_from(t.branches, t.versions, _B.head_id == _V.id)
    .join(t.participants, _B.participant_id == t.participants.c.id)
    .where(_B.participant_id == bindparam("participant"))
    .order_by(_B.name)
)
_HEADED_BY = select(_B.id).where(_B.head_id == bindparam("version"))
_JOINED_BEFORE = (
    select(_J.version_id)
    .where(_J.branch_id == bindparam("branch"), _J.version_id != bindparam("version"))
    .order_by(_J.id.desc())
    .limit(at_most(1))
)
_FALL_BACK = update(t.branches).where(_B.id == bindparam("which"))
_DROP_BRANCH = delete(t.branches).where(_B.id == bindparam("which"))
_FORGET_BRANCH = delete(t.branches).where(
    _B.participant_id == bindparam("participant"), _B.name == bindparam("name")
)
_DELETE = delete(t.versions).where(_V.id == bindparam("which"))


class SqlVersions:
    """See `ports.Versions`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, refs: Collection[VersionRef]) -> Mapping[VersionRef, Version]:
        """Those that exist, keyed by the reference as asked."""
        ids = self._transaction.participant_ids({ref.participant for ref in refs})
        keys = {ref: (ids[ref.participant], ref.number) for ref in refs if ref.participant in ids}
        rows = [*self._rows(set(keys.values()))]
        by_key = {
            (row.participant_id, row.number): version
            for row, version in zip(rows, self._read(rows), strict=True)
        }
        return {ref: by_key[key] for ref, key in keys.items() if key in by_key}

    def ensure(self, ref: VersionRef, at: datetime, build_url: str | None) -> tuple[Version, bool]:
        """The version, and whether it is new; `build_url` is kept when none was known."""
        participant = known(self._transaction.participant_id(ref.participant))
        values = {
            "participant_id": participant,
            "number": ref.number,
            "created_at": at,
            "build_url": build_url,
        }
        row = self._transaction.row(
            self._transaction.insert_new(t.versions).returning(_V.id), values
        )
        if row is not None:
            self._transaction.note_version(participant, ref.number, row.id, is_new=True)
            return Version(ref.participant, ref.number, row.id, at, build_url=build_url), True
        version = self.find((ref,))[ref]
        if version.build_url is None and build_url is not None:
            asked = {"which": version.arrival, "url": build_url}
            self._transaction.change(_FILL_BUILD_URL, asked)
            version = self.find((ref,))[ref]
        return version, False

    def mark_uses_nothing(self, ref: VersionRef) -> bool:
        """Note that it said so; `False` when it was noted before."""
        which = known(self._transaction.version_id(ref))
        return self._transaction.change(_USES_NOTHING, {"which": which}) == 1

    def join_branch(self, ref: VersionRef, branch: str, at: datetime) -> bool:
        """Put it on the branch as new head; `False`, and no head moves, when it is on it."""
        version = known(self._transaction.version_id(ref))
        # A version made in this transaction is on no branch, so the head may move at once.
        is_new = self._transaction.is_new(version)
        headed = self._headed_at_once(ref, branch, version, at) if is_new else None
        which = self._branch(ref, branch, version, at) if headed is None else headed
        insert = self._transaction.insert_new(t.version_branches).returning(_J.id)
        joined = self._transaction.row(insert, {"branch_id": which, "version_id": version})
        if joined is None:
            return False
        if not is_new:
            note_join(self._transaction, joined.id)
        if headed is None:
            self._transaction.change(_MOVE_HEAD, {"which": which, "version": version, "at": at})
        return True

    def page(self, participant: str, page: Page, *, branch: str | None = None) -> Slice[Version]:
        """Newest arrival first."""
        owner = self._transaction.participant_id(participant)
        if owner is None:
            return Slice(())
        asked: dict[str, object] = {"before": before(page), "limit": page.limit + 1}
        statement = _PAGE
        if branch is None:
            asked["participant_id"] = owner
        else:
            row = self._transaction.row(_BRANCH_ID, {"participant": owner, "name": branch})
            statement = _PAGE_OF_BRANCH
            asked["branch"] = None if row is None else row.id
        rows = self._transaction.rows(statement, asked)
        return page_of(rows, page, lambda row: (row.id,), self._read)

    def branches(self, participant: str) -> tuple[Branch, ...]:
        """Every branch with its head, by name."""
        owner = self._transaction.participant_id(participant)
        rows = self._transaction.rows(_HEADS, {"participant": owner})
        return tuple(Branch(row.participant, row.name, row.number, row.updated_at) for row in rows)

    def delete_branch(self, participant: str, branch: str) -> None:
        """Forget the line and who stood on it; the versions stay."""
        owner = self._transaction.participant_id(participant)
        self._transaction.change(_FORGET_BRANCH, {"participant": owner, "name": branch})

    def delete(self, ref: VersionRef) -> None:
        """Remove it with its publications, results and past placements.

        A branch whose head it was falls back to the version that joined before it, or goes.
        """
        version = self._transaction.version_id(ref)
        if version is None:
            return
        for branch in self._transaction.rows(_HEADED_BY, {"version": version}):
            self._fall_back(branch.id, version)
        self._transaction.change(_DELETE, {"which": version})
        self._transaction.forget()

    def _rows(self, keys: Collection[tuple[int, str]]) -> Iterator[Row[Any]]:
        numbers: dict[int, list[str]] = defaultdict(list)
        for participant, number in keys:
            numbers[participant].append(number)
        for participant in sorted(numbers):
            yield from self._transaction.rows_in(
                _BY_NUMBER, "numbers", numbers[participant], participant_id=participant
            )

    def _headed_at_once(
        self, ref: VersionRef, branch: str, version: int, at: datetime
    ) -> int | None:
        """The branch, if there is one already, with its head moved: also locks it."""
        owner = known(self._transaction.participant_id(ref.participant))
        asked = {"participant": owner, "called": branch, "version": version, "at": at}
        row = self._transaction.row(_HEAD_AT_ONCE, asked)
        return None if row is None else row.id

    def _branch(self, ref: VersionRef, name: str, version: int, at: datetime) -> int:
        owner = known(self._transaction.participant_id(ref.participant))
        asked = {"participant": owner, "name": name}
        row = self._transaction.row(_LOCK_BRANCH, asked)
        if row is None:
            values = {
                "participant_id": owner,
                "name": name,
                "head_id": version,
                "updated_at": at,
            }
            insert = self._transaction.insert_new(t.branches).returning(_B.id)
            row = self._transaction.row(insert, values) or self._transaction.row(
                _LOCK_BRANCH, asked
            )
        return known(None if row is None else row.id)

    def _fall_back(self, branch: int, version: int) -> None:
        asked = {"branch": branch, "version": version}
        earlier = self._transaction.row(_JOINED_BEFORE, asked)
        if earlier is None:
            self._transaction.change(_DROP_BRANCH, {"which": branch})
        else:
            moved = _FALL_BACK.values(head_id=earlier.version_id)
            self._transaction.change(moved, {"which": branch})

    def _read(self, rows: Sequence[Row[Any]]) -> list[Version]:
        for row in rows:
            self._transaction.note_version(row.participant_id, row.number, row.id)
        branches = branches_of(self._transaction, {row.id for row in rows})
        said_so = {row.id for row in rows if row.uses_nothing}
        published = self._transaction.rows_in(_PUBLISHED, "versions", said_so)
        use_nothing = said_so - {row.version_id for row in published}
        return [
            Version(
                participant=row.participant,
                number=row.number,
                arrival=row.id,
                created_at=row.created_at,
                branches=branches.get(row.id, ()),
                build_url=row.build_url,
                uses_nothing=row.id in use_nothing,
            )
            for row in rows
        ]


def branches_of(
    transaction: Transaction, versions: Collection[int]
) -> Mapping[int, tuple[str, ...]]:
    """The names of the branches each version stands on; none for a version on no branch."""
    found: dict[int, tuple[str, ...]] = {}
    for row in transaction.rows_in(_BRANCHES_OF, "versions", versions):
        found[row.version_id] = (*found.get(row.version_id, ()), row.name)
    return found
