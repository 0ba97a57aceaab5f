"""The counter of committed writes, and what each of them did."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, text, tuple_, update

from broker.domain.change import Change, ChangeKind, NumberedChange
from broker.domain.paging import Page, Slice
from broker.storage import tables as t
from broker.storage.pages import FROM_THE_NEWEST, page_of
from broker.storage.transaction import Transaction

_C = t.changes.c
_COUNTER = t.commit_counter.c
_AS_OF = select(_COUNTER.as_of)
_HOLD = _AS_OF.with_for_update()
# Whoever publishes, verifies or deploys inserts into `versions` before it locks any row. The queue
# for a table is fair; that for a row lets later readers pass. Everybody queues behind who waits
# here, so it is not for long: the counter alone excludes writers too, at the risk of a deadlock.
_EXCLUDE_WRITERS = text("""
DO $$
DECLARE patience text := current_setting('lock_timeout');
BEGIN
  SET LOCAL lock_timeout = '250ms';
  LOCK TABLE versions IN SHARE ROW EXCLUSIVE MODE;
  PERFORM set_config('lock_timeout', patience, true);
EXCEPTION WHEN lock_not_available THEN
  PERFORM FROM commit_counter FOR UPDATE;
END $$
""")
_NEXT = update(t.commit_counter).values(as_of=_COUNTER.as_of + 1).returning(_COUNTER.as_of)
_INSERT = insert(t.changes)
_PAGE = (
    select(t.changes)
    .where(
        tuple_(_C.as_of, _C.position) < tuple_(bindparam("as_of"), bindparam("position")),
    )
    .order_by(_C.as_of.desc(), _C.position.desc())
    .limit(bindparam("limit"))
)


class SqlChanges:
    """See `ports.Changes`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._noted: list[Change] = []

    def as_of(self) -> int:
        """The sequence number of the snapshot, 0 for an empty broker."""
        return self._number(_AS_OF)

    def hold(self) -> int:
        """`as_of`, and nobody else commits a write before this transaction ends."""
        self.exclude_others()
        return self.hold_last()

    def hold_last(self) -> int:
        """`hold` without waiting for those who write: for who has written what they could meet."""
        return self._number(_HOLD)

    def exclude_others(self) -> None:
        """Wait for those who write, and let nobody begin before this transaction ends."""
        if self._transaction.dialect != "sqlite":  # there is one writer at a time
            self._transaction.change(_EXCLUDE_WRITERS)

    def append(self, *changes: Change) -> None:
        """Note what this transaction does."""
        self._noted.extend(changes)

    def write(self) -> None:
        """Number what was noted: called once, as the last thing before the commit.

        The counter's row is locked from here to the commit. Taken earlier, every writer would
        wait for the whole of the transaction before it.
        """
        if not self._noted:
            return
        row = self._transaction.row(_NEXT)
        as_of = 0 if row is None else row.as_of
        rows = [_row(as_of, *each) for each in enumerate(self._noted)]
        self._transaction.change(_INSERT, rows)

    def page(self, page: Page) -> Slice[NumberedChange]:
        """Newest first."""
        as_of, position = page.after((int, int)) or (FROM_THE_NEWEST, 0)
        asked = {"as_of": as_of, "position": position, "limit": page.limit + 1}
        rows = self._transaction.rows(_PAGE, asked)
        return page_of(rows, page, lambda row: (row.as_of, row.position), _changes)

    def _number(self, statement: Any) -> int:  # noqa: ANN401 - a select of one number
        row = self._transaction.row(statement)
        return 0 if row is None else int(row.as_of)


def _row(as_of: int, position: int, change: Change) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "position": position,
        "kind": change.kind.value,
        "at": change.at,
        "participant": change.participant,
        "version": change.version,
        "other": change.other,
        "environment": change.environment,
        "digest": change.digest,
        "verification": change.verification,
    }


def _changes(rows: Sequence[Row[Any]]) -> list[NumberedChange]:
    return [
        NumberedChange(
            row.as_of,
            Change(
                kind=ChangeKind(row.kind),
                at=row.at,
                participant=row.participant,
                version=row.version,
                other=row.other,
                environment=row.environment,
                digest=row.digest,
                verification=row.verification,
            ),
        )
        for row in rows
    ]
