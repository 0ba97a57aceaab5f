"""Pairs of a consumer and a producer, and how their publications are judged."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, exists, select, update

from broker.domain.publication import Integration, OnBreaking
from broker.storage import tables as t
from broker.storage.transaction import Transaction, known
from client_sdk.contract.evolve import Mode

_I = t.integrations.c
CONSUMER = t.participants.alias("consumer")
PRODUCER = t.participants.alias("producer")

# With the stored spelling of both names; for others to add what they ask.
PAIRS = (
    select(
        _I.id,
        _I.consumer_id,
        _I.producer_id,
        _I.mode,
        _I.on_breaking,
        CONSUMER.c.name.label("consumer"),
        PRODUCER.c.name.label("producer"),
    )
    .join_from(t.integrations, CONSUMER, _I.consumer_id == CONSUMER.c.id)
    .join(PRODUCER, _I.producer_id == PRODUCER.c.id)
)
_OF_CONSUMER = PAIRS.where(
    _I.consumer_id == bindparam("consumer_id"),
    _I.producer_id.in_(bindparam("producer_ids", expanding=True)),
)
_CONSUMERS = PAIRS.where(
    _I.producer_id == bindparam("producer_id"),
    _I.consumer_id != _I.producer_id,
    exists().where(t.publications.c.integration_id == _I.id),
).order_by(CONSUMER.c.name)
_CONFIGURE = (
    update(t.integrations)
    .where(
        _I.consumer_id == bindparam("which_consumer"),
        _I.producer_id == bindparam("which_producer"),
    )
    .values(mode=bindparam("new_mode"), on_breaking=bindparam("new_rule"))
)


class SqlIntegrations:
    """See `ports.Integrations`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, consumer: str, producer: str) -> Integration | None:
        """The pair and its configuration."""
        ids = self._transaction.participant_ids((consumer, producer))
        if consumer not in ids or producer not in ids:
            return None
        rows = pairs_of(self._transaction, ids[consumer], (ids[producer],))
        return integration_from_row(rows[0]) if rows else None

    def consumers_of(self, producer: str) -> tuple[str, ...]:
        """Who else has published a contract for it, by name."""
        asked = {"producer_id": self._transaction.participant_id(producer)}
        return tuple(row.consumer for row in self._transaction.rows(_CONSUMERS, asked))

    def ensure(self, integrations: Sequence[Integration]) -> None:
        """Add those that are new; the configuration of the others stays."""
        names = {name for one in integrations for name in (one.consumer, one.producer)}
        ids = self._transaction.participant_ids(names)
        rows = [
            {
                "consumer_id": ids[one.consumer],
                "producer_id": ids[one.producer],
                "mode": one.mode.value,
                "on_breaking": one.on_breaking.value,
            }
            for one in integrations
            if self._transaction.pair_id(ids[one.consumer], ids[one.producer]) is None
        ]
        rows.sort(key=lambda row: (row["consumer_id"], row["producer_id"]))
        if rows:
            self._transaction.change(self._transaction.insert_new(t.integrations), rows)

    def save(self, integration: Integration) -> None:
        """Replace the configuration."""
        asked = {
            "which_consumer": known(self._transaction.participant_id(integration.consumer)),
            "which_producer": known(self._transaction.participant_id(integration.producer)),
            "new_mode": integration.mode.value,
            "new_rule": integration.on_breaking.value,
        }
        self._transaction.change(_CONFIGURE, asked)


def pairs_of(
    transaction: Transaction, consumer_id: int, producer_ids: Collection[int]
) -> list[Row[Any]]:
    """The integrations of a consumer with some producers."""
    asked = transaction.rows_in(
        _OF_CONSUMER, "producer_ids", set(producer_ids), consumer_id=consumer_id
    )
    rows = [*asked]
    for row in rows:
        transaction.note_pair(consumer_id, row.producer_id, row.id)
    return rows


def pair_ids(
    transaction: Transaction, consumer_id: int, producer_ids: Collection[int]
) -> dict[int, int]:
    """The ids of the integrations of a consumer with some producers, by the producer's id."""
    found = {each: transaction.pair_id(consumer_id, each) for each in producer_ids}
    pairs_of(transaction, consumer_id, {each for each, known in found.items() if known is None})
    return {each: known(transaction.pair_id(consumer_id, each)) for each in producer_ids}


def integration_from_row(row: Row[Any]) -> Integration:
    """The integration a row of `PAIRS` tells about."""
    return Integration(row.consumer, row.producer, Mode(row.mode), OnBreaking(row.on_breaking))
