import pytest

from client_sdk.contract.constraints import (
    FieldAbsentIf,
    FieldEquals,
    FieldMatches,
    FieldPresentIf,
    SchemaConstraint,
    field_tokens,
    required_fields_schema,
)
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.schema_gate import check_user_schema
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.validation import is_valid


def holds(constraint, body) -> bool:
    schema = constraint.to_schema()
    assert check_user_schema(schema.schema, schema.dialect) == ()
    return is_valid(Shape((schema,)), body)


def test_field_equals_wants_the_field_present_and_equal_as_json():
    constraint = FieldEquals("n", 1)

    assert holds(constraint, {"n": 1.0, "m": 2})
    for body in ({}, {"n": True}, {"n": "1"}, {"n": None}, [1], None, "n"):
        assert not holds(constraint, body)


def test_a_null_is_not_an_absent_field():
    assert holds(FieldEquals("n", None), {"n": None})
    assert not holds(FieldEquals("n", None), {})


def test_field_present_if_asks_only_when_the_condition_holds():
    constraint = FieldPresentIf("status", "released", "released_at")

    assert holds(constraint, {"status": "released", "released_at": None})
    assert holds(constraint, {"status": "pending"})
    assert holds(constraint, {})
    assert holds(constraint, ["released"])
    assert not holds(constraint, {"status": "released"})


def test_field_absent_if_is_the_mirror_image():
    constraint = FieldAbsentIf("status", "pending", "released_at")

    assert holds(constraint, {"status": "pending"})
    assert holds(constraint, {"status": "released", "released_at": 1})
    assert holds(constraint, {"released_at": 1})
    assert not holds(constraint, {"status": "pending", "released_at": 1})


def test_field_matches_searches_in_a_string_that_is_there():
    constraint = FieldMatches("id", "esc_[0-9]")

    assert holds(constraint, {"id": "an esc_1 of mine"})
    for body in ({"id": "esc_x"}, {"id": 7}, {}, None):
        assert not holds(constraint, body)


def test_a_schema_constraint_is_its_schema_in_its_own_dialect():
    resource = SchemaResource({"minimum": 3, "exclusiveMinimum": True}, Dialect.DRAFT4)
    constraint = SchemaConstraint(resource)

    assert constraint.to_schema() is resource
    assert holds(constraint, 4)
    assert not holds(constraint, 3)


@pytest.mark.parametrize(
    ("field", "body", "is_there"),
    [
        ("/a/b", {"a": {"b": 1}}, True),
        ("/a/b", {"a": {}}, False),
        ("/a/b", {"a": [1]}, False),
        ("/a/1", {"a": [0, 1]}, True),
        ("/a/1", {"a": [0]}, False),
        ("/a/1", {"a": {"1": 1}}, True),
        ("/a/1", {"a": {"2": 1}}, False),
        ("/a/1/b", {"a": [None, {"b": 0}]}, True),
        ("/a/1/b", {"a": [{"b": 0}, None]}, False),
        ("/a/1/b", {"a": {"1": {"b": 0}}}, True),
        ("/a/1/b", {"a": {"0": {"b": 0}}}, False),
        ("/0/0/0", [[[1]]], True),
        ("/0/0/0", {"0": [{"0": 1}]}, True),
        ("/0/0/0", [[1]], False),
        ("/01", {"01": 1}, True),
        ("/01", [1, 2], False),
        ("/", {"": 1}, True),
        ("/a~1b", {"a/b": 1}, True),
        ("0", {"0": 1}, True),
        ("0", [1], False),
        ("a/b", {"a/b": 1}, True),
        ("/999", [0] * 1000, True),
        ("/999", [0] * 999, False),
    ],
)
def test_a_numeric_token_is_the_index_of_an_array_or_the_member_of_an_object(field, body, is_there):
    assert is_valid(Shape((required_fields_schema((field,)),)), body) is is_there
    assert holds(
        FieldAbsentIf("/x", 1, field), {"x": 1, **body} if isinstance(body, dict) else body
    ) is not (is_there and isinstance(body, dict))


def test_the_value_below_a_numeric_token_is_compared_in_both_readings():
    constraint = FieldEquals("/lines/1/sku", "b")

    assert holds(constraint, {"lines": [{"sku": "a"}, {"sku": "b"}]})
    assert holds(constraint, {"lines": {"1": {"sku": "b"}}})
    assert not holds(constraint, {"lines": [{"sku": "b"}, {"sku": "a"}]})
    assert not holds(constraint, {"lines": {"1": {"sku": "a"}}})


def test_a_long_row_of_numeric_tokens_stays_small():
    schema = FieldEquals("/0" * 32, 1).to_schema()

    assert len(repr(schema.schema)) < 10_000
    assert check_user_schema(schema.schema, schema.dialect) == ()


def test_names_and_pointers_are_required_together():
    shape = Shape((required_fields_schema(("a", "/b/c", "d")),))

    assert is_valid(shape, {"a": 1, "b": {"c": 1}, "d": 1})
    for body in ({"a": 1, "d": 1}, {"b": {"c": 1}, "d": 1}, {"a": 1, "b": {}, "d": 1}, []):
        assert not is_valid(shape, body)


@pytest.mark.parametrize("field", ["", "/a/1000", "/~2", "/a" * 33])
def test_what_cannot_be_a_field_is_refused(field):
    with pytest.raises(ValueError):
        field_tokens(field)
