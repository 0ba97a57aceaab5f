"""Releases: versions that are supported in an environment until support ends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from broker.domain.environment import Release
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.storage import tables as t
from broker.storage.pages import before, is_id, page_of
from broker.storage.transaction import Transaction, known

_R = t.releases.c
_RELEASES = (
    select(
        t.releases,
        t.environments.c.name.label("environment"),
        t.participants.c.name.label("participant"),
        t.versions.c.number,
    )
    .join_from(t.releases, t.environments, _R.environment_id == t.environments.c.id)
    .join(t.participants, _R.participant_id == t.participants.c.id)
    .join(t.versions, _R.version_id == t.versions.c.id)
    .where(_R.environment_id == bindparam("environment_id"))
)
_CURRENT = _RELEASES.where(_R.version_id == bindparam("version_id"), _R.support_ended_at.is_(None))
_BY_ID = _RELEASES.where(_R.id == bindparam("which"))
_PAGE = (
    _RELEASES.where(_R.id < bindparam("before")).order_by(_R.id.desc()).limit(bindparam("limit"))
)
_INSERT = insert(t.releases).returning(_R.id)
_END = (
    update(t.releases)
    .where(_R.id == bindparam("which"), _R.support_ended_at.is_(None))
    .values(support_ended_at=bindparam("at"))
)


class SqlReleases:
    """See `ports.Releases`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def current(self, environment: str, ref: VersionRef) -> Release | None:
        """The support that has not ended."""
        asked = {
            "environment_id": self._transaction.environment_id(environment),
            "version_id": self._transaction.version_id(ref),
        }
        return next(iter(_releases(self._transaction.rows(_CURRENT, asked))), None)

    def add(self, release: Release) -> Release:
        """Record it; `release.id` is ignored and the stored one returned."""
        ref = VersionRef(release.participant, release.version)
        values = {
            "environment_id": known(self._transaction.environment_id(release.environment)),
            "participant_id": known(self._transaction.participant_id(release.participant)),
            "version_id": known(self._transaction.version_id(ref)),
            "released_at": release.released_at,
            "support_ended_at": release.support_ended_at,
        }
        row = self._transaction.row(_INSERT, values)
        return replace(release, id=known(None if row is None else row.id))

    def get(self, environment: str, identifier: int) -> Release | None:
        """The release of this id in this environment."""
        if not is_id(identifier):
            return None
        where = self._transaction.environment_id(environment)
        rows = self._transaction.rows(_BY_ID, {"environment_id": where, "which": identifier})
        return next(iter(_releases(rows)), None)

    def end(self, identifier: int, at: datetime) -> None:
        """End it unless it is ended."""
        self._transaction.change(_END, {"which": identifier, "at": at})

    def page(
        self, environment: str, page: Page, *, participant: str | None, ended: bool
    ) -> Slice[Release]:
        """Newest first; those that ended only when `ended`."""
        statement = _PAGE if ended else _PAGE.where(_R.support_ended_at.is_(None))
        asked: dict[str, object] = {
            "environment_id": self._transaction.environment_id(environment),
            "before": before(page),
            "limit": page.limit + 1,
        }
        if participant is not None:
            statement = statement.where(_R.participant_id == bindparam("participant_id"))
            asked["participant_id"] = self._transaction.participant_id(participant)
        rows = self._transaction.rows(statement, asked)
        return page_of(rows, page, lambda row: (row.id,), _releases)


def _releases(rows: Sequence[Row[Any]]) -> list[Release]:
    return [
        Release(
            id=row.id,
            environment=row.environment,
            participant=row.participant,
            version=row.number,
            released_at=row.released_at,
            support_ended_at=row.support_ended_at,
        )
        for row in rows
    ]
