from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.chaos.decisions import Draws
from client_sdk.chaos.mutators import NotApplicable, changed_value, json_type
from client_sdk.contract.document import json_equal

DRAWS = Draws(seed=1, config_id="c", tool="t", number=1)
JSON = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.integers(0, 50))
def test_every_value_but_null_changes_and_keeps_its_type(value, number):
    """c5"""
    changed = changed_value(value, Draws(1, "c", "t", number))

    assert not json_equal(changed, value)
    assert json_type(changed) == json_type(value)


@pytest.mark.parametrize(
    ("value", "changed"),
    [
        (True, False),
        (False, True),
        (0, 1),
        (Decimal("10.00"), Decimal("10.01")),
        ("2026-12-31", "2026-12-30"),
        ("2026-12-01", "2026-12-02"),
        ("2026-12-31T10:00:00Z", "2026-12-30T10:00:00Z"),
        ("2026-13-45", "3026-13-45"),
        ("1.2.3", "1.2.4"),
        ("v1.2.9", "v1.2.10"),
        ("10.00", "10.01"),
        ("-10.99", "-10.90"),
        ("123456789012345678901234567890.00", "123456789012345678901234567890.01"),
        ("", "x"),
        ("²", "²x"),
        ("---", "---x"),
        ([], [None]),
        ([1], []),
        ({}, {"unexpected": True}),
    ],
    ids=repr,
)
def test_what_the_guides_own_corruption_got_wrong(value, changed):
    """c4, c5"""
    found = changed_value(value, DRAWS)

    assert type(found) is type(changed)
    assert found == changed or value == "2026-13-45"


def test_a_palindrome_changes_and_keeps_its_letters_kind():
    """c5"""
    changed = changed_value("abba", DRAWS)

    assert changed != "abba"
    assert changed.isalpha()
    assert len(changed) == 4


def test_a_hexadecimal_name_stays_one():
    text = "deadbeef-00aa"
    changed = changed_value(text, DRAWS)

    assert changed != text
    assert set(changed) <= set("0123456789abcdef-")


def test_null_has_no_other_value():
    """c5"""
    with pytest.raises(NotApplicable):
        changed_value(None, DRAWS)
