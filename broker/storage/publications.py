"""Publications: which version published what for whom."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.publication import Publication, PublishFacts, RecordedPublication
from broker.domain.verification import NeededContent
from broker.storage import tables as t
from broker.storage.branch_publications import note_publication
from broker.storage.integrations import PRODUCER, pair_ids
from broker.storage.needed_contents import needed_contents
from broker.storage.newest import at_most
from broker.storage.pages import before, page_of
from broker.storage.publication_facts import latest_publication, publish_facts
from broker.storage.publication_rows import (
    PUBLISHED,
    integration_id,
    publications_from_rows,
    recorded_of_version,
)
from broker.storage.transaction import Transaction, known

_P = t.publications.c

_OF_VERSION = PUBLISHED.where(_P.version_id == bindparam("version")).order_by(PRODUCER.c.folded)
_PAGE = (
    PUBLISHED.where(
        _P.integration_id == bindparam("integration"),
        _P.id < bindparam("before"),
    )
    .order_by(_P.id.desc())
    .limit(bindparam("limit"))
)
_OF_CONTENT = (
    PUBLISHED.where(
        _P.content_id
        == select(t.contents.c.id)
        .where(t.contents.c.digest == bindparam("wanted"))
        .scalar_subquery()
    )
    .order_by(_P.id.desc())
    .limit(at_most(1))
)
_REPLACE = update(t.publications).where(
    _P.version_id == bindparam("which_version"),
    _P.producer_id == bindparam("which_producer"),
    _P.content_id == bindparam("expected"),
)


class SqlPublications:
    """See `ports.Publications`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def facts(
        self, ref: VersionRef, producers: Collection[str], branch: str | None, *, live: bool
    ) -> PublishFacts:
        """All that must be known before `ref` publishes; `PairFacts.live` only when asked for."""
        return publish_facts(self._transaction, ref, producers, branch, live=live)

    def add(self, publications: Sequence[RecordedPublication]) -> bool:
        """Store all; `False` when a version already published for one of the producers."""
        rows = self._rows(publications)
        statement = self._transaction.insert_new(t.publications).returning(_P.id)
        for row in rows:
            added = self._transaction.row(statement, row)
            if added is None:
                return False
            note_publication(self._transaction, added.id)
            self._transaction.note_publishing(row["version_id"])
        return True

    def replace(self, publication: RecordedPublication, expected_digest: str) -> bool:
        """Give a publication other content; `False` unless it still has the expected one."""
        (row,) = self._rows((publication,))
        which = {
            "which_version": row.pop("version_id"),
            "which_producer": row.pop("producer_id"),
            "expected": self._transaction.content_ids((expected_digest,)).get(expected_digest),
        }
        row.pop("created_at")
        return self._transaction.change(_REPLACE.values(row), which) == 1

    def get(self, consumer: str, producer: str, version: str) -> RecordedPublication | None:
        """What the version published for the producer."""
        which = self._transaction.version_id(VersionRef(consumer, version))
        across = self._transaction.participant_id(producer)
        if which is None or across is None:
            return None
        return next(iter(recorded_of_version(self._transaction, which, (across,)).values()), None)

    def latest(
        self, consumer: str, producer: str, *, branch: str | None, environment: str | None
    ) -> RecordedPublication | None:
        """The newest: on the branch (by joining), standing in the environment, or of all.

        Without either: on the consumer's main branch, else the last by arrival.
        """
        return latest_publication(
            self._transaction, consumer, producer, branch=branch, environment=environment
        )

    def page(self, consumer: str, producer: str, page: Page) -> Slice[Publication]:
        """Newest first."""
        below = before(page)
        integration = integration_id(self._transaction, consumer, producer)
        if integration is None:
            return Slice(())
        asked = {"integration": integration, "before": below, "limit": page.limit + 1}
        rows = self._transaction.rows(_PAGE, asked)
        return page_of(rows, page, lambda row: (row.id,), self._read)

    def of_version(self, ref: VersionRef) -> tuple[Publication, ...]:
        """All that one consumer version published, by producer."""
        which = self._transaction.version_id(ref)
        return tuple(self._read(self._transaction.rows(_OF_VERSION, {"version": which})))

    def of_content(self, digest: str) -> Publication | None:
        """The newest publication of a content."""
        rows = self._transaction.rows(_OF_CONTENT, {"wanted": digest})
        return next(iter(self._read(rows)), None)

    def needed_from(
        self, producer: str, *, branch: str | None, environment: str | None, consumer: str | None
    ) -> tuple[NeededContent, ...]:
        """Contents the producer must honour, by consumer then newest first."""
        return needed_contents(
            self._transaction, producer, branch=branch, environment=environment, consumer=consumer
        )

    def _read(self, rows: Sequence[Row[Any]]) -> list[Publication]:
        return publications_from_rows(self._transaction, rows)

    def _rows(self, publications: Sequence[RecordedPublication]) -> list[dict[str, Any]]:
        first = publications[0].publication
        digests = self._transaction.content_ids({p.publication.digest for p in publications})
        producers = self._transaction.participant_ids(
            {p.publication.producer for p in publications}
        )
        consumer = known(self._transaction.participant_id(first.consumer))
        integrations = pair_ids(self._transaction, consumer, producers.values())
        version = known(self._transaction.version_id(VersionRef(first.consumer, first.version)))
        rows = []
        for recorded in publications:
            producer = producers[recorded.publication.producer]
            rows.append(
                {
                    "version_id": version,
                    "integration_id": integrations[producer],
                    "producer_id": producer,
                    "content_id": digests[recorded.publication.digest],
                    "received": recorded.received,
                    "created_at": recorded.publication.created_at,
                    "mode": recorded.judged.mode.value,
                    "severity": recorded.publication.severity,
                    "against": [[old.version, old.digest] for old in recorded.judged.against],
                }
            )
        return sorted(rows, key=lambda row: row["producer_id"])
