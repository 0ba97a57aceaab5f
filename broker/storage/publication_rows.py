"""Rows of publications, and the values they are read as."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from broker.domain.publication import (
    Predecessor,
    Publication,
    RecordedPublication,
    StoredReport,
)
from broker.storage import tables as t
from broker.storage.integrations import CONSUMER, PRODUCER
from broker.storage.transaction import Transaction
from broker.storage.versions import branches_of
from client_sdk.contract.evolve import Mode

_P = t.publications.c
_V = t.versions.c

# Everything but the received bytes; for others to add what they ask.
PUBLISHED = (
    select(
        _P.id,
        _P.version_id,
        _P.integration_id,
        _P.producer_id,
        _P.content_id,
        _P.created_at,
        _P.severity,
        _V.number,
        _V.participant_id.label("consumer_id"),
        CONSUMER.c.name.label("consumer"),
        PRODUCER.c.name.label("producer"),
        t.contents.c.digest,
    )
    .join_from(t.publications, t.versions, _P.version_id == _V.id)
    .join(CONSUMER, _V.participant_id == CONSUMER.c.id)
    .join(PRODUCER, _P.producer_id == PRODUCER.c.id)
    .join(t.contents, _P.content_id == t.contents.c.id)
)
RECORDED = PUBLISHED.add_columns(_P.received, _P.mode, _P.against)

_RECORDED_OF_VERSION = RECORDED.where(
    _P.version_id == bindparam("version"),
    _P.producer_id.in_(bindparam("producers", expanding=True)),
)
_INTEGRATION_ID = select(t.integrations.c.id).where(
    t.integrations.c.consumer_id == bindparam("consumer_id"),
    t.integrations.c.producer_id == bindparam("producer_id"),
)


def recorded_of_version(
    transaction: Transaction, version: int, producers: Collection[int]
) -> dict[int, RecordedPublication]:
    """What a version published for some producers, by the producer's id."""
    rows = [
        *transaction.rows_in(_RECORDED_OF_VERSION, "producers", set(producers), version=version)
    ]
    recorded = recorded_from_rows(transaction, rows)
    return {row.producer_id: one for row, one in zip(rows, recorded, strict=True)}


def integration_id(transaction: Transaction, consumer: str, producer: str) -> int | None:
    """The id of a pair, in any spelling."""
    ids = transaction.participant_ids((consumer, producer))
    if consumer not in ids or producer not in ids:
        return None
    asked = {"consumer_id": ids[consumer], "producer_id": ids[producer]}
    row = transaction.row(_INTEGRATION_ID, asked)
    return None if row is None else row.id


def publications_from_rows(transaction: Transaction, rows: Sequence[Row[Any]]) -> list[Publication]:
    """The publications that rows of `PUBLISHED` tell about."""
    branches = branches_of(transaction, {row.version_id for row in rows})
    return [
        Publication(
            consumer=row.consumer,
            version=row.number,
            producer=row.producer,
            digest=row.digest,
            branches=branches.get(row.version_id, ()),
            created_at=row.created_at,
            severity=row.severity,
        )
        for row in rows
    ]


def recorded_from_rows(
    transaction: Transaction, rows: Sequence[Row[Any]]
) -> list[RecordedPublication]:
    """The publications that rows of `RECORDED` tell about, with bytes and judgement."""
    publications = publications_from_rows(transaction, rows)
    return [
        RecordedPublication(publication, row.received, _judged(row))
        for publication, row in zip(publications, rows, strict=True)
    ]


def _judged(row: Row[Any]) -> StoredReport:
    against = tuple(Predecessor(version, digest) for version, digest in row.against)
    return StoredReport(Mode(row.mode), against)
