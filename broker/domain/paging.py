"""Lists in pages: an opaque cursor says where the next page begins."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from broker.domain.errors import CursorInvalid, LimitInvalid

T = TypeVar("T")

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 500
LONGEST_CURSOR = 600

Key = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted; `cursor` is `None` for the first page."""

    cursor: str | None = None
    limit: int = DEFAULT_LIMIT

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= LARGEST_LIMIT:
            raise LimitInvalid(self.limit, LARGEST_LIMIT)

    def after(self, shape: tuple[type[int | str], ...]) -> Key | None:
        """The sort key of the last item already seen, or `None` on the first page.

        Raises `CursorInvalid` unless the cursor holds exactly values of `shape`.
        """
        return None if self.cursor is None else key_from_cursor(self.cursor, shape)


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of a list; `next` is the cursor of the following page, `None` on the last."""

    items: tuple[T, ...]
    next: str | None = None


def cursor_from_key(key: Key) -> str:
    """An opaque text that `key_from_cursor` turns back into `key`."""
    text = json.dumps(list(key), separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_from_cursor(cursor: str, shape: tuple[type[int | str], ...]) -> Key:
    """The sort key inside a cursor; raises `CursorInvalid` for anything not of `shape`."""
    if len(cursor) > LONGEST_CURSOR:
        raise CursorInvalid(cursor)
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise CursorInvalid(cursor) from error
    if not isinstance(values, list) or not _has_shape(values, shape):
        raise CursorInvalid(cursor)
    return tuple(values)


def _has_shape(values: list[object], shape: tuple[type[int | str], ...]) -> bool:
    return len(values) == len(shape) and all(
        type(value) is kind and _fits_a_column(value)
        for value, kind in zip(values, shape, strict=True)
    )


def _fits_a_column(value: object) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return isinstance(value, str) and value.isascii() and value.isprintable()
