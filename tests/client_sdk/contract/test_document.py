from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.contract.document import (
    Limits,
    dumps,
    json_equal,
    parse_untrusted,
)
from client_sdk.contract.errors import DocumentMalformed, DocumentTooLarge

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
decimals = st.decimals(
    min_value=-(10**30), max_value=10**30, allow_nan=False, allow_infinity=False, places=8
)
scalars = st.none() | st.booleans() | st.integers(-(10**39), 10**39) | decimals | texts
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def fault_of(raw: bytes, **limits: int):
    with pytest.raises(DocumentMalformed) as refusal:
        parse_untrusted(raw, limits=Limits(**limits))
    (fault,) = refusal.value.faults
    return fault


def outcome_of(raw: bytes) -> str:
    try:
        value = parse_untrusted(raw)
    except DocumentMalformed as refusal:
        return "a refusal with one fault" if len(refusal.faults) == 1 else "many faults"
    return "a value" if json_equal(parse_untrusted(dumps(value).encode()), value) else "another"


@given(documents)
def test_reading_what_was_written_gives_the_same_value(value):
    read = parse_untrusted(dumps(value).encode())

    assert json_equal(read, value)
    assert dumps(read) == dumps(value)


@given(documents)
def test_indented_text_means_the_same(value):
    assert json_equal(parse_untrusted(dumps(value, indent=2).encode()), value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_refusal(raw):
    assert outcome_of(raw) in ("a value", "a refusal with one fault")


@given(st.text(alphabet='[]{}",:\\u0d8aetrfnN1.-+ ', max_size=60))
def test_any_text_of_json_marks_is_a_value_or_a_refusal(text):
    assert outcome_of(text.encode()) in ("a value", "a refusal with one fault")


def test_integers_are_ints_and_every_other_number_is_an_exact_decimal():
    value = parse_untrusted(b"[1, -0, 1.0, 0.1, 1e2, 123456789012345678901234567890]")

    assert [type(number) for number in value] == [int, int, Decimal, Decimal, Decimal, int]
    assert dumps(value) == "[1, 0, 1.0, 0.1, 1E+2, 123456789012345678901234567890]"


@pytest.mark.parametrize(
    ("raw", "code", "pointer", "place"),
    [
        (b'{"a": 1, "a": 2}', "duplicate-key", "/a", "line 1, column 10 (character 9)"),
        (b'{"x": [{}, {"k": 1,\n"k": 1}]}', "duplicate-key", "/x/1/k", "line 2, column 1"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate-key", "/a", "column 10"),
        (b"[1, NaN]", "number-not-finite", "/1", "column 5"),
        (b"[Infinity]", "number-not-finite", "/0", "column 2"),
        (b'{"a": -Infinity}', "number-not-finite", "/a", "column 7"),
        (b"[1e309]", "number-exponent", "/0", "±308"),
        (b"[1e400]", "number-exponent", "/0", "±308"),
        (b"[1e-309]", "number-exponent", "/0", "±308"),
        (b"1e99999999999999999999", "number-exponent", "", "column 1"),
        (b"[" + b"1" * 41 + b"]", "number-digits", "/0", "more than 40 significant digits"),
        (b"[" + b"1" * 5000 + b"]", "number-exponent", "/0", "±308"),
        (b"[0." + b"1" * 41 + b"]", "number-digits", "/0", "column 2"),
        (b'["a\\u0000b"]', "nul-character", "/0", "column 2"),
        (b'{"\\u0000": 1}', "nul-character", "", "column 2"),
        (b'["\\ud800"]', "lone-surrogate", "/0", "column 2"),
        (b'{"\\udc00x": 1}', "lone-surrogate", "", "column 2"),
        (b'["\\udc00\\ud800"]', "lone-surrogate", "/0", "column 2"),
        (b'["\\ud800\\u0041"]', "lone-surrogate", "/0", "column 2"),
        (b'{"a": [[[1]]]}', "too-deep", "/a/0/0", "line 1, column 9"),
        (b'["a\\u0000\\x"]', "not-json", "", "escape"),
        (b"\xef\xbb\xbf{}", "byte-order-mark", "", "byte 0"),
        (b"\xff\xfe{\x00}\x00", "byte-order-mark", "", "byte 0"),
        (b'{"a": "\xff"}', "not-utf8", "", "Byte 7"),
        (b'"\xed\xa0\x80"', "not-utf8", "", "Byte 1"),
        (b'"\xc0\x80"', "not-utf8", "", "Byte 1"),
        (b"", "not-json", "", "character 0"),
        (b"[1,\n2,]", "not-json", "", "line 2, column 3"),
        (b"{} {}", "not-json", "", "column 4"),
        (b"[01]", "not-json", "", "column 3"),
        (b"[1.]", "not-json", "", "column 3"),
        (b"[+1]", "not-json", "", "column 2"),
        (b'["\x01"]', "not-json", "", "control character"),
        (b'["\x00"]', "not-json", "", "control character"),
        (b"{'a': 1}", "not-json", "", "column 2"),
        (b'"\\u12', "not-json", "", "escape"),
        (b'"abc', "not-json", "", "column 1"),
        (b"[tru]", "not-json", "", "column 2"),
        (b"]", "not-json", "", "column 1"),
        (b"NaN", "number-not-finite", "", "column 1"),
        (b"[true, null, NaN]", "number-not-finite", "/2", "column 14"),
        (b']{"a": {}, "a": 1e999, "a": 1}', "not-json", "", "column 1"),
        (b'["\\ud83d\\ude00", "\\u0000", 1]', "nul-character", "/1", "column 18"),
        (b"\xc2\xa0{}", "not-json", "", "column 1"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_its_position(raw, code, pointer, place):
    fault = fault_of(raw, max_depth=3)

    assert (fault.code, fault.pointer) == (code, pointer)
    assert place in fault.message


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'["\\\\u0000"]', ["\\u0000"]),
        (b'["\\ud83d\\ude00"]', ["\U0001f600"]),
        (b'["\\uD83D\\uDE00\\u0041"]', ["\U0001f600A"]),
        (b" \t\r\n[ ] ", []),
        (b'{"": {"a": []}}', {"": {"a": []}}),
        (b'["[[[[[["]', ["[[[[[["]),
        (b'["\\"[[[[[["]', ['"[[[[[[']),
        (b"1e308", Decimal("1e308")),
        (b"1" + b"0" * 308, 10**308),
        (b"9" * 40, int("9" * 40)),
        (b"0." + b"0" * 60 + b"1", Decimal("1e-61")),
        (b"1." + b"0" * 60, Decimal(1)),
    ],
)
def test_strict_json_at_the_edge_is_accepted(raw, value):
    assert parse_untrusted(raw, limits=Limits(max_depth=3)) == value


def test_a_document_at_the_size_limits_passes_and_one_beyond_is_too_large():
    limits = Limits(max_bytes=12, max_values=4)

    assert parse_untrusted(b'[1,"a,b",[]]', limits=limits) == [1, "a,b", []]
    for raw, code in [(b'[1,"a,b",[ ]]', "too-many-bytes"), (b"[1,2,[3]]", "too-many-values")]:
        with pytest.raises(DocumentTooLarge) as refusal:
            parse_untrusted(raw, limits=limits)
        assert [fault.code for fault in refusal.value.faults] == [code]


def test_containers_and_members_count_as_values():
    raw = b'{"a": {"b": [1, 2]}, "c": [ ], "d": {}}'

    parse_untrusted(raw, limits=Limits(max_values=7))
    with pytest.raises(DocumentTooLarge):
        parse_untrusted(raw, limits=Limits(max_values=6))


@pytest.mark.parametrize("mark", [b"[", b'{"a":', b'["\\"', b'"\\', b"{", b'{"a":1,'])
def test_a_megabyte_of_openings_is_refused_without_recursion(mark):
    raw = mark * (1_000_000 // len(mark))

    with pytest.raises((DocumentMalformed, DocumentTooLarge)):
        parse_untrusted(raw)


def test_a_number_of_two_million_digits_is_refused_as_text():
    assert fault_of(b"7" * 2_000_000).code == "number-exponent"
    assert fault_of(b"0." + b"7" * 2_000_000).code == "number-digits"


def test_a_message_repeats_only_the_beginning_of_a_long_key():
    key = b'"' + b"k" * 5000 + b'"'

    message = fault_of(b"{" + key + b":1," + key + b":2}").message

    assert len(message) < 200
