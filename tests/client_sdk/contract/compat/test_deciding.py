"""The door: what is asked, judged and answered, and what a budget does."""

from __future__ import annotations

import logging

import pytest

from client_sdk.contract.compat import (
    Budget,
    Proved,
    Refuted,
    Undecided,
    deciding,
    is_contained,
    judging,
    sample,
    satisfiable,
    shape_contained,
)
from client_sdk.contract.compat.judging import Judgement, judged
from client_sdk.contract.compat.meter import GivenUp, Meter, Reason
from client_sdk.contract.dialect import Dialect
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
        ({"type": "string"}, True),
        ({"type": "string", "enum": [1]}, False),
        ({"type": "string", "pattern": r"^(.)\1$"}, None),
    ],
)
def test_whether_anything_fits_may_stay_open(schema, answer):
    assert satisfiable(shape(schema)) is answer


@pytest.mark.parametrize("schema", [{"type": "no such type"}, {"pattern": r"(.)\1"}])
def test_what_cannot_be_read_or_judged_has_no_samples(schema):
    assert sample(shape({**schema, "minLength": 1}), 3) in ((), (None, False, True))


def test_samples_are_as_many_as_wanted():
    assert sample(shape({"type": "integer", "minimum": 5}), 3) == (5, 6, 7)
    assert sample(shape({"enum": ["a", "b"]}), 3) == ("a", "b")
