"""Results of producer versions against contents; the newest of each pair is kept at hand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.domain.verification import NewVerification, Verification, overall_outcome
from broker.storage import tables as t
from broker.storage.failures import Vanished
from broker.storage.integrations import CONSUMER, PRODUCER
from broker.storage.pages import before, page_of
from broker.storage.tool_results import fitting_on_a_page, row_from_tool_result, tool_results
from broker.storage.transaction import Transaction, known

MOST_RESULTS = 100

_R = t.verifications.c
_I = t.integrations.c
_L = t.latest_verifications.c

# The pair's row stays locked until the commit: numbers and ids of a pair grow together.
_NEXT_NUMBER = (
    update(t.integrations)
    .where(
        _I.consumer_id == bindparam("which_consumer"),
        _I.producer_id == bindparam("which_producer"),
    )
    .values(verification_count=_I.verification_count + 1)
    .returning(_I.id, _I.consumer_id, _I.producer_id, _I.verification_count)
)
_INSERT = insert(t.verifications).returning(_R.id)
_INSERT_TOOLS = insert(t.verification_tools)
_RESULTS = (
    select(
        t.verifications,
        CONSUMER.c.name.label("consumer"),
        PRODUCER.c.name.label("producer"),
        t.versions.c.number.label("version"),
        t.contents.c.digest,
    )
    .join_from(t.verifications, CONSUMER, _R.consumer_id == CONSUMER.c.id)
    .join(PRODUCER, _R.producer_id == PRODUCER.c.id)
    .join(t.versions, _R.version_id == t.versions.c.id)
    .join(t.contents, _R.content_id == t.contents.c.id)
)
_BY_ID = _RESULTS.where(_R.id.in_(bindparam("ids", expanding=True)))
_PAGE = _RESULTS.where(_R.id < bindparam("before")).order_by(_R.id.desc()).limit(bindparam("limit"))
_LATEST_IDS = (
    select(_L.verification_id)
    .where(_L.content_id == bindparam("content"))
    .order_by(_L.verification_id.desc())
    .limit(MOST_RESULTS)
)


class SqlVerifications:
    """See `ports.Verifications`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, verification: NewVerification) -> Verification:
        """Record it with the next number of its pair."""
        ids = self._transaction.participant_ids((verification.consumer, verification.producer))
        asked = {
            "which_consumer": known(ids.get(verification.consumer)),
            "which_producer": known(ids.get(verification.producer)),
        }
        pair = self._transaction.row(_NEXT_NUMBER, asked)
        if pair is None:
            raise Vanished("a result is recorded for a pair without publications")
        identifier = self._insert(verification, pair)
        fields = {name: getattr(verification, name) for name in NewVerification.__slots__}
        return Verification(id=identifier, number=pair.verification_count, **fields)

    def get(self, identifier: int) -> Verification | None:
        """The verification of this id."""
        rows = self._transaction.rows(_BY_ID, {"ids": [identifier]})
        return next(iter(self._read(rows)), None)

    def latest_of(self, digests: Collection[str]) -> Mapping[str, tuple[Verification, ...]]:
        """Per digest the latest result of each producer version, newest first, at most 100."""
        contents = self._transaction.content_ids(digests)
        ids = [
            row.verification_id
            for content in contents.values()
            for row in self._transaction.rows(_LATEST_IDS, {"content": content})
        ]
        rows = [*self._transaction.rows_in(_BY_ID, "ids", ids)]
        rows.sort(key=lambda row: row.id, reverse=True)
        found: dict[str, tuple[Verification, ...]] = defaultdict(tuple)
        for one in self._read(rows):
            found[one.contract_digest] = (*found[one.contract_digest], one)
        return found

    def page(
        self, page: Page, *, consumer: str | None, producer: str | None, version: str | None
    ) -> Slice[Verification]:
        """Newest first; `version` is the producer's. A page ends early when results are large."""
        statement = _PAGE
        if consumer is not None:
            identifier = self._transaction.participant_id(consumer)
            statement = statement.where(_R.consumer_id == identifier)
        if producer is not None:
            identifier = self._transaction.participant_id(producer)
            statement = statement.where(_R.producer_id == identifier)
        if version is not None:
            statement = statement.where(t.versions.c.number == version)
        asked = {"before": before(page), "limit": page.limit + 1}
        rows = self._transaction.rows(statement, asked)
        most = fitting_on_a_page(self._transaction, [row.id for row in rows])
        return page_of(
            rows, replace(page, limit=min(page.limit, most)), lambda row: (row.id,), self._read
        )

    def _insert(self, verification: NewVerification, pair: Row[Any]) -> int:
        ref = VersionRef(verification.producer, verification.version)
        digest = verification.contract_digest
        result = {
            "integration_id": pair.id,
            "version_id": known(self._transaction.version_id(ref)),
            "content_id": known(self._transaction.content_ids((digest,)).get(digest)),
            "outcome": overall_outcome(tuple(tool.outcome for tool in verification.tools)).value,
        }
        details = {
            "number": pair.verification_count,
            "consumer_id": pair.consumer_id,
            "producer_id": pair.producer_id,
            "verified_at": verification.verified_at,
            "build_url": verification.build_url,
            "verifier_name": verification.verifier_name,
            "verifier_version": verification.verifier_version,
        }
        row = self._transaction.row(_INSERT, result | details)
        identifier = known(None if row is None else row.id)
        if verification.tools:
            tools = [
                row_from_tool_result(identifier, *each) for each in enumerate(verification.tools)
            ]
            self._transaction.change(_INSERT_TOOLS, tools)
        self._transaction.change(
            self._transaction.insert_or_update(t.latest_verifications),
            result | {"verification_id": identifier},
        )
        return identifier

    def _read(self, rows: Sequence[Row[Any]]) -> list[Verification]:
        tools = tool_results(self._transaction, [row.id for row in rows])
        return [
            Verification(
                id=row.id,
                number=row.number,
                consumer=row.consumer,
                producer=row.producer,
                version=row.version,
                contract_digest=row.digest,
                tools=tools[row.id],
                verified_at=row.verified_at,
                build_url=row.build_url,
                verifier_name=row.verifier_name,
                verifier_version=row.verifier_version,
            )
            for row in rows
        ]
