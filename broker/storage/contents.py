"""Distinct contract contents, and the reports that compare them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from sqlalchemy import Row, bindparam, select, tuple_

from broker.domain.expectation import Expectation
from broker.domain.publication import Content, ReportKey
from broker.storage import tables as t
from broker.storage.transaction import Transaction
from client_sdk.contract.compat import ENGINE_VERSION
from client_sdk.contract.evolve import Mode, Report, report_from_json

_C = t.contents.c
_R = t.reports.c
_BY_DIGEST = select(_C.digest, _C.tools, _C.document, _C.expectations).where(
    _C.digest.in_(bindparam("digests", expanding=True))
)
_REPORTS = select(t.reports).where(
    tuple_(_R.new_digest, _R.old_digest, _R.mode).in_(bindparam("keys", expanding=True)),
    _R.engine == ENGINE_VERSION,
)


class SqlContents:
    """See `ports.Contents`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, contents: Sequence[Content]) -> None:
        """Store those whose digest is new."""
        if not contents:
            return
        rows = [
            {
                "digest": one.digest,
                "tools": list(one.tools),
                "document": one.document,
                "expectations": [list(astuple(each)) for each in one.expectations] or None,
            }
            for one in sorted(contents, key=lambda one: one.digest)
        ]
        insert = self._transaction.insert_new(t.contents).returning(_C.id)
        for row in rows:
            added = self._transaction.row(insert, row)
            if added is not None:
                self._transaction.note_content(str(row["digest"]), added.id)

    def find(self, digests: Collection[str]) -> Mapping[str, Content]:
        """Those that exist, by digest."""
        rows = self._transaction.rows_in(_BY_DIGEST, "digests", digests)
        return {row.digest: _content(row) for row in rows}


class SqlReports:
    """See `ports.Reports`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, keys: Collection[ReportKey]) -> Mapping[ReportKey, Report]:
        """Those that this engine computed and that were kept."""
        asked = {(key.new_digest, key.old_digest, key.mode.value) for key in keys}
        return {
            ReportKey(row.old_digest, row.new_digest, Mode(row.mode)): report_from_json(row.report)
            for row in self._transaction.rows_in(_REPORTS, "keys", asked)
        }

    def add(self, reports: Mapping[ReportKey, Report]) -> None:
        """Keep those that would come out the same again, in place of what another engine found."""
        rows = [
            {
                "new_digest": key.new_digest,
                "old_digest": key.old_digest,
                "mode": key.mode.value,
                "report": report.to_json(),
                "engine": ENGINE_VERSION,
            }
            for key, report in reports.items()
            if report.is_repeatable
        ]
        rows.sort(key=lambda row: (row["new_digest"], row["old_digest"], row["mode"]))
        if rows:
            self._transaction.change(self._transaction.insert_or_update(t.reports), rows)


def expectations_from(stored: Sequence[Sequence[Any]] | None) -> tuple[Expectation, ...]:
    """The bounds of a content, as its row keeps them."""
    return tuple(Expectation(*each) for each in stored or ())


def _content(row: Row[Any]) -> Content:
    expectations = expectations_from(row.expectations)
    return Content(row.digest, tuple(row.tools), row.document, expectations)
