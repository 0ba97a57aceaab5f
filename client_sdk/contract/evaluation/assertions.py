"""Keywords that judge a value by itself: types, numbers, lengths, values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from client_sdk.contract.evaluation.failures import SchemaUnusable
from client_sdk.contract.evaluation.numbers import is_integral, is_multiple, number_of
from client_sdk.contract.evaluation.place import CHARACTERS_PER_STEP, Place
from client_sdk.contract.evaluation.wording import listed, shown
from client_sdk.contract.patterns import Pattern, compile_pattern
from client_sdk.contract.values import JsonObject, JsonValue


def type_(at: Place, types: JsonValue) -> None:
    """Hold when the value has one of the named types."""
    names = types if isinstance(types, list) else [types]
    for name in names:
        if _has_type(at.value, name):
            return
    at.fail("type", " or ".join(str(name) for name in names))


def enum(at: Place, values: JsonValue) -> None:
    """Hold when the value equals one of the listed ones, as JSON."""
    allowed = a_list(values)
    if at.run.key_of(at.value) not in at.run.resource.keys_of(allowed):
        at.fail("enum", f"one of {listed(allowed)}" if allowed else "nothing")


def const(at: Place, value: JsonValue) -> None:
    """Hold when the value equals the given one, as JSON."""
    if at.run.key_of(at.value) != at.run.key_of(value):
        at.fail("const", shown(value))


def minimum(at: Place, bound: JsonValue) -> None:
    """Hold when a number is not below the bound."""
    _compare(at, "minimum", bound, at_bound=at.schema.get("exclusiveMinimum") is not True)


def maximum(at: Place, bound: JsonValue) -> None:
    """Hold when a number is not above the bound."""
    _compare(at, "maximum", bound, at_bound=at.schema.get("exclusiveMaximum") is not True)


def exclusive_minimum(at: Place, bound: JsonValue) -> None:
    """Hold when a number is above the bound (since draft 6; in draft 4 `minimum` reads a flag)."""
    _compare(at, "minimum", bound, at_bound=False, rule="exclusiveMinimum")


def exclusive_maximum(at: Place, bound: JsonValue) -> None:
    """Hold when a number is below the bound (since draft 6; in draft 4 `maximum` reads a flag)."""
    _compare(at, "maximum", bound, at_bound=False, rule="exclusiveMaximum")


def multiple_of(at: Place, divisor: JsonValue) -> None:
    """Hold when a number divided by the divisor is an integer."""
    number, by = number_of(at.value), a_number(divisor)
    if by <= 0:
        raise SchemaUnusable("multipleOf needs a number above zero.")
    if number is not None and not is_multiple(number, by):
        at.fail("multipleOf", f"a multiple of {by}")


def min_length(at: Place, least: JsonValue) -> None:
    """Hold when a string has at least so many characters."""
    if isinstance(at.value, str) and len(at.value) < a_number(least):
        at.fail("minLength", f"at least {least} characters")


def max_length(at: Place, most: JsonValue) -> None:
    """Hold when a string has at most so many characters."""
    if isinstance(at.value, str) and len(at.value) > a_number(most):
        at.fail("maxLength", f"at most {most} characters")


def pattern(at: Place, source: JsonValue) -> None:
    """Hold when the pattern is found in a string."""
    if isinstance(at.value, str):
        at.run.spend(len(at.value) // CHARACTERS_PER_STEP)
        if not compiled(a_string(source)).search(at.value):
            at.fail("pattern", f"text in which {source} is found")


def min_items(at: Place, least: JsonValue) -> None:
    """Hold when an array has at least so many items."""
    if isinstance(at.value, list) and len(at.value) < a_number(least):
        at.fail("minItems", f"at least {least} items")


def max_items(at: Place, most: JsonValue) -> None:
    """Hold when an array has at most so many items."""
    if isinstance(at.value, list) and len(at.value) > a_number(most):
        at.fail("maxItems", f"at most {most} items")


def unique_items(at: Place, wanted: JsonValue) -> None:
    """Hold when no two items of an array are equal; by hashing, so in linear time."""
    if wanted is True and isinstance(at.value, list):
        at.run.spend(len(at.value))
        if len({at.run.key_of(item) for item in at.value}) < len(at.value):
            at.fail("uniqueItems", "items that all differ")


def min_properties(at: Place, least: JsonValue) -> None:
    """Hold when an object has at least so many members."""
    if isinstance(at.value, dict) and len(at.value) < a_number(least):
        at.fail("minProperties", f"at least {least} members")


def max_properties(at: Place, most: JsonValue) -> None:
    """Hold when an object has at most so many members."""
    if isinstance(at.value, dict) and len(at.value) > a_number(most):
        at.fail("maxProperties", f"at most {most} members")


def required(at: Place, names: JsonValue) -> None:
    """Hold when an object has every named member."""
    if isinstance(at.value, dict):
        for name in a_list(names):
            if name not in at.value:
                at.fail("required", "a member of this name", member=a_string(name))


def dependent_required(at: Place, groups: JsonValue) -> None:
    """Hold when each present member has the members it depends on."""
    if isinstance(at.value, dict):
        for member, names in an_object(groups).items():
            need_beside(at, member, a_list(names), "dependentRequired")


def need_beside(at: Place, member: str, names: list[JsonValue], rule: str) -> None:
    """Note every absent name that the presence of `member` asks for."""
    if isinstance(at.value, dict) and member in at.value:
        for name in names:
            if name not in at.value:
                at.fail(rule, f"a member of this name beside {member}", member=a_string(name))


def a_list(value: JsonValue) -> list[JsonValue]:
    """Take a keyword's argument as an array."""
    if not isinstance(value, list):
        raise SchemaUnusable(f"A keyword needs an array, not {shown(value)}.")
    return value


def an_object(value: JsonValue) -> JsonObject:
    """Take a keyword's argument as an object."""
    if not isinstance(value, dict):
        raise SchemaUnusable(f"A keyword needs an object, not {shown(value)}.")
    return value


def a_string(value: JsonValue) -> str:
    """Take a keyword's argument as a string."""
    if not isinstance(value, str):
        raise SchemaUnusable(f"A keyword needs a string, not {shown(value)}.")
    return value


def a_number(value: JsonValue) -> int | Decimal:
    """Take a keyword's argument as a number."""
    number = number_of(value)
    if number is None:
        raise SchemaUnusable(f"A keyword needs a number, not {shown(value)}.")
    return number


@lru_cache(maxsize=2_000)
def compiled(source: str) -> Pattern:
    """Compile a pattern once per process."""
    return compile_pattern(source)


def _has_type(value: JsonValue, name: JsonValue) -> bool:
    known = TYPES.get(name) if isinstance(name, str) else None
    if known is None:
        raise SchemaUnusable(f"There is no type {shown(name)}.")
    return known(value)


def _is_integer(value: JsonValue) -> bool:
    number = number_of(value)
    return number is not None and is_integral(number)


TYPES: Final[Mapping[str, Callable[[JsonValue], bool]]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "number": lambda value: number_of(value) is not None,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _compare(
    at: Place, side: str, bound: JsonValue, *, at_bound: bool, rule: str | None = None
) -> None:
    limit, number = a_number(bound), number_of(at.value)
    if number is None or (number > limit if side == "minimum" else number < limit):
        return
    if not (at_bound and number == limit):
        words = BOUND_WORDS[side, at_bound]
        at.fail(rule or side, f"a number {words} {limit}")


BOUND_WORDS: Final = {
    ("minimum", True): "of at least",
    ("minimum", False): "above",
    ("maximum", True): "of at most",
    ("maximum", False): "below",
}
