"""The kinds of JSON values, one bit each, so that a set of kinds is an integer."""

from __future__ import annotations

from typing import Final

from client_sdk.contract.values import JsonValue, integer_in

NULL: Final = 1
FALSE: Final = 2
TRUE: Final = 4
INTEGER: Final = 8
FRACTION: Final = 16  # a number without an integral value
STRING: Final = 32
ARRAY: Final = 64
OBJECT: Final = 128

NUMBER: Final = INTEGER | FRACTION
EVERY: Final = 255

# What is searched one after the other; the atoms first, because they cost nothing.
SEARCHED: Final = (NULL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT)

KINDS_OF_TYPE: Final = {
    "null": NULL,
    "boolean": FALSE | TRUE,
    "integer": INTEGER,
    "number": NUMBER,
    "string": STRING,
    "array": ARRAY,
    "object": OBJECT,
}


def kind_of(value: JsonValue) -> int:
    """Give the one kind a value has; `1.0` is an integer."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, str):
        return STRING
    if isinstance(value, list):
        return ARRAY
    if isinstance(value, dict):
        return OBJECT
    return FRACTION if integer_in(value) is None else INTEGER
