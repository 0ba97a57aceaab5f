"""Numbers are exact: intervals, steps, and steps to be avoided."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_refused, assert_same

from client_sdk.contract.compat import Refuted, is_contained
from client_sdk.contract.compat.solving import numbers
from client_sdk.contract.compat.solving.numbers import json_number


def number(**keywords):
    return {"type": "number", **keywords}


def integer(**keywords):
    return {"type": "integer", **keywords}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (number(minimum=1), number(exclusiveMinimum=0)),
        (integer(minimum=0.5), integer(minimum=1)),
        (integer(exclusiveMinimum=0, exclusiveMaximum=2), {"const": 1}),
        (number(minimum=3, maximum=3), {"const": 3}),
        (number(multipleOf=0.3), number(multipleOf=0.1)),
        (number(multipleOf=1), integer()),
        (integer(multipleOf=2.5), number(multipleOf=5)),
        (integer(not_={"multipleOf": 2}), integer()),
        (number(minimum=0, exclusiveMaximum=0), False),
        (number(minimum=1, maximum=0), False),
        (number(exclusiveMinimum=0, maximum=0), False),
        (number(multipleOf=4, minimum=5, maximum=7), False),
        (number(multipleOf=3, exclusiveMinimum=3, exclusiveMaximum=6), False),
    ],
)
def test_this_interval_lies_in_that_one(a, b):
    assert_contained(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (number(minimum=0), integer()),
        (number(), number(minimum=0)),
        (number(), number(maximum=0)),
        (number(maximum=5), number(minimum=0)),
        (number(exclusiveMinimum=0, exclusiveMaximum=1), integer()),
        (number(exclusiveMinimum=5, exclusiveMaximum=6), {"enum": [5.5]}),
        (integer(maximum=-1), {"enum": [-1, -2]}),
        (integer(minimum=-3, maximum=2), {"enum": [0, 1, -1, 2, -2]}),
        (number(multipleOf=0.5), number(multipleOf=1)),
        (number(maximum=0.25), {"not": {"minimum": 0, "maximum": 1}}),
    ],
)
def test_this_number_escapes(a, b):
    assert_escapes(a, b)


def test_a_union_of_steps_covers_its_multiples():
    assert_contained(integer(multipleOf=6), {"anyOf": [{"multipleOf": 4}, {"multipleOf": 3}]})


def test_a_number_without_a_fraction_is_an_integer():
    assert_same({"type": "number", "multipleOf": 1}, {"type": "integer"})


def test_fractions_are_numbers_that_are_no_integers():
    fractions = {"type": "number", "not": {"type": "integer"}}

    assert_contained(fractions, {"not": {"multipleOf": 1}})
    assert_contained({**fractions, "minimum": 0, "maximum": 0}, False)


def test_avoided_steps_leave_the_odd_numbers():
    odd = integer(minimum=1, maximum=9) | {"not": {"multipleOf": 2}}

    assert_same(odd, {"enum": [1, 3, 5, 7, 9]})


def test_a_far_witness_is_reached_by_its_remainder():
    many = [{"not": {"multipleOf": step}} for step in (2, 3, 5, 7, 11, 13)]

    assert assert_escapes({"type": "integer", "minimum": 2, "allOf": many}, {"maximum": 16}) == 17


def test_a_number_farther_away_than_anybody_walks_stays_open(monkeypatch):
    monkeypatch.setattr(numbers, "MOST_WALKED", 3)
    thin = {"allOf": [{"not": {"multipleOf": 2}}, {"not": {"multipleOf": 3}}]}

    assert_open(integer(minimum=2, **thin), False, "search-too-wide")
    assert_contained(integer(minimum=2, maximum=4, **thin), False)


def test_many_excluded_numbers_are_walked_past():
    assert_escapes(integer(minimum=0), {"enum": list(range(5_000))})


def test_decimals_are_read_as_they_are_written():
    assert_contained(number(multipleOf=Decimal("0.1")), number(multipleOf=Decimal("0.05")))
    assert_contained({"const": Decimal("0.3")}, number(multipleOf=Decimal("0.1")))


def test_huge_and_tiny_numbers_are_no_trouble():
    assert_contained(number(multipleOf=Decimal("1e-300")), number(multipleOf=Decimal("1e-301")))
    assert_contained(integer(minimum=10**40), number(minimum=10**39))


@pytest.mark.parametrize(
    "a",
    [
        number(exclusiveMinimum=1, maximum=2),
        number(minimum=-2, exclusiveMaximum=-1),
        number(exclusiveMaximum=0),
        number(exclusiveMinimum=-1, exclusiveMaximum=1),
        integer(exclusiveMaximum=-3, multipleOf=3),
    ],
)
def test_numbers_can_be_excluded_one_by_one(a):
    taken = []
    for _ in range(12):
        taken.append(assert_escapes(a, {"enum": taken}))

    assert len(set(taken)) == 12


def test_an_integer_range_is_listed_from_its_end_near_zero():
    assert_contained(integer(minimum=-4, maximum=-2), {"enum": [-2, -3, -4]})
    assert_contained(number(multipleOf=3, minimum=4, maximum=5), False)
    assert_contained({"type": "number", "not": {"type": "integer"}, "multipleOf": 2}, False)


def test_a_bad_step_is_refused_and_named():
    assert_refused({"properties": {"a": {"multipleOf": 0}}}, {}, "/properties/a/multipleOf")


@pytest.mark.parametrize("bound", [0.5, Decimal("0.5")])
def test_a_witness_has_the_numbers_of_its_schemas(bound):
    """Floats beside floats and decimals beside decimals: no validator mixes the two."""
    verdict = is_contained(
        {"type": "number", "maximum": 1}, {"anyOf": [{"type": "integer"}, {"maximum": bound}]}
    )

    assert isinstance(verdict, Refuted)
    assert type(verdict.witness) is type(bound)


def test_digits_that_no_float_has_stay_exact():
    verdict = is_contained({"const": 0.1}, {"minimum": 2})

    assert verdict == Refuted(0.1, "", "minimum")
    long = Decimal("0.1234567890123456789012")
    assert is_contained({"const": long}, {"minimum": 2}) == Refuted(long, "", "minimum")


@pytest.mark.parametrize(
    ("rational", "written"),
    [(Fraction(6, 3), 2), (Fraction(1, 8), Decimal("0.125")), (Fraction(1, 3), None)],
)
def test_only_finite_decimals_are_json_numbers(rational, written):
    assert json_number(rational) == written
