"""The judgement agrees with two independent libraries wherever they are right."""

import jsonschema
import jsonschema_rs
import pytest
import referencing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation import accepts, failures_of
from client_sdk.contract.shape import SchemaResource

LIBRARY = {
    Dialect.DRAFT4: (jsonschema.Draft4Validator, jsonschema_rs.Draft4Validator),
    Dialect.DRAFT6: (jsonschema.Draft6Validator, jsonschema_rs.Draft6Validator),
    Dialect.DRAFT7: (jsonschema.Draft7Validator, jsonschema_rs.Draft7Validator),
    Dialect.D2019: (jsonschema.Draft201909Validator, jsonschema_rs.Draft201909Validator),
    Dialect.D2020: (jsonschema.Draft202012Validator, jsonschema_rs.Draft202012Validator),
}
NAMES = st.sampled_from(["a", "b", "ab", "c1"])
NUMBERS = st.integers(-4, 4) | st.sampled_from([0.5, 1.5, -2.5])
SCALARS = st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "a", "ab", "b1"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
TYPES = ["null", "boolean", "number", "string", "array", "object"]
PATTERNS = st.sampled_from(["^a", "b$", "1", "^[ab]+$"])
COUNTS = st.integers(0, 3)


def leaves(dialect):
    strategies = {
        "type": st.sampled_from([*TYPES, "integer"]),
        "enum": st.lists(VALUES, min_size=1, max_size=3, unique_by=repr),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "multipleOf": st.sampled_from([1, 2, 3]),
        "minLength": COUNTS,
        "maxLength": COUNTS,
        "pattern": PATTERNS,
        "minItems": COUNTS,
        "maxItems": COUNTS,
        "uniqueItems": st.booleans(),
        "minProperties": COUNTS,
        "maxProperties": COUNTS,
        "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
    }
    if dialect is not Dialect.DRAFT4:
        strategies |= {"const": VALUES, "exclusiveMinimum": NUMBERS, "exclusiveMaximum": NUMBERS}
    return st.fixed_dictionaries({}, optional=strategies)


def branches(dialect, inner):
    some = st.lists(inner, min_size=1, max_size=3)
    strategies = {
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": inner,
        "properties": st.dictionaries(NAMES, inner, max_size=2),
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "additionalProperties": inner,
        "items": inner,
        "$ref": st.just("#/definitions/d"),
    }
    if dialect is not Dialect.DRAFT4:
        strategies |= {"contains": inner, "propertyNames": inner}
    if dialect not in {Dialect.DRAFT4, Dialect.DRAFT6}:
        strategies |= {"if": inner, "then": inner, "else": inner}
    if dialect in {Dialect.D2019, Dialect.D2020}:
        strategies |= {
            "unevaluatedProperties": inner,
            "unevaluatedItems": inner,
            "dependentSchemas": st.dictionaries(NAMES, inner, max_size=2),
            "dependentRequired": st.dictionaries(
                NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2
            ),
            "minContains": COUNTS,
            "maxContains": COUNTS,
        }
    else:
        strategies |= {
            "dependencies": st.dictionaries(NAMES, inner, max_size=2),
            "additionalItems": inner,
        }
    if dialect is Dialect.D2020:
        strategies |= {"prefixItems": some}
    else:
        strategies |= {"items": inner | some}
    return st.fixed_dictionaries({}, optional=strategies)


def schemas(dialect):
    plain = leaves(dialect)
    booleans = st.booleans() if dialect is not Dialect.DRAFT4 else st.just({})
    nested = st.recursive(plain | booleans, lambda inner: branches(dialect, inner), max_leaves=6)
    return st.tuples(nested, plain).map(
        lambda pair: {"definitions": {"d": pair[1]}, "allOf": [pair[0]]}
    )


@pytest.mark.parametrize("dialect", list(Dialect))
@given(data=st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_two_libraries_and_the_judgement_agree(dialect, data):
    schema, value = data.draw(schemas(dialect)), data.draw(VALUES)
    python, rust = LIBRARY[dialect]
    expected = rust(schema, validate_formats=False).is_valid(value)
    resource = SchemaResource(schema, dialect)

    assert accepts(resource, value) is expected
    assert (not failures_of(resource, value)) is expected
    if "unevaluated" not in repr(schema):  # where the plain library is known to differ
        assert plainly_valid(python(schema, registry=referencing.Registry()), value) in {
            expected,
            None,
        }


def plainly_valid(validator, value):
    """What the plain library says; None where it crashes (`additionalItems` beside `items: false`)."""
    try:
        return validator.is_valid(value)
    except TypeError:
        return None
