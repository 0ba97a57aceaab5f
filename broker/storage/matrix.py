"""Rows of the matrix: publications against the producer versions that have something to say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, exists, func, or_, select

from broker.domain.decision_facts import LatestResult
from broker.domain.matrix import MatrixQuery, MatrixRow, RowOutcome
from broker.domain.paging import Key, Page, Slice, cursor_from_key
from broker.domain.participant import VersionRef
from broker.domain.rows import outcome_of
from broker.storage import tables as t
from broker.storage.integrations import CONSUMER, PRODUCER
from broker.storage.latest_results import results_of
from broker.storage.pages import FROM_THE_NEWEST
from broker.storage.standing import versions_in
from broker.storage.transaction import Transaction

_P = t.publications.c
_V = t.versions.c
_I = t.integrations.c
_L = t.latest_verifications.c
_NOBODY = 0  # stands for the missing producer version of a row

_PUBLISHED = (
    select(
        _P.id,
        _P.version_id,
        _P.producer_id,
        _P.content_id,
        _V.number,
        CONSUMER.c.name.label("consumer"),
        PRODUCER.c.name.label("producer"),
        t.contents.c.digest,
    )
    .join_from(t.publications, t.versions, _P.version_id == _V.id)
    .join(CONSUMER, _V.participant_id == CONSUMER.c.id)
    .join(PRODUCER, _P.producer_id == PRODUCER.c.id)
    .join(t.contents, _P.content_id == t.contents.c.id)
)
_WITH_RESULTS = (
    _PUBLISHED.add_columns(func.coalesce(_L.version_id, _NOBODY).label("producer_version_id"))
    .outerjoin(t.latest_verifications, _L.content_id == _P.content_id)
    .where(
        or_(
            _P.id < bindparam("publication"),
            and_(
                _P.id == bindparam("publication"),
                func.coalesce(_L.version_id, _NOBODY) < bindparam("version"),
            ),
        )
    )
    .order_by(_P.id.desc(), _L.version_id.desc())
    .limit(bindparam("limit"))
)
_STANDING = _PUBLISHED.where(_P.version_id.in_(bindparam("versions", expanding=True)))
_NUMBERS = select(_V.id, _V.number, _V.participant_id).where(
    _V.id.in_(bindparam("versions", expanding=True))
)
_OUTCOMES = {
    RowOutcome.VERIFIED: _L.outcome == "passed",
    RowOutcome.FAILED: _L.outcome == "failed",
    RowOutcome.UNKNOWN: func.coalesce(_L.outcome, "not_tested") == "not_tested",
}

Keyed = tuple[tuple[int, int], MatrixRow]


class SqlMatrix:
    """See `ports.Matrix`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def page(self, query: MatrixQuery) -> Slice[MatrixRow]:
        """See `MatrixQuery`; `verified_by` and `stale` stay empty."""
        after = query.page.after((int, int))
        if query.environment is not None:
            rows = sorted(self._standing(query, query.environment), key=_key, reverse=True)
            return _slice([row for row in rows if after is None or row[0] < after], query.page)
        return _slice([*self._recorded(query, after)], query.page)

    def _recorded(self, query: MatrixQuery, after: Key | None) -> Iterator[Keyed]:
        if query.outcome not in {None, *_OUTCOMES}:
            return
        publication, version = after or (FROM_THE_NEWEST, _NOBODY)
        statement = self._filtered(_WITH_RESULTS, query)
        if query.outcome is not None:
            statement = statement.where(_OUTCOMES[query.outcome])
        asked = {"publication": publication, "version": version, "limit": query.page.limit + 1}
        rows = self._transaction.rows(statement, asked)
        pairs = {(row.content_id, row.producer_version_id) for row in rows}
        results = results_of(self._transaction, pairs)
        for row in rows:
            result = results.get((row.content_id, row.producer_version_id))
            number = None if result is None else result.producer.number
            yield (row.id, row.producer_version_id), _row(row, number, result)

    def _standing(self, query: MatrixQuery, environment: str) -> Iterator[Keyed]:
        there = versions_in(self._transaction, environment)
        producers: dict[int, list[Row[Any]]] = defaultdict(list)
        for version in self._transaction.rows_in(_NUMBERS, "versions", there):
            producers[version.participant_id].append(version)
        statement = self._filtered(_STANDING, query)
        published = [*self._transaction.rows_in(statement, "versions", there)]
        for key, row in self._crossed(published, producers):
            if query.outcome in {None, row.outcome}:
                yield key, row

    def _crossed(
        self, published: Sequence[Row[Any]], producers: Mapping[int, Sequence[Row[Any]]]
    ) -> Iterator[Keyed]:
        pairs = {
            (row.content_id, version.id)
            for row in published
            for version in producers.get(row.producer_id, ())
        }
        results = results_of(self._transaction, pairs)
        for row in published:
            versions = producers.get(row.producer_id, ())
            if not versions:
                yield (row.id, _NOBODY), _row(row, None, None, RowOutcome.MISSING)
            for version in versions:
                result = results.get((row.content_id, version.id))
                yield (row.id, version.id), _row(row, version.number, result)

    def _filtered(self, statement: Select[Any], query: MatrixQuery) -> Select[Any]:
        pairs = select(_I.id)
        if query.consumer is not None:
            consumer = self._transaction.participant_id(query.consumer)
            pairs = pairs.where(_I.consumer_id == consumer)
        if query.producer is not None:
            producer = self._transaction.participant_id(query.producer)
            pairs = pairs.where(_I.producer_id == producer)
        if query.consumer is not None or query.producer is not None:
            ids = [row.id for row in self._transaction.rows(pairs)]
            statement = statement.where(_P.integration_id.in_(ids))
        if query.branch is not None:
            statement = statement.where(_on_branch(query.branch))
        return statement


def _on_branch(name: str) -> Any:  # noqa: ANN401 - a condition
    return exists().where(
        t.version_branches.c.version_id == _P.version_id,
        t.version_branches.c.branch_id == t.branches.c.id,
        t.branches.c.name == name,
    )


def _row(
    row: Row[Any],
    producer_version: str | None,
    result: LatestResult | None,
    outcome: RowOutcome | None = None,
) -> MatrixRow:
    return MatrixRow(
        consumer=VersionRef(row.consumer, row.number),
        producer=row.producer,
        producer_version=producer_version,
        digest=row.digest,
        outcome=outcome or outcome_of(result),
        verification=None if result is None else result.ref,
    )


def _slice(rows: Sequence[Keyed], page: Page) -> Slice[MatrixRow]:
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return Slice(tuple(_rows(shown)), cursor_from_key(shown[-1][0]) if more else None)


def _rows(keyed: Iterable[Keyed]) -> Iterator[MatrixRow]:
    return (row for _, row in keyed)


def _key(keyed: Keyed) -> tuple[int, int]:
    return keyed[0]
