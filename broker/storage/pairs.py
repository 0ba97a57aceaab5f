"""Many pairs of ids as one parameter: a list of them is joined like a table.

SQLite follows only the first column of an index for `(a, b) IN (VALUES ...)`, and reads all of
history behind it; for a join it follows both.
"""

from collections.abc import Collection
from functools import cache

from sqlalchemy import JSON, BigInteger, Subquery, bindparam, cast, func, select

from client_sdk.contract.document import dumps

PAIRS = "pairs"


@cache
def pairs_table(dialect: str) -> Subquery:
    """A table with the columns `first` and `second`, out of the parameter called `PAIRS`."""
    given = bindparam(PAIRS)
    if dialect == "sqlite":
        pair = func.json_each(given).table_valued("value", name="pair").c.value
        columns = [func.json_extract(pair, f"$[{place}]") for place in (0, 1)]
    else:
        rows = func.json_array_elements(cast(given, JSON)).table_valued("value", name="pair")
        columns = [cast(rows.c.value.op("->>")(place), BigInteger) for place in (0, 1)]
    first, second = columns
    return select(first.label("first"), second.label("second")).subquery("asked")


def pairs_parameter(pairs: Collection[tuple[int, int]]) -> str:
    """The value of the parameter."""
    return dumps([list(pair) for pair in sorted(pairs)])
