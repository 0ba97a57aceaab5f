"""Arguments of keywords, taken as what they must be or refused with the keyword's path."""

from __future__ import annotations

from fractions import Fraction

from client_sdk.contract.compat.reading.reader import At
from client_sdk.contract.evaluation.numbers import number_of
from client_sdk.contract.values import JsonObject, JsonValue, integer_in


def a_list(at: At, keyword: str, argument: JsonValue) -> list[JsonValue]:
    """Take the argument as an array."""
    if not isinstance(argument, list):
        raise at.unreadable(keyword)
    return argument


def an_object(at: At, keyword: str, argument: JsonValue) -> JsonObject:
    """Take the argument as an object."""
    if not isinstance(argument, dict):
        raise at.unreadable(keyword)
    return argument


def a_string(at: At, keyword: str, argument: JsonValue) -> str:
    """Take the argument as a string."""
    if not isinstance(argument, str):
        raise at.unreadable(keyword)
    return argument


def strings(at: At, keyword: str, argument: JsonValue) -> list[str]:
    """Take the argument as an array of strings."""
    return [a_string(at, keyword, each) for each in a_list(at, keyword, argument)]


def a_count(at: At, keyword: str, argument: JsonValue) -> int:
    """Take the argument as a whole number; `2.0` is `2`."""
    count = integer_in(argument)
    if count is None or count < 0:
        raise at.unreadable(keyword)
    return count


def a_fraction(at: At, keyword: str, argument: JsonValue) -> Fraction:
    """Take the argument as an exact number: what its decimal digits say."""
    number = number_of(argument)
    if number is None:
        raise at.unreadable(keyword)
    return Fraction(number)
