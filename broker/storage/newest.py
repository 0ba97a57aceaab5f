"""The newest row of an owner: one look into the index of owner and id."""

from typing import Any

from sqlalchemy import Column, ColumnClause, Select, bindparam, literal_column, select, tuple_

_HIGHEST_ID = 2**63 - 1


def at_most(rows: int) -> ColumnClause[int]:
    """A limit that is written into the statement.

    Of one that is a parameter PostgreSQL thinks that it lets through a tenth of all rows; it finds
    no plan good enough to keep, and plans anew each time.
    """
    return literal_column(str(rows))


def newest_of(owner: Column[Any], which: Any) -> Select[Any]:  # noqa: ANN401 - column or parameter
    """Select `id` and `owner` of the row with the highest id among those up to `which`'s.

    It is one of another owner when `which` has none, so the caller compares `owner`. Asked with
    an equality, PostgreSQL may walk back from the highest id of all through the rows of others.
    """
    row = owner.table.c.id
    return (
        select(row, owner.label("owner"))
        .where(tuple_(owner, row) <= tuple_(which, bindparam("highest", _HIGHEST_ID)))
        .order_by(owner.desc(), row.desc())
        .limit(at_most(1))
    )
