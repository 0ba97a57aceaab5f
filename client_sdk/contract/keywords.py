"""The keywords of every dialect, and the form that the value of each must have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.values import JsonObject, JsonValue, integer_in, is_number

TYPE_NAMES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


class Holds(Enum):
    """Where the schemas inside the value of a keyword stand."""

    NOTHING = "nothing"
    SCHEMA = "schema"
    LIST = "list"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Keyword:
    """The form of a keyword's value, in words and as a test of its outermost layer."""

    form: str
    fits: Callable[[JsonValue], bool]
    holds: Holds = Holds.NOTHING
    in_place: bool = False  # the schemas inside judge the same value as the schema around them


def keywords_of(dialect: Dialect) -> Mapping[str, Keyword]:
    """Give the keywords and annotations of a dialect by name."""
    return _KEYWORDS[dialect]


def is_schema_value(value: JsonValue) -> bool:
    """Tell whether a value has the outermost form of a schema: an object or a boolean."""
    return isinstance(value, dict | bool)


def _is_string(value: JsonValue) -> bool:
    return isinstance(value, str)


def _is_boolean(value: JsonValue) -> bool:
    return isinstance(value, bool)


def _is_positive(value: JsonValue) -> bool:
    return is_number(value) and value > 0


def _is_count(value: JsonValue) -> bool:
    number = integer_in(value)
    return number is not None and number >= 0


def _is_array(value: JsonValue) -> bool:
    return isinstance(value, list)


def _is_strings(value: JsonValue) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_some_strings(value: JsonValue) -> bool:
    return bool(value) and _is_strings(value)


def _is_types(value: JsonValue) -> bool:
    return isinstance(value, str) or _is_some_strings(value)


def _is_schemas(value: JsonValue) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_schema_value, value))


