import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.contract.pointer import escape, index_of, join, resolve, tokens_of


@given(st.lists(st.text(), max_size=5))
def test_tokens_come_back_as_they_were_joined(tokens):
    pointer = ""
    for token in tokens:
        pointer = join(pointer, token)

    assert tokens_of(pointer) == tuple(tokens)


def test_the_examples_of_rfc_6901_resolve():
    document = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8, "~1": 3}

    assert resolve(document, "") is document
    assert resolve(document, "/foo/0") == "bar"
    assert resolve(document, "/") == 0
    assert resolve(document, "/a~1b") == 1
    assert resolve(document, "/m~0n") == 8
    assert resolve(document, "/~01") == 3
    assert escape("~/") == "~0~1"
    assert join("/a", 3) == "/a/3"


@pytest.mark.parametrize(
    "pointer",
    [
        "/foo/2",
        "/foo/-",
        "/foo/01",
        "/foo/-1",
        "/foo/x",
        "/bar",
        "/foo/0/x",
        "foo",
        "/~2",
        "/foo/" + "9" * 30,
    ],
)
def test_a_pointer_to_nothing_is_a_key_error(pointer):
    with pytest.raises(KeyError):
        resolve({"foo": ["bar", "baz"]}, pointer)


def test_a_numeric_token_may_name_a_member():
    assert resolve({"0": {"1": "x"}}, "/0/1") == "x"


@pytest.mark.parametrize("pointer", ["a", "a/b", "/~", "/a~2b"])
def test_what_is_no_pointer_has_no_tokens(pointer):
    with pytest.raises(ValueError):
        tokens_of(pointer)


def test_only_plain_digits_spell_an_index():
    assert [index_of(token) for token in ("0", "10", "01", "-1", "-", "", "1 ", "٣")] == [
        0, 10, None, None, None, None, None, None,
    ]  # fmt: skip
