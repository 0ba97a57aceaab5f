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


def test_texts_of_a_pattern_have_their_shortest_and_longest_form_too():
    schema = {"type": "string", "pattern": "^[a-z]+$", "minLength": 3, "maxLength": 12}

    assert {3, 12} <= {len(value) for value in values_of(schema)}
    assert {len(value) for value in values_of({**schema, "maxLength": 5_000})} >= {3}


def test_members_that_must_be_there_are_declared_ones_first():
    schema = {"properties": {"a": {"const": 1}, "b": {"const": 2}}, "minProperties": 2}

    assert samples_of(schema)[0].value == {"a": 1, "b": 2}
    assert samples_of({**schema, "minProperties": 3})[0].value == {"a": 1, "b": 2, "key1": "sample"}
    assert samples_of({**schema, "properties": {"a": False}})[0].value.keys() == {"key1", "key2"}


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
        ({"type": "number", "minimum": 0.2, "maximum": 0.8}, {Decimal("0.2"), Decimal("0.8")}),
        ({"type": "number", "minimum": 0.5, "maximum": 1.5}, {Decimal("0.5"), 1, Decimal("1.5")}),
        (
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.8},
            {Decimal("0.1"), Decimal("0.7")},
        ),
        ({"type": "number", "exclusiveMinimum": 1.5}, {Decimal("1.625"), 2}),
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


def test_a_wide_tree_ends_too():
    wide = {"type": "object", "properties": {f"m{number}": {"$ref": "#"} for number in range(30)}}

    assert {} in values_of(wide, limit=5)


def test_what_requires_too_much_gives_no_sample():
    wide = {
        "type": "object",
        "properties": {"m": {"$ref": "#"}, "n": {"$ref": "#"}},
        "required": ["m", "n"],
    }

    assert values_of(wide, limit=5) == []


def test_around_an_example_only_what_is_not_pinned_varies():
    example = {"payer": "test-a", "amount": "5.00"}

    values = values_of(CREATE_ESCROW, around=example, pinned=frozenset(example))

    assert values
    assert all(value["payer"] == "test-a" and value["amount"] == "5.00" for value in values)
    assert {value.get("currency") for value in values} == {None, "USD", "EUR", "GBP"}
    assert example not in values


def test_around_an_example_every_optional_member_is_also_sent_at_once():
    """broker.md 4: maximal; what only two members together bring about would stay unseen."""
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "currency": {"enum": ["EUR", "USD"]},
            "memo": {"type": "string", "minLength": 1},
            "to": {"type": "object", "properties": {"bank": {"const": "B"}}},
        },
        "required": ["id"],
    }
    example = {"id": "a", "to": {}}
    samples = samples_of(schema, around=example, pinned=frozenset(example), limit=1)
    assert [sample.label for sample in samples] == ["maximal"]
    value = samples[0].value
    assert (value["id"], value["to"], set(value)) == (
        *("a", {"bank": "B"}),
        {"id", "currency", "memo", "to"},
    )


def test_an_example_that_does_not_fit_is_varied_into_inputs_that_do():
    schema = {"type": "object", "properties": {"a": False, "b": {"const": 1}}}

    assert [sample.value for sample in samples_of(schema, around={"a": 1})] == [{}]


def test_what_cannot_be_judged_is_not_sent():
    assert values_of({"type": "integer", "not": {"$ref": "#"}}) == []


def test_of_a_required_tree_that_is_too_wide_to_vary_there_is_one_sample():
    names = [f"m{number}" for number in range(12)]

    def level(of):
        return {"type": "object", "required": names, "properties": dict.fromkeys(names, of)}

    definitions = {"leaf": level({"const": 1}), "inner": level({"$ref": "#/$defs/leaf"})}

    (value,) = values_of(level({"$ref": "#/$defs/inner"}) | {"$defs": definitions})

    leaf = dict.fromkeys(names, 1)
    assert value == dict.fromkeys(names, dict.fromkeys(names, leaf))


