import copy
import random
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st

from client_sdk.contract.canonical import (
    canonical_json,
    digest_of,
    dumps,
    equality_key,
    json_equal,
)
from client_sdk.contract.errors import DocumentInvalid

texts = st.text(st.characters(exclude_categories=["Cs"]))
doubles = st.floats(allow_nan=False, allow_infinity=False)
safe_integers = st.integers(-(2**53) + 1, 2**53 - 1)


def documents_of(numbers):
    return st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
        max_leaves=20,
    )


@given(documents_of(doubles | safe_integers))
def test_the_canonical_form_is_that_of_rfc_8785_where_doubles_reach(value):
    assert canonical_json(value) == rfc8785.dumps(value)


@given(doubles)
def test_a_decimal_is_laid_out_like_the_double_it_spells(number):
    assert canonical_json(Decimal(repr(number))) == rfc8785.dumps(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (Decimal("-0.0"), "0"),
        (-0.0, "0"),
        (Decimal("1.0"), "1"),
        (Decimal("1E+2"), "100"),
        (Decimal("100.50"), "100.5"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("0.0000001"), "1e-7"),
        (Decimal("0.00000012"), "1.2e-7"),
        (10**21 - 1, "999999999999999999999"),
        (10**21, "1e+21"),
        (Decimal("1e20"), "100000000000000000000"),
        (-(123 * 10**30), "-1.23e+32"),
        (2**53 + 1, "9007199254740993"),
        (Decimal("0.1000000000000000055511151231257827"), "0.1000000000000000055511151231257827"),
        (Decimal("1e308"), "1e+308"),
        (Decimal("9.9e308"), "9.9e+308"),
        (Decimal("1e-308"), "1e-308"),
        (1.5, "1.5"),
        (1e22, "1e+22"),
    ],
)
def test_numbers_are_written_by_value_in_shortest_exact_form(number, text):
    assert canonical_json(number) == text.encode()


def test_members_are_ordered_by_utf_16_code_units():
    value = {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4, "1": 5, "\x80": 6}

    assert canonical_json(value).decode() == (
        '{"\\r":4,"1":5,"\x80":6,"\u20ac":3,"\U0001f600":2,"\ufb33":1}'
    )


def test_composed_and_decomposed_letters_stay_different():
    assert digest_of("\u00e9") != digest_of("e\u0301")


@given(documents_of(safe_integers), st.randoms(use_true_random=False))
def test_the_digest_does_not_see_the_order_of_members(value, chance):
    assert digest_of(shuffled(value, chance)) == digest_of(value)


@given(documents_of(st.integers(-5, 5)), documents_of(st.integers(-5, 5)))
def test_different_values_have_different_digests(left, right):
    assume(not naively_equal(left, right))

    assert digest_of(left) != digest_of(right)
    assert not json_equal(left, right)


@given(documents_of(st.integers(-9, 9)))
def test_every_spelling_of_a_number_is_equal(value):
    spelt = respelt(value)

    assert json_equal(value, spelt)
    assert equality_key(value) == equality_key(spelt)
    assert digest_of(value) == digest_of(spelt)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, True),
        (0, False),
        (0, None),
        ("1", 1),
        ("null", None),
        ("true", True),
        ("[]", []),
        ([], {}),
        ([1], [True]),
        ({"a": 1}, {"a": True}),
        (2**53, 2**53 + 1),
        ('"a', "a"),
        (Decimal("0.1"), Decimal("0.10000000000000001")),
    ],
)
def test_values_of_different_meaning_are_not_equal(left, right):
    assert not json_equal(left, right)
    assert equality_key(left) != equality_key(right)
    assert digest_of(left) != digest_of(right)


def test_a_float_means_the_shortest_decimal_that_spells_it():
    assert json_equal(0.1, Decimal("0.1"))
    assert json_equal("a", "a")


def test_a_digest_is_the_sha_256_of_the_canonical_form():
    assert digest_of({}) == (
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )


def test_a_value_a_hundred_thousand_deep_is_written_without_recursion():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]

    assert len(canonical_json(deep)) == 200_002
    assert dumps(deep).startswith("[[[[")


def test_text_keeps_order_and_spelling():
    value = {"b": Decimal("1.50"), "a": [True, None, "é\n"], "c": {}, "d": [], "e": 1e-7}

    assert dumps(value) == ('{"b": 1.50, "a": [true, null, "é\\n"], "c": {}, "d": [], "e": 1e-07}')


def test_indented_text_has_one_member_a_line():
    assert dumps({"a": [1, {}], "b": {"c": 2}}, indent=2) == (
        '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": {\n    "c": 2\n  }\n}'
    )


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN"), -Decimal("Inf")])
def test_numbers_that_json_cannot_write_are_refused(number):
    for write in (dumps, canonical_json, equality_key):
        with pytest.raises(DocumentInvalid) as refusal:
            write([number])
        assert refusal.value.faults[0].code == "number-not-finite"


def test_half_a_surrogate_pair_has_no_canonical_form():
    with pytest.raises(DocumentInvalid) as refusal:
        canonical_json({"\ud800": 1})

    assert refusal.value.faults[0].code == "lone-surrogate"


def shuffled(value, chance: random.Random):
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance) for name in names}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    return copy.copy(value)


def respelt(value):
    if isinstance(value, dict):
        return {name: respelt(item) for name, item in value.items()}
    if isinstance(value, list):
        return [respelt(item) for item in value]
    return Decimal(f"{value}.00") if isinstance(value, int) and value is not bool(value) else value


def naively_equal(left, right) -> bool:
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            naively_equal(left[name], right[name]) for name in left
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(naively_equal, left, right))
    return type(left) is type(right) and left == right
