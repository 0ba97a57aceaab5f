"""Pages of lists that are short enough to be read whole."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from broker.domain.paging import Key, Page, Slice, cursor_from_key

T = TypeVar("T")


def slice_of(
    items: Sequence[T], page: Page, key: Callable[[T], Key], shape: tuple[type[int | str], ...]
) -> Slice[T]:
    """The part of `items` that `page` asks for, in the order of `key`; raises CursorInvalid.

    A page begins after a key, not after a count: what comes or goes between two pages moves
    nothing else.
    """
    ordered, after = sorted(items, key=key), page.after(shape)
    following = ordered if after is None else [each for each in ordered if key(each) > after]
    shown = following[: page.limit]
    more = len(following) > page.limit
    return Slice(tuple(shown), cursor_from_key(key(shown[-1])) if more else None)