def test_an_optional_number_that_no_step_meets_is_left_out():
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": ["integer", "null"], "exclusiveMinimum": 1, "exclusiveMaximum": 2}
        },
    }

    assert {"n": None} in values_of(schema, around={})


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
        {"type": "string", "pattern": "(?<=a)b"},
    ],
)
def test_what_cannot_be_built_for_gives_no_sample(schema):
    assert samples_of(schema) == ()


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"allOf": [{"type": "number"}, {"type": "integer", "minimum": 5}]}, 5),
        ({"allOf": [{"minimum": 1}, {"minimum": 4}, {"maximum": 9}, {"maximum": 6}]}, 6),
        ({"allOf": [{"enum": [1, 2, 3]}, {"enum": [3]}]}, 3),
        ({"allOf": [{"maxLength": 5}, {"maxLength": 2}, {"minLength": 1}, {"minLength": 2}]}, "xx"),
        ({"type": "string", "format": "date-time"}, "2026-01-31T12:00:00Z"),
        ({"type": "string", "pattern": "^A{3}$", "maxLength": 3}, "AAA"),
        ({"type": "array", "prefixItems": [{"const": 1}, {"const": 2}], "items": False}, [1, 2]),
        ({"type": "object", "minProperties": 1, "additionalProperties": {"const": 1}}, {"key1": 1}),
        (
            {"type": "object", "minProperties": 1, "patternProperties": {"^k$": {"const": 1}}},
            {"k": 1},
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"const": 1}, "b": {"const": 2}},
                "dependentRequired": {"a": ["b"]},
            },
            {"a": 1, "b": 2},
        ),
        (
            {
                "if": {"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}},
                "then": {"required": ["b"]},
                "else": False,
            },
            {"a": 1, "b": "sample"},
        ),
        ({"properties": {"a": {"const": 1}}}, {"a": 1}),
        ({"items": {"const": 1}}, [1]),
        ({"minimum": 3}, 3),
        ({"enum": ["x", 1], "type": "integer"}, 1),
        ({"type": "object", "properties": {"a": True}, "required": ["a"]}, {"a": "sample"}),
        ({"allOf": [{"maximum": 4, "type": "integer"}, {"maximum": 9}]}, 4),
        (
            {
                "type": "array",
                "minItems": 1,
                "allOf": [
                    {"prefixItems": [{"type": "integer"}]},
                    {"prefixItems": [{"minimum": 7}]},
                ],
            },
            [7],
        ),
        ({"type": "object", "properties": {"a": False, "b": {"const": 1}}}, {"b": 1}),
    ],
)
def test_conditions_that_meet_at_a_place_are_kept_together(schema, expected):
    assert expected in values_of(schema)


def test_items_of_a_tuple_vary_one_by_one():
    draft7 = shape_of(
        {"type": "array", "items": [{"enum": [1, 2]}, {"const": 3}], "minItems": 2}, Dialect.DRAFT7
    )

    assert [1, 3] in [sample.value for sample in sample_inputs(draft7, seed=1, limit=20)]
    assert [2, 3] in [sample.value for sample in sample_inputs(draft7, seed=1, limit=20)]


def test_dependencies_of_old_drafts_bring_members_along():
    draft7 = shape_of(
        {
            "type": "object",
            "properties": {"a": {"const": 1}},
            "dependencies": {"a": ["b"], "c": {}},
        },
        Dialect.DRAFT7,
    )

    assert {"a": 1, "b": "sample"} in [
        sample.value for sample in sample_inputs(draft7, seed=1, limit=20)
    ]


def test_members_of_list_items_may_be_left_out():
    schema = {
        "type": "array",
        "items": {"type": "object", "properties": {"a": {"const": 1}}},
        "minItems": 1,
    }

    assert [{}] in values_of(schema)


def test_a_whole_number_keeps_to_fractional_steps():
    assert {3, 6} <= set(values_of({"type": "integer", "multipleOf": Decimal("1.5"), "minimum": 2}))


@pytest.mark.parametrize(
    ("schema", "first"),
    [
        (
            {"type": "object", "required": ["a"], "not": {"properties": {"a": {"type": "string"}}}},
            {"a": None},
        ),
        ({"type": "integer", "multipleOf": 7, "not": {"multipleOf": 14}, "minimum": 8}, 21),
        ({"allOf": [{"anyOf": [{}] * 500}, {"allOf": [{}] * 500}]}, None),
        (
            {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "z$"}, {"minLength": 3}]},
            "aaz",
        ),
    ],
)
def test_what_cannot_be_built_is_searched_for(schema, first):
    found = samples_of(schema, limit=5)

    assert found[0].value == first
    assert found == samples_of(schema, limit=5)


def test_bounds_that_leave_no_number_give_no_sample():
    assert values_of({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}) == []


def test_listed_values_of_every_type_are_recognised():
    schema = {
        "type": ["boolean", "null", "array", "object"],
        "enum": ["text", 1, True, None, [], {}],
    }

    assert values_of(schema) == [True, {}, None, []]


def test_contradicting_types_give_no_sample():
    assert values_of({"allOf": [{"type": "string"}, {"type": "null"}]}) == []


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


def test_listed_values_of_no_type_that_fits_give_no_sample():
    assert values_of({"type": "string", "enum": [1, 2]}) == []


def test_of_two_lists_the_shorter_one_is_sent():
    lists = [{"enum": [1]}, {"enum": [3, 2, 1]}]

    assert values_of({"allOf": lists}) == [1]
    assert values_of({"allOf": lists[::-1]}) == [1]
