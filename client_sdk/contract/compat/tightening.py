"""Keywords whose argument alone says whether one is as tight as another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.terms.kinds import EVERY, KINDS_OF_TYPE, kind_of
from client_sdk.contract.evaluation.numbers import number_of
from client_sdk.contract.values import JsonObject, JsonValue, integer_in

# Given a schema and the argument that another schema has: whether the first says as much.
Tighter: TypeAlias = Callable[[JsonObject, JsonValue], bool]


def _types(a: JsonObject, wanted: JsonValue) -> bool:
    return not _mask(a) & ~_kinds(wanted, 0)


def _mask(a: JsonObject) -> int:
    """The kinds that values of `a` have."""
    mask = _kinds(a["type"], EVERY) if "type" in a else EVERY
    listed = _listed(a)
    if listed is None:
        return mask
    kinds = 0
    for value in listed:
        kinds |= kind_of(value)
    return mask & kinds


def _kinds(types: JsonValue, otherwise: int) -> int:
    mask = 0
    for name in types if isinstance(types, list) else [types]:
        if not isinstance(name, str) or name not in KINDS_OF_TYPE:
            return otherwise
        mask |= KINDS_OF_TYPE[name]
    return mask


def _listed(a: JsonObject) -> list[JsonValue] | None:
    if "const" in a:
        return [a["const"]]
    listed = a.get("enum")
    return listed if isinstance(listed, list) else None


def _values(a: JsonObject, wanted: JsonValue) -> bool:
    own = _listed(a)
    if own is None or not isinstance(wanted, list):
        return False
    return {equality_key(each) for each in own} <= {equality_key(each) for each in wanted}


def _names(a: JsonObject, wanted: JsonValue) -> bool:
    own = a.get("required", [])
    if not isinstance(wanted, list) or not isinstance(own, list):
        return False
    names = {name for name in own if isinstance(name, str)}
    return all(isinstance(name, str) and name in names for name in wanted)


def _count(word: str, *, upper: bool) -> Tighter:
    def is_tighter(a: JsonObject, wanted: JsonValue) -> bool:
        own, limit = integer_in(a.get(word)), integer_in(wanted)
        if own is None or limit is None:
            return not upper and limit == 0
        return own <= limit if upper else own >= limit

    return is_tighter


def _bound(word: str, stricter: str, *, upper: bool) -> Tighter:
    """A bound follows from a tighter one, and from a strict one that is as tight."""

    def is_tighter(a: JsonObject, wanted: JsonValue) -> bool:
        limit = number_of(wanted)
        for each in (word, stricter):
            own = number_of(a.get(each))
            if own is not None and limit is not None and (own <= limit if upper else own >= limit):
                return True
        return False

    return is_tighter


def _step(a: JsonObject, wanted: JsonValue) -> bool:
    own, step = number_of(a.get("multipleOf")), number_of(wanted)
    if own is None or step is None or step <= 0:
        return False
    return own == step or (isinstance(own, int) and isinstance(step, int) and own % step == 0)


def _equal_text(word: str) -> Tighter:
    return lambda a, wanted: isinstance(wanted, str) and a.get(word) == wanted


TIGHTER: Final[Mapping[str, Tighter]] = {
    "type": _types,
    "enum": _values,
    "const": lambda a, wanted: _values(a, [wanted]),
    "required": _names,
    "pattern": _equal_text("pattern"),
    "multipleOf": _step,
    "minimum": _bound("minimum", "exclusiveMinimum", upper=False),
    "maximum": _bound("maximum", "exclusiveMaximum", upper=True),
    "exclusiveMinimum": _bound("exclusiveMinimum", "exclusiveMinimum", upper=False),
    "exclusiveMaximum": _bound("exclusiveMaximum", "exclusiveMaximum", upper=True),
    "minLength": _count("minLength", upper=False),
    "maxLength": _count("maxLength", upper=True),
    "minItems": _count("minItems", upper=False),
    "maxItems": _count("maxItems", upper=True),
    "minProperties": _count("minProperties", upper=False),
    "maxProperties": _count("maxProperties", upper=True),
    "uniqueItems": lambda a, wanted: wanted is False or a.get("uniqueItems") is wanted,
}
