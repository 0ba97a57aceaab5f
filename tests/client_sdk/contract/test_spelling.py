import pytest

from client_sdk.contract.spelling import edits, near_miss

KNOWN = ("constraints", "required_output_fields", "name", "tools")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("constraint", "constraints"),
        ("constrain", "constraints"),
        ("constriants", "constraints"),
        ("required_output_field", "required_output_fields"),
        ("required_ouput_field", "required_output_fields"),
        ("tool", "tools"),
        ("nmae", "name"),
        ("Name", "name"),
        ("names", "name"),
    ],
)
def test_a_near_miss_is_within_two_edits(name, meant):
    assert near_miss(name, KNOWN) == meant


@pytest.mark.parametrize(
    "name", ["note", "constra", "owner", "", "fields", "output", "tag", "x" * 9]
)
def test_other_words_are_no_near_miss(name):
    assert near_miss(name, KNOWN) is None


def test_more_than_two_edits_are_not_counted_further():
    assert edits("abc", "abc") == 0
    assert edits("abcdef", "badcef") == 2
    assert edits("abcdef", "uvwxyz") == 3
    assert edits("kitten", "sitting") == 3
