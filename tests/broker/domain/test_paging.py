"""Cursors: opaque, and refused unless they are the list's own."""

import base64

import pytest

from broker.domain.errors import CursorInvalid, LimitInvalid
from broker.domain.paging import Page, cursor_from_key, key_from_cursor


def encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def test_a_cursor_gives_back_its_key():
    key = (3, "shop", "a b@1")
    assert key_from_cursor(cursor_from_key(key), (int, str, str)) == key


def test_the_first_page_begins_nowhere():
    assert Page().after((int,)) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "é",
        "****",
        "A",
        encoded(b"\xff"),
        encoded(b"{}"),
        encoded(b"[]"),
        encoded(b'["1"]'),
        encoded(b"[true]"),
        encoded(b"[1.0]"),
        encoded(b"[1,2]"),
        encoded(b"[9223372036854775808]"),
        encoded(b"[" * 400),
        "A" * 10_000,
    ],
)
def test_anything_else_is_refused(cursor):
    with pytest.raises(CursorInvalid):
        Page(cursor).after((int,))


@pytest.mark.parametrize("text", [b'["\\u0000"]', b'["\\ud800"]', b'["\\u00e9"]'])
def test_text_that_no_name_can_be_is_refused(text):
    with pytest.raises(CursorInvalid):
        key_from_cursor(encoded(text), (str,))


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_a_sensible_size(limit):
    with pytest.raises(LimitInvalid):
        Page(limit=limit)
