"""Pages of a list: one row more than asked for tells whether another page follows."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row

from broker.domain.paging import Key, Page, Slice, cursor_from_key

T = TypeVar("T")

# Above every id: where a list that runs backwards begins.
FROM_THE_NEWEST = 2**62


def page_of(
    rows: Sequence[Row[Any]],
    page: Page,
    key: Callable[[Row[Any]], Key],
    read: Callable[[Sequence[Row[Any]]], Sequence[T]],
) -> Slice[T]:
    """The page that begins with `rows`, of which there may be one more than the page holds."""
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return Slice(tuple(read(shown)), cursor_from_key(key(shown[-1])) if more else None)


def before(page: Page) -> int:
    """The id below which the page of a list goes on that shows the newest first."""
    after = page.after((int,))
    return FROM_THE_NEWEST if after is None else int(after[0])


def is_id(number: int) -> bool:
    """Whether a row can have this id: beyond it the databases disagree about what to raise."""
    return 0 < number < 2**63
