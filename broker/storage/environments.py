"""Environments, and what stands in them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, literal, or_, select, update

from broker.domain.environment import Environment, Placement, PlacementKind
from broker.storage import tables as t
from broker.storage.transaction import Transaction, known
from client_sdk.contract.names import fold_name

_E = t.environments.c
_P = t.participants.c
_D = t.deployments.c
_R = t.releases.c
_BY_NAME = select(t.environments).where(_E.folded == bindparam("wanted"))
_SAVE = update(t.environments).where(_E.id == bindparam("which"))
_ALL = select(t.environments).order_by(_E.production.desc(), _E.folded)


def _placed(
    kind: PlacementKind, table: Table, since: ColumnElement[Any], instance: ColumnElement[Any]
) -> Select[Any]:
    return (
        select(
            _E.name.label("environment"),
            _P.name.label("participant"),
            _P.folded,
            t.versions.c.participant_id,
            t.versions.c.number,
            t.versions.c.id.label("version_id"),
            literal(kind.value).label("kind"),
            since.label("since"),
            instance.label("instance"),
        )
        .join_from(table, t.environments, table.c.environment_id == _E.id)
        .join(t.participants, table.c.participant_id == _P.id)
        .join(t.versions, table.c.version_id == t.versions.c.id)
    )


_SOURCES = (
    (
        _placed(PlacementKind.DEPLOYED, t.deployments, _D.deployed_at, _D.instance),
        _D.deployed_at,
        _D.undeployed_at,
    ),
    (
        _placed(PlacementKind.RELEASED, t.releases, _R.released_at, literal("")),
        _R.released_at,
        _R.support_ended_at,
    ),
)


class SqlEnvironments:
    """See `ports.Environments`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, environment: Environment) -> bool:
        """Store it; `False` when the name is taken."""
        values = {
            "name": environment.name,
            "folded": fold_name(environment.name),
            "created_at": environment.created_at,
            "production": environment.production,
            "display_name": environment.display_name,
            "contacts": list(environment.contacts),
            "required_evidence": list(environment.required_evidence),
        }
        insert = self._transaction.insert_new(t.environments).returning(_E.id)
        return self._transaction.row(insert, values) is not None

    def save(self, environment: Environment) -> None:
        """Replace everything but name and `created_at`."""
        values = {
            "production": environment.production,
            "display_name": environment.display_name,
            "contacts": list(environment.contacts),
            "required_evidence": list(environment.required_evidence),
        }
        which = known(self._transaction.environment_id(environment.name))
        self._transaction.change(_SAVE.values(values), {"which": which})

    def get(self, name: str) -> Environment | None:
        """The environment of this name."""
        row = self._transaction.row(_BY_NAME, {"wanted": fold_name(name)})
        return None if row is None else _environment(row)

    def list(self) -> tuple[Environment, ...]:
        """All, production first, then by name."""
        return tuple(_environment(row) for row in self._transaction.rows(_ALL))

    def placements(
        self,
        *,
        environment: str | None = None,
        participant: str | None = None,
        version: str | None = None,
        at: datetime | None = None,
    ) -> tuple[Placement, ...]:
        """What is deployed or supported now, or was at `at`; by participant, newest first."""
        filters: list[ColumnElement[bool]] = []
        if environment is not None:
            filters.append(_E.folded == fold_name(environment))
        if participant is not None:
            filters.append(_P.folded == fold_name(participant))
        if version is not None:
            filters.append(t.versions.c.number == version)
        rows = [*self._standing(filters, at)]
        for row in rows:
            self._transaction.note_version(row.participant_id, row.number, row.version_id)
        rows.sort(key=lambda row: row.since, reverse=True)
        rows.sort(key=lambda row: row.folded)
        return tuple(_placement(row) for row in rows)

    def _standing(
        self, filters: Sequence[ColumnElement[bool]], at: datetime | None
    ) -> Iterator[Row[Any]]:
        for placed, since, ended in _SOURCES:
            if at is None:
                standing = placed.where(ended.is_(None), *filters)
            else:
                standing = placed.where(since <= at, or_(ended.is_(None), ended > at), *filters)
            yield from self._transaction.rows(standing)


def _environment(row: Row[Any]) -> Environment:
    return Environment(
        name=row.name,
        created_at=row.created_at,
        production=row.production,
        display_name=row.display_name,
        contacts=tuple(row.contacts),
        required_evidence=tuple(row.required_evidence),
    )


def _placement(row: Row[Any]) -> Placement:
    return Placement(
        environment=row.environment,
        participant=row.participant,
        version=row.number,
        kind=PlacementKind(row.kind),
        since=row.since,
        instance=row.instance or None,
    )
