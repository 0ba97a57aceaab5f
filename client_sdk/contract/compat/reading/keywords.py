"""Which function reads which keyword; the dialect says which keywords count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client_sdk.contract.compat.reading import arrays, evaluated, logic, objects, values
from client_sdk.contract.compat.reading.reader import At, Keyword
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.values import JsonValue


def _contains(at: At, argument: JsonValue) -> Node:
    counted = at.base.dialect in {Dialect.D2019, Dialect.D2020}
    return (arrays.contains if counted else arrays.contains_one)(at, argument)


def _items(at: At, argument: JsonValue) -> Node:
    is_rest = at.base.dialect is Dialect.D2020
    return (arrays.items if is_rest else arrays.items_or_tuple)(at, argument)


KEYWORDS: Final[Mapping[str, Keyword]] = {
    "$dynamicRef": logic.ref,
    "$recursiveRef": logic.recursive_ref,
    "$ref": logic.ref,
    "additionalItems": arrays.additional_items,
    "additionalProperties": objects.additional_properties,
    "allOf": logic.all_of,
    "anyOf": logic.any_of,
    "const": values.const,
    "contains": _contains,
    "dependencies": objects.dependencies,
    "dependentRequired": objects.dependent_required,
    "dependentSchemas": objects.dependent_schemas,
    "enum": values.enum,
    "exclusiveMaximum": values.exclusive_maximum,
    "exclusiveMinimum": values.exclusive_minimum,
    "if": logic.if_,
    "items": _items,
    "maxItems": arrays.max_items,
    "maxLength": values.max_length,
    "maxProperties": objects.max_properties,
    "maximum": values.maximum,
    "minItems": arrays.min_items,
    "minLength": values.min_length,
    "minProperties": objects.min_properties,
    "minimum": values.minimum,
    "multipleOf": values.multiple_of,
    "not": logic.not_,
    "oneOf": logic.one_of,
    "pattern": values.pattern,
    "patternProperties": objects.pattern_properties,
    "prefixItems": arrays.prefix_items,
    "properties": objects.properties,
    "propertyNames": objects.property_names,
    "required": objects.required,
    "type": values.type_,
    "unevaluatedItems": evaluated.unevaluated_items,
    "unevaluatedProperties": evaluated.unevaluated_properties,
    "uniqueItems": arrays.unique_items,
}

# Formats are annotations unless a caller asks for more; what they accept is not modelled.
KEYWORDS_AND_FORMAT: Final[Mapping[str, Keyword]] = {**KEYWORDS, "format": values.format_}
