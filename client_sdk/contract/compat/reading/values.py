"""Keywords about a value by itself (JSON Schema Validation 2020-12, section 6.1 to 6.3)."""

from __future__ import annotations

from fractions import Fraction

from client_sdk.contract.compat.reading.arguments import a_count, a_fraction, a_list, a_string
from client_sdk.contract.compat.reading.reader import At
from client_sdk.contract.compat.terms.kinds import KINDS_OF_TYPE, STRING
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue


def type_(at: At, argument: JsonValue) -> Node:
    """Accept the named types (6.1.1); an integral number is an integer in every dialect."""
    mask = 0
    for name in argument if isinstance(argument, list) else [argument]:
        if not isinstance(name, str) or name not in KINDS_OF_TYPE:
            raise at.unreadable("type")
        mask |= KINDS_OF_TYPE[name]
    return at.arena.types(mask)


def enum(at: At, argument: JsonValue) -> Node:
    """Accept the listed values (6.1.2)."""
    return at.arena.values(a_list(at, "enum", argument))


def const(at: At, argument: JsonValue) -> Node:
    """Accept one value (6.1.3)."""
    return at.arena.values([argument])


def multiple_of(at: At, argument: JsonValue) -> Node:
    """Accept multiples (6.2.1)."""
    divisor = a_fraction(at, "multipleOf", argument)
    if divisor <= 0:
        raise at.unreadable("multipleOf")
    return at.arena.step(divisor)


def minimum(at: At, argument: JsonValue) -> Node:
    """Accept numbers not below (6.2.4); draft 4 makes it strict by a flag beside (5.1.3)."""
    return _bound(at, "minimum", argument, strict=at.schema.get("exclusiveMinimum") is True)


def maximum(at: At, argument: JsonValue) -> Node:
    """Accept numbers not above (6.2.2); draft 4 makes it strict by a flag beside (5.1.2)."""
    return _bound(at, "maximum", argument, strict=at.schema.get("exclusiveMaximum") is True)


def exclusive_minimum(at: At, argument: JsonValue) -> Node:
    """Accept numbers above (6.2.5)."""
    if isinstance(argument, bool):
        return at.arena.anything
    return _bound(at, "exclusiveMinimum", argument, strict=True)


def exclusive_maximum(at: At, argument: JsonValue) -> Node:
    """Accept numbers below (6.2.3)."""
    if isinstance(argument, bool):
        return at.arena.anything
    return _bound(at, "exclusiveMaximum", argument, strict=True)


def min_length(at: At, argument: JsonValue) -> Node:
    """Accept strings of at least so many code points (6.3.2)."""
    return at.arena.size(STRING, a_count(at, "minLength", argument), upper=False)


def max_length(at: At, argument: JsonValue) -> Node:
    """Accept strings of at most so many code points (6.3.1)."""
    return at.arena.size(STRING, a_count(at, "maxLength", argument), upper=True)


def pattern(at: At, argument: JsonValue) -> Node:
    """Accept strings in which the pattern is found (6.3.3)."""
    source = a_string(at, "pattern", argument)
    at.arena.origins.setdefault(source, at.below("pattern"))
    return at.arena.matches(source)


def format_(at: At, argument: JsonValue) -> Node:
    """Accept strings of a format (7.3), of which only is known that it equals itself."""
    return at.arena.opaque(f"format {a_string(at, 'format', argument)}", STRING)


def _bound(at: At, keyword: str, argument: JsonValue, *, strict: bool) -> Node:
    limit: Fraction = a_fraction(at, keyword, argument)
    return at.arena.bound(limit, upper="ax" in keyword, strict=strict)