def _is_schema_map(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(map(is_schema_value, value.values()))


def _is_strings_map(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(map(_is_strings, value.values()))


def _is_dependencies(value: JsonValue) -> bool:
    return isinstance(value, dict) and all(
        is_schema_value(item) or _is_strings(item) for item in value.values()
    )


def _is_schema_or_schemas(value: JsonValue) -> bool:
    return is_schema_value(value) or (isinstance(value, list) and all(map(is_schema_value, value)))


def _is_anything(_: JsonValue) -> bool:
    return True


def _is_object(value: JsonValue) -> bool:
    return isinstance(value, dict)


_STRING: Final = Keyword("a string", _is_string)
_BOOLEAN: Final = Keyword("a boolean", _is_boolean)
_NUMBER: Final = Keyword("a number", is_number)
_POSITIVE: Final = Keyword("a number above 0", _is_positive)
_COUNT: Final = Keyword("an integer from 0", _is_count)
_ARRAY: Final = Keyword("an array", _is_array)
_NAMES: Final = Keyword("an array of strings", _is_strings)
_NAMES_OF: Final = Keyword("an object of arrays of strings", _is_strings_map)
_TYPES: Final = Keyword("the name of a type, or an array of them", _is_types)
_ANYTHING: Final = Keyword("any value", _is_anything)
_OBJECT: Final = Keyword("an object", _is_object)

_SCHEMA: Final = Keyword("a schema", is_schema_value, Holds.SCHEMA)
_HERE: Final = Keyword("a schema", is_schema_value, Holds.SCHEMA, in_place=True)
_PLACES: Final = Keyword("an array of schemas, not empty", _is_schemas, Holds.LIST)
_BRANCHES: Final = Keyword("an array of schemas, not empty", _is_schemas, Holds.LIST, in_place=True)
_MEMBERS: Final = Keyword("an object of schemas", _is_schema_map, Holds.MAP)
_MEMBERS_HERE: Final = Keyword("an object of schemas", _is_schema_map, Holds.MAP, in_place=True)
_ITEMS: Final = Keyword("a schema, or an array of schemas", _is_schema_or_schemas, Holds.LIST)
_DEPENDENCIES: Final = Keyword(
    "an object of schemas or arrays of strings", _is_dependencies, Holds.MAP, in_place=True
)

_EVERYWHERE: Final[dict[str, Keyword]] = {
    "$schema": _STRING,
    "$ref": _STRING,
    "$comment": _STRING,
    "$defs": _MEMBERS,
    "definitions": _MEMBERS,
    "title": _STRING,
    "description": _STRING,
    "default": _ANYTHING,
    "examples": _ARRAY,
    "deprecated": _BOOLEAN,
    "readOnly": _BOOLEAN,
    "writeOnly": _BOOLEAN,
    "format": _STRING,
    "contentEncoding": _STRING,
    "contentMediaType": _STRING,
    "type": _TYPES,
    "enum": _ARRAY,
    "allOf": _BRANCHES,
    "anyOf": _BRANCHES,
    "oneOf": _BRANCHES,
    "not": _HERE,
    "multipleOf": _POSITIVE,
    "maximum": _NUMBER,
    "minimum": _NUMBER,
    "maxLength": _COUNT,
    "minLength": _COUNT,
    "pattern": _STRING,
    "maxItems": _COUNT,
    "minItems": _COUNT,
    "uniqueItems": _BOOLEAN,
    "maxProperties": _COUNT,
    "minProperties": _COUNT,
    "required": _NAMES,
    "properties": _MEMBERS,
    "patternProperties": _MEMBERS,
    "additionalProperties": _SCHEMA,
}
_BEFORE_2019: Final[dict[str, Keyword]] = {"dependencies": _DEPENDENCIES}
_BEFORE_2020: Final[dict[str, Keyword]] = {"items": _ITEMS, "additionalItems": _SCHEMA}
_DRAFT4_ONLY: Final[dict[str, Keyword]] = {
    "id": _STRING,
    "exclusiveMaximum": _BOOLEAN,
    "exclusiveMinimum": _BOOLEAN,
}
_SINCE_6: Final[dict[str, Keyword]] = {
    "$id": _STRING,
    "const": _ANYTHING,
    "contains": _SCHEMA,
    "propertyNames": _SCHEMA,
    "exclusiveMaximum": _NUMBER,
    "exclusiveMinimum": _NUMBER,
}
_SINCE_7: Final[dict[str, Keyword]] = {"if": _HERE, "then": _HERE, "else": _HERE}
_SINCE_2019: Final[dict[str, Keyword]] = {
    "$anchor": _STRING,
    "$vocabulary": _OBJECT,
    "contentSchema": _SCHEMA,
    "dependentRequired": _NAMES_OF,
    "dependentSchemas": _MEMBERS_HERE,
    "maxContains": _COUNT,
    "minContains": _COUNT,
    "unevaluatedItems": _SCHEMA,
    "unevaluatedProperties": _SCHEMA,
}
_2019_ONLY: Final[dict[str, Keyword]] = {"$recursiveRef": _STRING, "$recursiveAnchor": _BOOLEAN}
_SINCE_2020: Final[dict[str, Keyword]] = {
    "$dynamicRef": _STRING,
    "$dynamicAnchor": _STRING,
    "items": _SCHEMA,
    "prefixItems": _PLACES,
}

_KEYWORDS: Final[dict[Dialect, dict[str, Keyword]]] = {
    Dialect.DRAFT4: _EVERYWHERE | _BEFORE_2019 | _BEFORE_2020 | _DRAFT4_ONLY,
    Dialect.DRAFT6: _EVERYWHERE | _BEFORE_2019 | _BEFORE_2020 | _SINCE_6,
    Dialect.DRAFT7: _EVERYWHERE | _BEFORE_2019 | _BEFORE_2020 | _SINCE_6 | _SINCE_7,
    Dialect.D2019: (_EVERYWHERE | _BEFORE_2020 | _SINCE_6 | _SINCE_7 | _SINCE_2019 | _2019_ONLY),
    Dialect.D2020: _EVERYWHERE | _SINCE_6 | _SINCE_7 | _SINCE_2019 | _SINCE_2020,
}


def ref_stands_alone(schema: JsonObject, dialect: Dialect) -> bool:
    """Tell whether a schema is its `$ref` and nothing else: up to draft 7 siblings are void."""
    return dialect in _REF_STANDS_ALONE and isinstance(schema.get("$ref"), str)


_REF_STANDS_ALONE: Final = frozenset((Dialect.DRAFT4, Dialect.DRAFT6, Dialect.DRAFT7))
