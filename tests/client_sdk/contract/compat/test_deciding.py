"""The door: what is asked, judged and answered, and what a budget does."""

from __future__ import annotations

import logging

import pytest

from client_sdk.contract.compat import (
    Budget,
    Empty,
    Inhabited,
    Proved,
    Refuted,
    Undecided,
    deciding,
    is_contained,
    judging,
    sample,
    satisfiable,
    shape_contained,
    shape_models,
)
from client_sdk.contract.compat.judging import Judgement, judged
from client_sdk.contract.compat.meter import GivenUp, Meter, Reason
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.errors import DocumentInvalid
from client_sdk.contract.shape import SchemaResource, Shape


def shape(schema):
    return Shape((SchemaResource(schema, Dialect.D2020),))


def test_a_refutation_says_where_in_the_witness_and_by_which_keyword():
    order = {"properties": {"qty": {"type": "integer"}}, "required": ["qty"], "type": "object"}
    capped = {"properties": {"qty": {"maximum": 9}}}

    assert is_contained(order, capped) == Refuted({"qty": 10}, "/qty", "maximum")


def test_the_same_resource_needs_no_reading():
    unreadable = shape({"type": "no such type"})

    assert shape_contained(unreadable, unreadable) == Proved()


@pytest.mark.parametrize(
    ("value", "judgement"),
    [("x", Judgement.SEPARATES), (1, Judgement.FAILS), (True, Judgement.FAILS)],
)
def test_the_judge_asks_the_validator_on_both_sides(value, judgement):
    a, b = shape({"type": ["string", "integer"]}), shape({"type": "integer"})

    assert judged(a, b, value) is judgement


def test_the_library_may_contradict_a_witness(monkeypatch):
    monkeypatch.setattr(judging, "second_opinion", lambda *_: True)

    assert judged(shape({}), shape({"type": "integer"}), "x") is Judgement.FAILS

    monkeypatch.setattr(judging, "second_opinion", lambda *_: False)
    assert judged(shape({}), shape({"type": "integer"}), "x") is Judgement.FAILS


def test_the_judge_says_when_the_validator_cannot():
    assert judged(shape({}), shape({"pattern": r"(.)\1"}), "aa") is Judgement.UNABLE


def test_a_candidate_that_the_validator_refuses_is_reported_as_a_defect(monkeypatch, caplog):
    monkeypatch.setattr(deciding, "judged", lambda *_: Judgement.FAILS)

    with caplog.at_level(logging.ERROR):
        verdict = is_contained({}, {"type": "string"})

    assert verdict == Undecided("judge-disagrees", "")
    assert "refused by the validator" in caplog.text


def test_running_out_of_python_frames_is_an_answer_too(monkeypatch):
    def too_deep(*_):
        raise RecursionError

    monkeypatch.setattr(deciding, "judged", too_deep)

    assert is_contained({}, {"type": "string"}) == Undecided("nesting-too-deep", "")


def test_formats_assert_only_when_asked():
    mail, day = {"type": "string", "format": "email"}, {"type": "string", "format": "date"}

    assert is_contained(mail, day) == Proved()
    assert is_contained(mail, {**mail, "minLength": 0}, formats=True) == Proved()
    assert is_contained(mail, {"type": "string"}, formats=True) == Proved()
    assert is_contained(mail, day, formats=True) == Undecided("format-asserted", "")
    assert is_contained({"type": "string"}, mail, formats=True).reason == "format-asserted"


def test_where_formats_assert_a_witness_must_not_depend_on_one():
    mail = {"type": "string", "format": "email"}
    member = {"type": "object", "properties": {"mail": mail}}

    assert is_contained(mail, {"maxLength": 3}, formats=True) == Undecided("format-asserted", "")
    assert is_contained(member, {"required": ["mail"]}, formats=True) == Refuted(
        {}, "/mail", "required"
    )


@pytest.mark.parametrize(
    ("budget", "reason"),
    [(Budget(steps=3), "budget-steps"), (Budget(wall_seconds=-1.0), "budget-wall")],
)
def test_a_spent_budget_is_the_reason(budget, reason):
    branches = [{"required": [f"a{i}"]} for i in range(200)]

    assert is_contained({"anyOf": branches}, {"oneOf": branches}, budget=budget) == Undecided(
        reason, ""
    )


def test_the_meter_keeps_the_first_doubt():
    meter = Meter(Budget(steps=10))
    meter.doubt(Reason.SEARCH_TOO_WIDE, "/a")
    meter.doubt(Reason.NESTING, "/b")

    assert meter.first_doubt == Undecided("search-too-wide", "/a")
    with pytest.raises(GivenUp) as given_up:
        meter.spend(11)
    assert given_up.value.reason == "budget-steps"


@pytest.mark.parametrize(
    ("schema", "answer"),
    [
        ({"type": "string"}, Inhabited("")),
        ({"type": "object", "required": ["a"]}, Inhabited({"a": None})),
        ({"type": "string", "enum": [1]}, Empty()),
        ({"type": "string", "pattern": r"^(.)\1$"}, Undecided("pattern-unsupported", "/pattern")),
    ],
)
def test_a_schema_has_a_value_or_none_or_that_stays_open(schema, answer):
    assert satisfiable(schema) == answer


def test_what_cannot_be_judged_has_no_samples():
    assert sample({"type": "string", "pattern": r"(.)\1", "minLength": 1}) == ()


def test_samples_are_as_many_as_wanted():
    assert sample({"enum": ["a", "b"]}, 0, 3) == ("a", "b")
    assert len(sample({"type": "integer", "minimum": 5}, 0, 4)) == 4
    assert shape_models(shape({"type": "integer", "minimum": 5}), 3) == (5, 6, 7)
    assert shape_models(shape({"type": "no such type"}), 3) == ()


def test_samples_show_each_listed_value_and_each_optional_member_there_and_gone():
    schema = {
        "type": "object",
        "properties": {"currency": {"enum": ["EUR", "USD"]}, "note": {"type": "string"}},
        "required": ["currency"],
    }

    found = sample(schema, 3, 30)

    assert {value["currency"] for value in found} == {"EUR", "USD"}
    assert {"note" in value for value in found} == {True, False}


def test_samples_are_found_where_only_a_search_finds_them():
    never_both = {"not": {"required": ["a"]}, "required": ["b"], "type": "object"}
    exactly = {"type": "integer", "multipleOf": 7, "not": {"multipleOf": 14}, "minimum": 8}

    assert sample({**never_both, "propertyNames": {"enum": ["a", "b"]}}, 0, 1)[0].keys() == {"b"}
    assert 21 in sample(exactly, 0, 5)


@pytest.mark.parametrize("question", [satisfiable, sample])
def test_values_are_asked_of_schemas_only(question):
    with pytest.raises(DocumentInvalid, match="`a` at /type"):
        question({"type": "no such type"})


def test_a_witness_that_the_library_reads_by_later_rules_is_not_the_first_choice():
    """2019-09 `contains` evaluates nothing, which the library does not know: `[]` is plain."""
    found = {"contains": True, "unevaluatedItems": False}

    assert is_contained({}, found, dialect="2019-09").witness == []
    assert is_contained({"minItems": 1}, found, dialect="2019-09").witness == [None]
