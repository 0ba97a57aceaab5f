"""Pages of lists that are short enough to be read whole."""

from collections.abc import Sequence
from typing import TypeVar

from broker.domain.paging import Page, Slice, cursor_from_key

T = TypeVar("T")


def slice_of(items: Sequence[T], page: Page) -> Slice[T]:
    """The part of `items` that `page` asks for; raises CursorInvalid."""
    key = page.after((int,))
    begin = max(int(key[0]), 0) if key else 0
    end = begin + page.limit
    following = cursor_from_key((end,)) if end < len(items) else None
    return Slice(tuple(items[begin:end]), following)
