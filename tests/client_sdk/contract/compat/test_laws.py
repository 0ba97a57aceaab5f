"""Laws of containment, on schemas that nobody thought of."""

from __future__ import annotations

import json

import pytest
from compat_schemas import finite, recursive_schemas, schemas, values
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.contract.compat import (
    Budget,
    Empty,
    Inhabited,
    Proved,
    Refuted,
    Undecided,
    is_contained,
    sample,
    satisfiable,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid

some = settings(max_examples=150, deadline=None, derandomize=True)


def shape(schema):
    return Shape((SchemaResource(schema, Dialect.D2020),))


def noted(schema):
    """Say the same in other words, so that the engine has to look."""
    return {"allOf": [schema, {"title": "the same"}]}


@some
@given(schemas())
def test_containment_is_reflexive(schema):
    assert is_contained(schema, noted(schema)) == Proved()


@some
@given(recursive_schemas())
def test_containment_is_reflexive_for_recursive_schemas(schema):
    assert is_contained(schema, {**schema, "title": "the same"}) == Proved()


@some
@given(schemas(), schemas())
def test_a_schema_is_contained_in_its_union_with_another(a, b):
    assert is_contained(a, {"anyOf": [b, a]}) == Proved()


@some
@given(schemas(), schemas())
def test_a_conjunction_is_contained_in_each_part(a, b):
    assert is_contained({"allOf": [a, b]}, b) == Proved()


@some
@given(schemas())
def test_negating_twice_changes_nothing(schema):
    assert is_contained(schema, {"not": {"not": schema}}) == Proved()
    assert is_contained({"not": {"not": schema}}, schema) == Proved()


@some
@given(schemas())
def test_nothing_fits_a_schema_and_its_negation(schema):
    assert is_contained({"allOf": [schema, {"not": schema}]}, False) == Proved()


@some
@given(schemas(), schemas())
def test_everything_fits_a_schema_or_its_negation(a, b):
    assert is_contained(a, {"anyOf": [b, {"not": b}]}) == Proved()


@some
@given(schemas(1), schemas(1), schemas(1))
def test_proofs_chain(a, b, c):
    if is_contained(a, b) == Proved() and is_contained(b, c) == Proved():
        assert is_contained(a, c) == Proved()


@some
@given(schemas(), schemas())
def test_the_order_of_keywords_does_not_matter(a, b):
    turned = dict(reversed(a.items())) if isinstance(a, dict) else a

    assert type(is_contained(turned, b)) is type(is_contained(a, b))


@some
@given(schemas(1), schemas())
def test_a_reference_means_what_it_points_to(a, b):
    referring = {"$defs": {"a": a}, "$ref": "#/$defs/a"}
    renamed = {"$defs": {"other name": a}, "$ref": "#/$defs/other%20name"}

    verdicts = {type(is_contained(each, b)) for each in (a, referring, renamed)}

    assert len(verdicts) == 1


@settings(max_examples=400, deadline=None, derandomize=True)
@given(finite(), schemas(), schemas())
def test_on_few_values_the_engine_agrees_with_trying_them_all(listed, a, b):
    skeleton, found = listed
    left = {"allOf": [a, skeleton]}
    expected = all(is_valid(shape(b), value) for value in found if is_valid(shape(left), value))

    verdict = is_contained(left, b)

    assert isinstance(verdict, Proved if expected else Refuted)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(schemas(), schemas(), st.lists(values, min_size=5, max_size=15))
def test_a_value_of_a_proved_pair_is_never_refused(a, b, tried):
    if is_contained(a, b) == Proved():
        assert all(is_valid(shape(b), value) for value in tried if is_valid(shape(a), value))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(recursive_schemas(), recursive_schemas(), st.lists(values, min_size=5, max_size=15))
def test_a_value_of_a_proved_recursive_pair_is_never_refused(a, b, tried):
    verdict = is_contained(a, b)

    assert not isinstance(verdict, Undecided) or verdict.reason
    if verdict == Proved():
        assert all(is_valid(shape(b), value) for value in tried if is_valid(shape(a), value))


@some
@given(schemas(), schemas())
def test_the_same_question_has_the_same_answer(a, b):
    again = json.loads(json.dumps(a))

    assert is_contained(a, b) == is_contained(again, b)


@some
@given(schemas(), schemas(), st.integers(1, 60))
def test_a_small_budget_only_leaves_questions_open(a, b, steps):
    full = is_contained(a, b)

    hurried = is_contained(a, b, budget=Budget(steps=steps))

    assert isinstance(hurried, Undecided) or type(hurried) is type(full)


@some
@given(schemas())
def test_samples_fit_and_differ(schema):
    found = sample(schema, 7, 4)

    assert found == sample(schema, 7, 4)
    assert all(is_valid(shape(schema), value) for value in found)
    assert len({json.dumps(value, sort_keys=True, default=str) for value in found}) == len(found)
    answer = satisfiable(schema)
    assert isinstance(answer, Inhabited if found else Empty)
    assert not found or is_valid(shape(schema), answer.witness)


@pytest.mark.parametrize("dialect", ["", "draft3", "https://example.com/other"])
def test_an_unknown_dialect_is_refused(dialect):
    with pytest.raises(ValueError, match="No dialect"):
        is_contained({}, {}, dialect=dialect)
