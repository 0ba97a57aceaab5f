"""Many pairs of ids as one parameter: a list of them is joined like a table.

SQLite follows only the first column of an index for `(a, b) IN (VALUES ...)`, and reads all of
history behind it; for a join it follows both.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Subquery,
    Text,
    bindparam,
    cast,
    func,
    select,
)

from client_sdk.contract.document import dumps

PAIRS = "pairs"


@cache
def pairs_table(dialect: str) -> Subquery:
    """A table with the columns `first` and `second`, out of the parameter called `PAIRS`."""
    first, second = _on_sqlite() if dialect == "sqlite" else _on_postgresql()
    return select(first.label("first"), second.label("second")).subquery("asked")


def pairs_parameter(pairs: Collection[tuple[int, int]]) -> str:
    """The value of the parameter."""
    return dumps([list(pair) for pair in sorted(pairs)])


def _on_sqlite() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    pair = func.json_each(bindparam(PAIRS, type_=Text)).table_valued("value", name="pair").c.value
    return func.json_extract(pair, "$[0]"), func.json_extract(pair, "$[1]")


def _on_postgresql() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    given = cast(bindparam(PAIRS, type_=Text), JSON)
    pair = func.json_array_elements(given).table_valued("value", name="pair").c.value
    return cast(pair.op("->>")(0), BigInteger), cast(pair.op("->>")(1), BigInteger)
