"""What test runs found about versions, and which of it counts."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, select

from broker.domain.evidence import Evidence, EvidenceQuery, EvidenceRef, Verdict
from broker.domain.paging import Page, Slice
from broker.domain.participant import VersionRef
from broker.storage import tables as t
from broker.storage.failures import Vanished
from broker.storage.pages import before, is_id, page_of
from broker.storage.transaction import Transaction, known

MOST_PAYLOAD = 8 * 1024 * 1024  # characters of payload on one page, unless one alone has more

_E = t.evidence.c
_L = t.latest_evidence.c
_V = t.versions.c

# Everything but the payload, which may be large.
_REFS = (
    select(
        _E.id,
        _E.kind,
        _E.verdict,
        _E.digest,
        _E.measured,
        _E.created_at,
        _V.number,
        t.participants.c.name.label("participant"),
    )
    .join_from(t.evidence, t.versions, _E.version_id == _V.id)
    .join(t.participants, _E.participant_id == t.participants.c.id)
)
_WHOLE = _REFS.add_columns(_E.payload)
_BY_ID = _WHOLE.where(_E.id == bindparam("which"))
_BY_DIGEST = _WHOLE.where(_E.digest == bindparam("digest"))
_LATEST = (
    _REFS.join(t.latest_evidence, _L.evidence_id == _E.id)
    .where(_L.version_id.in_(bindparam("versions", expanding=True)))
    .order_by(_E.id)
)
_LATEST_OF_KINDS = _LATEST.where(_L.kind.in_(bindparam("kinds", expanding=True)))
_PAGE = (
    _REFS.add_columns(func.length(_E.payload, type_=Integer).label("size"))
    .where(_E.id < bindparam("before"))
    .order_by(_E.id.desc())
    .limit(bindparam("limit"))
)
_PAYLOADS = select(_E.id, _E.payload).where(_E.id.in_(bindparam("ids", expanding=True)))


class SqlEvidenceRecords:
    """See `ports.EvidenceRecords`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, evidence: Evidence) -> tuple[Evidence, bool]:
        """Record it, or give what has its digest; it counts as the latest of its kind."""
        about = evidence.about
        version = known(self._transaction.version_id(about.ref))
        values = {
            "participant_id": known(self._transaction.participant_id(about.participant)),
            "version_id": version,
            "kind": about.kind,
            "verdict": about.verdict.value,
            "digest": about.digest,
            "payload": evidence.payload,
            "measured": {tool: dict(found) for tool, found in about.measured.items()} or None,
            "created_at": about.created_at,
        }
        new = self._transaction.insert_new(t.evidence).returning(_E.id)
        row = self._transaction.row(new, values)
        if row is not None:
            latest = {"version_id": version, "kind": about.kind, "evidence_id": row.id}
            self._transaction.change(self._transaction.insert_or_update(t.latest_evidence), latest)
        stored = self._transaction.row(_BY_DIGEST, {"digest": about.digest})
        if stored is None:
            raise Vanished("evidence was written and is not there")
        return _evidence(stored, stored.payload), row is not None

    def get(self, identifier: int) -> Evidence | None:
        """The evidence of this id."""
        row = self._transaction.row(_BY_ID, {"which": identifier}) if is_id(identifier) else None
        return None if row is None else _evidence(row, row.payload)

    def latest(
        self, versions: Collection[VersionRef], kinds: Collection[str] | None = None
    ) -> tuple[EvidenceRef, ...]:
        """The latest of each kind about each version, oldest first; `None` means every kind."""
        ids = {self._transaction.version_id(ref) for ref in versions} - {None}
        asked = {} if kinds is None else {"kinds": sorted(kinds)}
        statement = _LATEST if kinds is None else _LATEST_OF_KINDS
        rows = self._transaction.rows_in(statement, "versions", ids, **asked)
        return tuple(sorted((_ref(row) for row in rows), key=lambda each: each.id))

    def page(self, page: Page, query: EvidenceQuery) -> Slice[Evidence]:
        """Newest first; a page ends early when payloads grow large."""
        statement = _PAGE
        if query.participant is not None and query.version is not None:
            ref = VersionRef(query.participant, query.version)
            statement = statement.where(_E.version_id == self._transaction.version_id(ref))
        elif query.participant is not None:
            identifier = self._transaction.participant_id(query.participant)
            statement = statement.where(_E.participant_id == identifier)
        elif query.version is not None:
            statement = statement.where(_V.number == query.version)
        if query.kind is not None:
            statement = statement.where(_E.kind == query.kind)
        asked = {"before": before(page), "limit": page.limit + 1}
        rows = self._transaction.rows(statement, asked)
        fitting = Page(page.cursor, min(page.limit, _fitting(rows)))
        return page_of(rows, fitting, lambda row: (row.id,), self._whole)

    def _whole(self, rows: Sequence[Row[Any]]) -> list[Evidence]:
        found = self._transaction.rows_in(_PAYLOADS, "ids", {row.id for row in rows})
        payloads = {row.id: row.payload for row in found}
        return [_evidence(row, payloads[row.id]) for row in rows]


def _fitting(rows: Sequence[Row[Any]]) -> int:
    """How many of the rows have payloads that go on one page together; at least one."""
    total = 0
    for count, row in enumerate(rows):
        total += row.size
        if total > MOST_PAYLOAD:
            return max(count, 1)
    return max(len(rows), 1)


def _evidence(row: Row[Any], payload: dict[str, Any]) -> Evidence:
    return Evidence(_ref(row), payload)


def _ref(row: Row[Any]) -> EvidenceRef:
    return EvidenceRef(
        id=row.id,
        kind=row.kind,
        verdict=Verdict(row.verdict),
        participant=row.participant,
        version=row.number,
        digest=row.digest,
        created_at=row.created_at,
        measured=row.measured or {},
    )
