"""Which keywords each dialect has; a word that is not here says nothing about a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client_sdk.contract.dialect import Dialect
from client_sdk.contract.evaluation import applicators, assertions, children
from client_sdk.contract.evaluation.place import Keyword

_DRAFT4: Final[Mapping[str, Keyword]] = {
    "$ref": applicators.ref,
    "additionalItems": children.additional_items,
    "additionalProperties": children.additional_properties,
    "allOf": applicators.all_of,
    "anyOf": applicators.any_of,
    "dependencies": applicators.dependencies,
    "enum": assertions.enum,
    "items": children.items_or_tuple,
    "maxItems": assertions.max_items,
    "maxLength": assertions.max_length,
    "maxProperties": assertions.max_properties,
    "maximum": assertions.maximum,
    "minItems": assertions.min_items,
    "minLength": assertions.min_length,
    "minProperties": assertions.min_properties,
    "minimum": assertions.minimum,
    "multipleOf": assertions.multiple_of,
    "not": applicators.not_,
    "oneOf": applicators.one_of,
    "pattern": assertions.pattern,
    "patternProperties": children.pattern_properties,
    "properties": children.properties,
    "required": assertions.required,
    "type": assertions.type_,
    "uniqueItems": assertions.unique_items,
}
_DRAFT6: Final[Mapping[str, Keyword]] = {
    **_DRAFT4,
    "const": assertions.const,
    "contains": children.contains_one,
    "exclusiveMaximum": assertions.exclusive_maximum,
    "exclusiveMinimum": assertions.exclusive_minimum,
    "propertyNames": children.property_names,
}
_DRAFT7: Final[Mapping[str, Keyword]] = {**_DRAFT6, "if": applicators.if_}
_2019: Final[Mapping[str, Keyword]] = {
    **{keyword: judge for keyword, judge in _DRAFT7.items() if keyword != "dependencies"},
    "$recursiveRef": applicators.recursive_ref,
    "contains": children.contains,
    "dependentRequired": assertions.dependent_required,
    "dependentSchemas": applicators.dependent_schemas,
    "unevaluatedItems": children.unevaluated_items,
    "unevaluatedProperties": children.unevaluated_properties,
}
_2020: Final[Mapping[str, Keyword]] = {
    **{
        keyword: judge
        for keyword, judge in _2019.items()
        if keyword not in {"$recursiveRef", "additionalItems"}
    },
    "$dynamicRef": applicators.ref,
    "items": children.items,
    "prefixItems": children.prefix_items,
}

VOCABULARIES: Final[Mapping[Dialect, Mapping[str, Keyword]]] = {
    Dialect.DRAFT4: _DRAFT4,
    Dialect.DRAFT6: _DRAFT6,
    Dialect.DRAFT7: _DRAFT7,
    Dialect.D2019: _2019,
    Dialect.D2020: _2020,
}
