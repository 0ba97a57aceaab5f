"""Deployments: versions that run, until they are replaced or taken away."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from broker.domain.environment import Deployment
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.storage import tables as t
from broker.storage.pages import before, is_id, page_of
from broker.storage.transaction import Transaction, known

_D = t.deployments.c
_DEPLOYMENTS = (
    select(
        t.deployments,
        t.environments.c.name.label("environment"),
        t.participants.c.name.label("participant"),
        t.versions.c.number,
    )
    .join_from(t.deployments, t.environments, _D.environment_id == t.environments.c.id)
    .join(t.participants, _D.participant_id == t.participants.c.id)
    .join(t.versions, _D.version_id == t.versions.c.id)
    .where(_D.environment_id == bindparam("environment_id"))
)
# Not ordered here: the order of ids would lure SQLite along everything that ever stood there.
_CURRENT = _DEPLOYMENTS.where(
    _D.participant_id == bindparam("participant_id"), _D.undeployed_at.is_(None)
)
_BY_ID = _DEPLOYMENTS.where(_D.id == bindparam("which"))
_PAGE = (
    _DEPLOYMENTS.where(_D.id < bindparam("before")).order_by(_D.id.desc()).limit(bindparam("limit"))
)
_INSERT = insert(t.deployments).returning(_D.id)
_END = (
    update(t.deployments)
    .where(_D.id.in_(bindparam("which", expanding=True)), _D.undeployed_at.is_(None))
    .values(undeployed_at=bindparam("at"))
)


class SqlDeployments:
    """See `ports.Deployments`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def current(self, environment: str, participant: str) -> tuple[Deployment, ...]:
        """Those not ended, one per instance."""
        asked = {
            "environment_id": self._transaction.environment_id(environment),
            "participant_id": self._transaction.participant_id(participant),
        }
        rows = sorted(self._transaction.rows(_CURRENT, asked), key=lambda row: row.id)
        return tuple(_deployments(rows))

    def add(self, deployment: Deployment) -> Deployment:
        """Record it; `deployment.id` is ignored and the stored one returned."""
        ref = VersionRef(deployment.participant, deployment.version)
        values = {
            "environment_id": known(self._transaction.environment_id(deployment.environment)),
            "participant_id": known(self._transaction.participant_id(deployment.participant)),
            "version_id": known(self._transaction.version_id(ref)),
            "instance": deployment.instance or "",
            "deployed_at": deployment.deployed_at,
            "undeployed_at": deployment.undeployed_at,
        }
        row = self._transaction.row(_INSERT, values)
        return replace(deployment, id=known(None if row is None else row.id))

    def get(self, environment: str, identifier: int) -> Deployment | None:
        """The deployment of this id in this environment."""
        if not is_id(identifier):
            return None
        where = self._transaction.environment_id(environment)
        rows = self._transaction.rows(_BY_ID, {"environment_id": where, "which": identifier})
        return next(iter(_deployments(rows)), None)

    def end(self, identifiers: Collection[int], at: datetime) -> None:
        """End those that are not ended."""
        if identifiers:
            self._transaction.change(_END, {"which": sorted(identifiers), "at": at})

    def page(
        self, environment: str, page: Page, *, participant: str | None, ended: bool
    ) -> Slice[Deployment]:
        """Newest first; those that ended only when `ended`."""
        statement = _PAGE if ended else _PAGE.where(_D.undeployed_at.is_(None))
        asked: dict[str, object] = {
            "environment_id": self._transaction.environment_id(environment),
            "before": before(page),
            "limit": page.limit + 1,
        }
        if participant is not None:
            statement = statement.where(_D.participant_id == bindparam("participant_id"))
            asked["participant_id"] = self._transaction.participant_id(participant)
        rows = self._transaction.rows(statement, asked)
        return page_of(rows, page, lambda row: (row.id,), _deployments)


def _deployments(rows: Sequence[Row[Any]]) -> list[Deployment]:
    return [
        Deployment(
            id=row.id,
            environment=row.environment,
            participant=row.participant,
            version=row.number,
            instance=row.instance or None,
            deployed_at=row.deployed_at,
            undeployed_at=row.undeployed_at,
        )
        for row in rows
    ]
