"""A second judge beside the own one: the `jsonschema` library, with exact numbers and patterns.

The library brings an independent reading of every applicator and reference. What it reads
otherwise than this kernel by choice (binary floats, Python's patterns, `1 == true`) is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from jsonschema import validators
from jsonschema.exceptions import ValidationError
from jsonschema_specifications import (  # type: ignore[import-untyped]
    REGISTRY as META_SCHEMAS,
)

from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.document import equality_key
from client_sdk.contract.evaluation.judge import Steps, failures_of
from client_sdk.contract.evaluation.numbers import is_integral, is_multiple, number_of
from client_sdk.contract.evaluation.resources import words_of
from client_sdk.contract.patterns import compile_pattern
from client_sdk.contract.shape import SchemaResource
from client_sdk.contract.values import JsonValue

_Errors: TypeAlias = Iterator[ValidationError]
_Keyword: TypeAlias = Callable[[Any, Any, Any, Any], _Errors]

_REMEMBERED: Final = 256
_MAX_STEPS: Final = 20_000
_UNRELIABLE: Final = frozenset(("unevaluatedProperties", "unevaluatedItems"))
_REFERENCES: Final = frozenset(("$ref", "$dynamicRef", "$recursiveRef"))
_extend: Final[Callable[..., Any]] = validators.extend


def second_opinion(
    resource: SchemaResource, value: JsonValue, *, trusting: bool = False
) -> bool | None:
    """Whether the library takes the value under the resource; `None` when it cannot say.

    It cannot when it fails itself, when the judgement is long (it has no budget of its own), and
    about `unevaluated…`, which it reads differently and with Python's own patterns, unless the
    caller is `trusting`. Nothing is fetched: only the standard meta-schemas are known besides the
    resource itself.
    """
    try:
        judge = _judge(resource)
        if judge.is_unreliable and not trusting:
            return None
        if judge.may_explode:
            failures_of(resource, value, steps=Steps(_MAX_STEPS))
        return bool(judge.validator.is_valid(value))
    except Exception:  # noqa: BLE001 - whatever it raises, it has no opinion
        return None


def is_trusted(resource: SchemaResource) -> bool:
    """Whether the library reads every keyword of the resource as the specification does."""
    return not _judge(resource).is_unreliable


@dataclass(frozen=True, slots=True)
class _Judge:
    """The library's validator of a resource; with references its work may be exponential.

    It is unreliable about keywords that it reads otherwise than the specification.
    """

    validator: Any
    may_explode: bool
    is_unreliable: bool


@lru_cache(maxsize=_REMEMBERED)
def _judge(resource: SchemaResource) -> _Judge:
    schema = resource.schema
    words = words_of(resource)
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    dialect = (dialect_from_uri(uri) if isinstance(uri, str) else None) or resource.dialect
    validator = _class_of(dialect)(schema, registry=META_SCHEMAS)
    return _Judge(
        validator,
        may_explode=not _REFERENCES.isdisjoint(words),
        is_unreliable=not _UNRELIABLE.isdisjoint(words),
    )


@lru_cache(maxsize=len(Dialect))
def _class_of(dialect: Dialect) -> Any:  # noqa: ANN401 - the library makes classes at run time
    original = _LIBRARY[dialect]
    known = {name: judge for name, judge in _EXACT.items() if name in original.VALIDATORS}
    if dialect is Dialect.DRAFT4:
        known |= {keyword: _draft4_bound(keyword) for keyword in ("minimum", "maximum")}
    checker = original.TYPE_CHECKER.redefine_many(_TYPES)
    return _extend(original, validators=known, type_checker=checker)


def _is_number(_: object, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return number_of(value) is not None


def _is_integer(_: object, value: Any) -> bool:  # noqa: ANN401 - any JSON value
    number = number_of(value)
    return number is not None and is_integral(number)


def _pattern(validator: Any, source: str, value: Any, _: object) -> _Errors:  # noqa: ANN401
    if validator.is_type(value, "string") and not compile_pattern(source).search(value):
        yield ValidationError("pattern")


def _pattern_properties(
    validator: Any,  # noqa: ANN401
    patterns: Mapping[str, Any],
    value: Any,  # noqa: ANN401
    _: object,
) -> _Errors:
    if not validator.is_type(value, "object"):
        return
    for source, schema in patterns.items():
        pattern = compile_pattern(source)
        for name, inner in value.items():
            if pattern.search(name):
                yield from validator.descend(inner, schema)


def _additional_properties(validator: Any, rest: Any, value: Any, schema: Any) -> _Errors:  # noqa: ANN401
    if not validator.is_type(value, "object"):
        return
    patterns = [compile_pattern(each) for each in schema.get("patternProperties", {})]
    for name, inner in value.items():
        listed = name in schema.get("properties", {})
        if not listed and not any(each.search(name) for each in patterns):
            yield from validator.descend(inner, rest)


def _multiple_of(_: object, divisor: Any, value: Any, __: object) -> _Errors:  # noqa: ANN401
    number, by = number_of(value), number_of(divisor)
    if number is not None and by is not None and not is_multiple(number, by):
        yield ValidationError("multipleOf")


def _bound(holds: Callable[[Any, Any], bool]) -> _Keyword:
    def judge(_: object, bound: Any, value: Any, __: object) -> _Errors:  # noqa: ANN401
        number, limit = number_of(value), number_of(bound)
        if number is not None and limit is not None and not holds(number, limit):
            yield ValidationError("bound")

    return judge


def _draft4_bound(keyword: str) -> _Keyword:
    """The bounds of draft 4, where `exclusive…` is a flag beside them."""
    flag = f"exclusive{keyword.capitalize()}"

    def judge(_: object, bound: Any, value: Any, schema: Any) -> _Errors:  # noqa: ANN401
        number, limit = number_of(value), number_of(bound)
        if number is None or limit is None:
            return
        is_over = number > limit if keyword == "maximum" else number < limit
        if is_over or (number == limit and schema.get(flag) is True):
            yield ValidationError(keyword)

    return judge


def _const(_: object, wanted: Any, value: Any, __: object) -> _Errors:  # noqa: ANN401
    if equality_key(wanted) != equality_key(value):
        yield ValidationError("const")


def _enum(_: object, wanted: list[Any], value: Any, __: object) -> _Errors:  # noqa: ANN401
    key = equality_key(value)
    if not any(equality_key(each) == key for each in wanted):
        yield ValidationError("enum")


def _unique_items(validator: Any, wanted: Any, value: Any, __: object) -> _Errors:  # noqa: ANN401
    is_asked = wanted is True and validator.is_type(value, "array")
    if is_asked and len({equality_key(each) for each in value}) < len(value):
        yield ValidationError("uniqueItems")


_TYPES: Final = {"number": _is_number, "integer": _is_integer}
_LIBRARY: Final[Mapping[Dialect, Any]] = {
    Dialect.DRAFT4: validators.Draft4Validator,
    Dialect.DRAFT6: validators.Draft6Validator,
    Dialect.DRAFT7: validators.Draft7Validator,
    Dialect.D2019: validators.Draft201909Validator,
    Dialect.D2020: validators.Draft202012Validator,
}
_EXACT: Final[Mapping[str, _Keyword]] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "multipleOf": _multiple_of,
    "minimum": _bound(lambda number, limit: number >= limit),
    "maximum": _bound(lambda number, limit: number <= limit),
    "exclusiveMinimum": _bound(lambda number, limit: number > limit),
    "exclusiveMaximum": _bound(lambda number, limit: number < limit),
    "const": _const,
    "enum": _enum,
    "uniqueItems": _unique_items,
}
