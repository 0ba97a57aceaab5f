"""Samples: which there are, and that every one of them fits."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.sampling import sample_inputs
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid

CREATE_ESCROW = {
    "type": "object",
    "properties": {
        "payer": {"type": "string", "minLength": 1},
        "amount": {"type": "string", "pattern": "^[0-9]+\\.[0-9]{2}$"},
        "currency": {"enum": ["USD", "EUR", "GBP"]},
        "memo": {"type": "string", "maxLength": 200},
        "urgent": {"type": "boolean"},
    },
    "required": ["payer", "amount"],
    "additionalProperties": False,
}


def shape_of(schema, dialect=Dialect.D2020):
    return Shape((SchemaResource(schema, dialect),))


def samples_of(schema, *, seed=1, limit=200, **options):
    return sample_inputs(shape_of(schema), seed=seed, limit=limit, **options)


def values_of(schema, **options):
    return [sample.value for sample in samples_of(schema, **options)]


def test_the_first_two_are_the_smallest_and_the_fullest():
    minimal, maximal = samples_of(CREATE_ESCROW)[:2]

    assert (minimal.label, set(minimal.value)) == ("minimal", {"payer", "amount"})
    assert (maximal.label, set(maximal.value)) == (
        "maximal",
        {"payer", "amount", "currency", "memo", "urgent"},
    )


def test_every_listed_value_is_sent():
    assert {value.get("currency") for value in values_of(CREATE_ESCROW)} == {
        None,
        "USD",
        "EUR",
        "GBP",
    }


def test_every_optional_member_is_both_present_and_absent():
    values = values_of(CREATE_ESCROW)

    for member in ("currency", "memo", "urgent"):
        assert {member in value for value in values} == {True, False}
    labels = {sample.label for sample in samples_of(CREATE_ESCROW)}
    assert "without /memo" in labels


def test_texts_have_their_shortest_and_longest_form():
    lengths = {len(value["memo"]) for value in values_of(CREATE_ESCROW) if "memo" in value}

    assert {0, 200} <= lengths


@pytest.mark.parametrize(
    ("schema", "edges"),
    [
        ({"type": "integer", "minimum": 3, "maximum": 9}, {3, 4, 8, 9}),
        ({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 9}, {4, 5, 7, 8}),
        (
            {"type": "number", "minimum": Decimal("0.01"), "multipleOf": Decimal("0.01")},
            {Decimal("0.01"), Decimal("0.02")},
        ),
        ({"type": "integer", "multipleOf": 5, "minimum": 7, "maximum": 19}, {10, 15}),
        ({"type": "boolean"}, {True, False}),
        ({"type": ["null", "boolean"]}, {None, True, False}),
    ],
)
def test_scalars_stand_at_their_edges(schema, edges):
    assert edges <= set(values_of(schema))


def test_draft_4_bounds_are_read_with_their_flag():
    shape = shape_of(
        {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "maximum": 4}, Dialect.DRAFT4
    )

    assert {sample.value for sample in sample_inputs(shape, seed=1, limit=20)} == {2, 3, 4}


def test_arrays_have_their_fewest_and_most_items():
    lengths = {
        len(value)
        for value in values_of(
            {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 4}
        )
    }

    assert {1, 4} <= lengths


def test_each_alternative_is_taken():
    schema = {
        "oneOf": [
            {"type": "object", "properties": {"card": {"const": "x"}}, "required": ["card"]},
            {"type": "object", "properties": {"iban": {"const": "y"}}, "required": ["iban"]},
        ]
    }

    assert {frozenset(value) for value in values_of(schema)} == {
        frozenset({"card"}),
        frozenset({"iban"}),
    }


def test_references_and_conjunctions_are_followed():
    schema = {
        "$defs": {
            "money": {
                "type": "object",
                "required": ["amount"],
                "properties": {"amount": {"const": "1.00"}},
            }
        },
        "allOf": [
            {"$ref": "#/$defs/money"},
            {"required": ["currency"], "properties": {"currency": {"enum": ["EUR"]}}},
        ],
    }

    assert {"amount": "1.00", "currency": "EUR"} in values_of(schema)


def test_a_tree_that_refers_to_itself_ends():
    tree = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "children": {"type": "array", "items": {"$ref": "#"}},
        },
        "required": ["name"],
    }

    assert values_of(tree)


def test_around_an_example_only_what_is_not_pinned_varies():
    example = {"payer": "test-a", "amount": "5.00"}

    values = values_of(CREATE_ESCROW, around=example, pinned=frozenset(example))

    assert values
    assert all(value["payer"] == "test-a" and value["amount"] == "5.00" for value in values)
    assert {value.get("currency") for value in values} == {None, "USD", "EUR", "GBP"}
    assert example not in values


def test_a_pin_may_be_deep():
    schema = {
        "type": "object",
        "properties": {
            "item": {
                "type": "object",
                "properties": {"id": {"type": "string"}, "n": {"enum": [1, 2]}},
            }
        },
    }

    values = values_of(
        schema, around={"item": {"id": "keep", "n": 1}}, pinned=frozenset({"/item/id"})
    )

    assert {"item": {"id": "keep", "n": 2}} in values
    assert all(value["item"]["id"] == "keep" for value in values)


def test_the_same_seed_gives_the_same_samples():
    assert samples_of(CREATE_ESCROW, seed=5, limit=6) == samples_of(CREATE_ESCROW, seed=5, limit=6)


def test_the_limit_is_kept_and_the_first_two_with_it():
    chosen = samples_of(CREATE_ESCROW, limit=5)

    assert len(chosen) == 5
    assert [sample.label for sample in chosen[:2]] == ["minimal", "maximal"]


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "pattern": "(?!)"},
        {"allOf": [{"$ref": "#"}]},
        {"$ref": "https://example.com/elsewhere"},
        {"type": "object", "required": ["self"], "properties": {"self": {"$ref": "#"}}},
        {"not": {}},
    ],
)
def test_what_cannot_be_built_for_gives_no_sample(schema):
    assert samples_of(schema) == ()


NAMES = st.sampled_from(["a", "b", "c"])
SCHEMAS = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(
                ["string", "integer", "number", "boolean", "null", "array", "object"]
            ),
            "enum": st.lists(
                st.integers(0, 5) | st.sampled_from(["x", None, True]), min_size=1, max_size=3
            ),
            "minimum": st.integers(-3, 3),
            "maxLength": st.integers(0, 3),
            "minItems": st.integers(0, 2),
            "pattern": st.sampled_from(["^a+$", "[0-9]{2}"]),
            "multipleOf": st.sampled_from([2, Decimal("0.5")]),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": inner | st.booleans(),
            "items": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "if": inner,
            "then": inner,
        },
    ),
    max_leaves=5,
)


@given(schema=SCHEMAS, seed=st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_every_sample_fits_and_none_is_given_twice(schema, seed):
    samples = samples_of(schema, seed=seed, limit=30)

    assert all(is_valid(shape_of(schema), sample.value) for sample in samples)
    assert len({repr(sample.value) for sample in samples}) == len(samples)
