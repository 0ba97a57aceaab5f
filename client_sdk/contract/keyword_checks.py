"""What a keyword's value must be beyond its outermost form: one small check per keyword."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.keywords import TYPE_NAMES
from client_sdk.contract.members import Faults, shown
from client_sdk.contract.pattern_gate import PatternGate
from client_sdk.contract.schema_names import Place
from client_sdk.contract.spelling import near_miss
from client_sdk.contract.values import JsonObject, JsonValue, integer_in

_ANCHOR: Final = re.compile(r"[A-Za-z_][-A-Za-z0-9._]*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a keyword stands, under which rules it is looked at, and where its faults go."""

    place: Place
    keyword: str
    dialect: Dialect
    patterns: PatternGate
    faults: Faults

    def error(self, code: str, message: str, *below: str) -> None:
        """Note an error at the keyword, or below it."""
        self.faults.error(code, self.place.pointer(self.keyword, *below), message)


def check_keyword(schema: JsonObject, spot: Spot) -> None:
    """Note what is wrong with a keyword whose value has its outermost form."""
    value = schema[spot.keyword]
    check = _CHECKS.get(spot.keyword)
    if check is not None:
        check(value, spot)
    if spot.keyword == "uniqueItems" and value is True:
        _check_unique_count(schema, spot)


def _check_pattern(value: JsonValue, spot: Spot) -> None:
    trouble = spot.patterns.trouble(str(value))
    if trouble is not None:
        spot.error(*trouble)


def _check_pattern_names(value: JsonValue, spot: Spot) -> None:
    for source in _members(value):
        trouble = spot.patterns.trouble(source)
        if trouble is not None:
            spot.error(*trouble, source)


def _check_types(value: JsonValue, spot: Spot) -> None:
    names = value if isinstance(value, list) else [value]
    for name in map(str, names):
        if name not in TYPE_NAMES:
            meant = near_miss(name, TYPE_NAMES)
            hint = f"did you mean {shown(meant)}?" if meant else f"known: {', '.join(TYPE_NAMES)}."
            spot.error("unknown-type", f"{shown(name)} is no type; {hint}")
            return
    _check_distinct(value, spot)


def _check_distinct(value: JsonValue, spot: Spot, *below: str) -> None:
    if isinstance(value, list) and len(set(map(str, value))) != len(value):
        spot.error("keyword-shape", "The strings of this array repeat.", *below)


def _check_distinct_each(value: JsonValue, spot: Spot) -> None:
    for name, item in _members(value).items():
        _check_distinct(item, spot, name)


def _check_enum(value: JsonValue, spot: Spot) -> None:
    count = len(value) if isinstance(value, list) else 0
    most = spot.patterns.limits.max_enum_values
    if count > most:
        message = f"An enum has at most {most} values; this one has {count}."
        spot.error("too-many-enum-values", message)
    if not count:
        message = "An empty enum admits no value at all."
        spot.faults.warning("empty-enum", spot.place.pointer(spot.keyword), message)


def _check_dialect(value: JsonValue, spot: Spot) -> None:
    if dialect_from_uri(str(value)) is not spot.dialect:
        message = (
            f"{shown(str(value))} is not {spot.dialect}: "
            "every schema inside a schema has the dialect of its root."
        )
        spot.error("unknown-dialect", message)


def _check_anchor(value: JsonValue, spot: Spot) -> None:
    if _ANCHOR.fullmatch(str(value)) is None:
        spot.error("keyword-shape", f"{shown(str(value))} is no name for an anchor.")


def _check_unique_count(schema: JsonObject, spot: Spot) -> None:
    least = integer_in(schema.get("minItems"))
    most = spot.patterns.limits.max_unique_items
    if least is not None and least > most:
        message = f"{least} different items are asked for; at most {most} are compared."
        spot.error("too-many-unique-items", message)


def _members(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


_CHECKS: Final[Mapping[str, Callable[[JsonValue, Spot], None]]] = {
    "$anchor": _check_anchor,
    "$dynamicAnchor": _check_anchor,
    "$schema": _check_dialect,
    "dependencies": _check_distinct_each,
    "dependentRequired": _check_distinct_each,
    "enum": _check_enum,
    "pattern": _check_pattern,
    "patternProperties": _check_pattern_names,
    "required": _check_distinct,
    "type": _check_types,
}
