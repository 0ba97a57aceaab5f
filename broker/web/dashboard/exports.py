"""Tables as CSV that a spreadsheet reads as text, never as formulas."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from flask import Response

from broker.domain.paging import LARGEST_LIMIT, Page, Slice

T = TypeVar("T")

MOST_PAGES = 100
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file to keep, called `name`.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    response = Response(text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def every_item(read: Callable[[Page], Slice[T]]) -> Iterator[T]:
    """The items of all pages, up to a hundred of the largest."""
    page = Page(limit=LARGEST_LIMIT)
    for _ in range(MOST_PAGES):
        found = read(page)
        yield from found.items
        if found.next is None:
            return
        page = Page(found.next, LARGEST_LIMIT)


def safe_cell(value: object) -> str:
    """The text of a cell; one that a spreadsheet would calculate gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
