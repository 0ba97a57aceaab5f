"""Strings: lengths, patterns and words, decided as languages."""

from __future__ import annotations

import json

import pytest
from compat_claims import assert_contained, assert_escapes, assert_open, assert_same

from client_sdk.contract.compat import Budget, Undecided, is_contained


def text(**keywords):
    return {"type": "string", **keywords}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (text(minLength=2, maxLength=3), text(maxLength=5)),
        (text(maxLength=0), {"const": ""}),
        (text(minLength=3, maxLength=2), False),
        (text(pattern="^[0-9]{4}$"), text(pattern="^[0-9]+$", minLength=4, maxLength=4)),
        (text(pattern="^.{1,64}$"), text(pattern="^.{1,255}$")),
        (text(pattern="^(visa|mc)$"), {"enum": ["mc", "visa", "jcb"]}),
        (text(pattern="abc"), text(pattern="b")),
        (text(pattern="^a(?=b)"), text(pattern="^ab")),
        (text(pattern="^a+$", maxLength=3), {"enum": ["a", "aa", "aaa"]}),
        (text(pattern="^$"), text(maxLength=0)),
    ],
)
def test_this_language_lies_in_that_one(a, b):
    assert_contained(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (text(), text(minLength=1)),
        (text(maxLength=255), text(maxLength=64)),
        (text(), {"enum": ["", "a", "b"]}),
        (text(maxLength=1), {"const": ""}),
        (text(pattern="^[a-z]+$"), text(pattern="^[a-z]{3}$")),
        (text(pattern="^(visa|mc|jcb)$"), {"enum": ["visa", "mc"]}),
        (text(minLength=1), text(pattern=".")),
        (text(minLength=5), text(pattern="^x")),
    ],
)
def test_this_text_escapes(a, b):
    assert_escapes(a, b)


def test_a_line_break_is_the_plainest_text_without_a_dot():
    assert assert_escapes(text(minLength=1), text(pattern=".")) == "\n"


def test_a_back_reference_stays_open_unless_it_cancels_itself():
    same_twice = text(pattern=r"^(.)\1$")

    assert_open(text(), same_twice, "pattern-unsupported", "/pattern")
    assert_contained(same_twice, {"anyOf": [same_twice, {"type": "null"}]})
    assert_contained({**same_twice, "minLength": 3}, text(minLength=2))


def test_a_listed_value_under_an_unknown_pattern_stays_open():
    assert_open({"const": "aa"}, text(pattern=r"^(.)\1$"), "judge-unable")


def test_a_text_too_long_to_write_stays_open():
    assert_open(text(minLength=30_000), text(pattern="^b"), "witness-too-large")


def test_an_automaton_over_budget_stays_open():
    wide = text(pattern="(a|b)*a(a|b){12}$")

    assert_open(wide, text(pattern="^(b|a)*a(b|a){12}$"), "budget-states", budget=Budget(states=50))


def test_many_words_of_one_pattern_are_told_apart():
    codes = {"type": "array", "items": text(pattern="^[a-c]$"), "uniqueItems": True}

    assert_contained(codes, {"maxItems": 3})
    assert_same({**codes, "minItems": 4}, {"not": {}})


def test_the_clock_is_looked_at_inside_an_automaton_too():
    """What it ends is not remembered: with more time the same question is decided."""
    long = {"type": "string", "pattern": "^[a-z]{40,3000}b{0,2}$"}
    rushed = is_contained(long, {"pattern": "^[a-z]+$"}, budget=Budget(wall_seconds=0.0))

    assert rushed == Undecided("budget-wall", "")
    assert_contained(long, {"pattern": "^[a-z]+$"})


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"minProperties": 1, "patternProperties": {"^.$": False, "^$": False}}, {"maxProperties": 0}),
        (
            {
                "patternProperties": {"^a": True},
                "additionalProperties": False,
                "required": ["ab"],
                "minProperties": 2,
            },
            {"propertyNames": {"pattern": "^a.$"}},
        ),
        ({"type": "array", "minItems": 9, "items": {"not": {"pattern": "^.?$"}}, "uniqueItems": True}, False),
    ],
)  # fmt: skip
def test_a_witness_is_written_in_plain_characters_where_there_are_any(a, b):
    """Pattern engines disagree about line breaks, and a reader does not see them."""
    witness = assert_escapes({"type": ["object", "array"], **a}, b)

    assert json.dumps(witness).isascii()
    assert "\\" not in json.dumps(witness)


def test_what_only_odd_characters_fit_is_still_found():
    assert assert_escapes({"type": "string", "pattern": "^[^.]$", "not": {"pattern": "^.$"}}, False)
