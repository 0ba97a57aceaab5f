"""Structural descent: what is left of one schema when what another says already is taken away.

Two versions of a schema are mostly the same, and most changes of a keyword only tighten or only
loosen it. A keyword of the right side that follows from one of the left side holds for every
value of the left, so it need not be asked about. Where nothing is left, containment is proved
without a search; else the search has the less to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.tightening import TIGHTER
from client_sdk.contract.dialect import Dialect, dialect_from_uri
from client_sdk.contract.evaluation.resources import words_in, words_of
from client_sdk.contract.evaluation.vocabularies import VOCABULARIES
from client_sdk.contract.shape import SchemaResource, Shape
from client_sdk.contract.values import JsonObject, JsonValue

_MOST_PAIRS: Final = 4_000  # of subschemas that are looked at
_VALUES_PER_LOOK: Final = 16
_MOST_DEEP: Final = 64
_ANYTHING: Final[JsonValue] = True  # what a schema that says nothing accepts
# References lead elsewhere on each side; `$schema` inside may change what the words mean.
_ELSEWHERE: Final = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
_UNEVALUATED: Final = frozenset({"unevaluatedItems", "unevaluatedProperties"})


def left_open(a: Shape, b: Shape) -> Shape:
    """Give what is left of `b` when what holds for every value of `a` is taken away.

    `a` is contained in `b` if and only if it is contained in the answer. No parts: it is.
    """
    looks = _Looks(_MOST_PAIRS)
    rests = (_rest_of_part(a, part, looks) for part in b.parts)
    return Shape(tuple(rest for rest in rests if rest is not None))


@dataclass(slots=True)
class _Looks:
    """How many pairs of subschemas may still be looked at."""

    left: int

    def taken(self, size: int = 0) -> bool:
        """Take one, and one more for every few values that it is about."""
        self.left -= 1 + size // _VALUES_PER_LOOK
        return self.left >= 0


def _rest_of_part(a: Shape, part: SchemaResource, looks: _Looks) -> SchemaResource | None:
    if part in a.parts:
        return None
    dialect = _dialect_of(part)
    if dialect is Dialect.DRAFT4:  # says in another member whether a bound is strict
        return part
    rest = part.schema
    for each in a.parts:
        if dialect is _dialect_of(each):
            rest = _Descent(dialect, looks).rest(each.schema, rest, 0)
    if rest is True:
        return None
    return SchemaResource(rest, dialect) if _stands_alone(part) else part


def _dialect_of(resource: SchemaResource) -> Dialect:
    schema = resource.schema
    uri = schema.get("$schema") if isinstance(schema, dict) else None
    return (dialect_from_uri(uri) if isinstance(uri, str) else None) or resource.dialect


def _stands_alone(resource: SchemaResource) -> bool:
    """Whether parts of a schema mean the same without the others."""
    return words_of(resource).isdisjoint(_ELSEWHERE | _UNEVALUATED)


@dataclass(frozen=True, slots=True)
class _Descent:
    """Compares two schemas of one dialect, subschema by subschema.

    Each method named after a keyword gives what is left of its argument in `b`; `True` when
    nothing is.
    """

    dialect: Dialect
    looks: _Looks

    def rest(self, a: JsonValue, b: JsonValue, depth: int) -> JsonValue:
        """Give `b` without what follows from `a`; pointers into it stay the same."""
        if b is True or a is False:
            return True
        if not isinstance(b, dict) or not (isinstance(a, dict) or a is True):
            return b
        left: JsonObject = a if isinstance(a, dict) else {}
        if depth > _MOST_DEEP or not self.looks.taken() or _leads_elsewhere(left, b, depth):
            return b
        known = VOCABULARIES[self.dialect]
        rest: JsonObject = {}
        for word in b:
            if word in known and not self._follows(word, left, b, rest, depth + 1):
                rest.setdefault(word, b[word])
        return _with_neighbours(rest, b) if rest else True

    def all_of(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        branches = b["allOf"]
        return self._each(branches, lambda _: a, depth) if isinstance(branches, list) else branches

    def any_of(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        branches, own = b["anyOf"], a.get("anyOf")
        if not isinstance(branches, list):
            return branches

        def is_in(schema: JsonValue) -> bool:
            return any(self.rest(schema, branch, depth) is True for branch in branches)

        shown = isinstance(own, list) and bool(own) and all(map(is_in, own))
        return shown or is_in(a) or branches

    def properties(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        return self._members(b["properties"], lambda name: _member(a, name), depth)

    def pattern_properties(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        own = _mapped(a, "patternProperties")
        wanted = b["patternProperties"]
        return self._members(wanted, lambda pattern: own.get(pattern, _ANYTHING), depth)

    def additional_properties(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        """What `b` says of names it does not declare, `a` must say of each name that can be."""
        wanted = b["additionalProperties"]
        if wanted is True:
            return True
        declared, own = _mapped(b, "properties"), _mapped(a, "properties")
        patterns = _mapped(a, "patternProperties").keys()
        if not patterns <= _mapped(b, "patternProperties").keys():
            return self.rest(_ANYTHING, wanted, depth)
        others = [schema for name, schema in own.items() if name not in declared]
        others.append(a.get("additionalProperties", _ANYTHING))
        shown = all(self.rest(schema, wanted, depth) is True for schema in others)
        return shown or wanted

    def property_names(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        return self.rest(a.get("propertyNames", _ANYTHING), b["propertyNames"], depth)

    def items(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        """Items behind the listed ones; what `a` says of them must hold from there on."""
        wanted, own = b["items"], a.get("items", _ANYTHING)
        if isinstance(wanted, list) or isinstance(own, list):  # places, up to 2019-09
            return self._is_same(a, b, ("items",)) or wanted
        if self.dialect is Dialect.D2020 and _listed_first(a) > _listed_first(b):
            own = _ANYTHING
        return self.rest(own, wanted, depth)

    def prefix_items(self, a: JsonObject, b: JsonObject, depth: int) -> JsonValue:
        wanted, own = b["prefixItems"], a.get("prefixItems")
        if not isinstance(wanted, list) or not isinstance(own, list):
            return wanted
        listed = own

        def at_place(index: int) -> JsonValue:
            return listed[index] if index < len(listed) else _ANYTHING

        return self._each(wanted, at_place, depth)

    def _follows(
        self, word: str, a: JsonObject, b: JsonObject, rest: JsonObject, depth: int
    ) -> bool:
        """Whether a keyword follows whole; what is left of its argument goes into `rest`."""
        wanted = b[word]
        is_tighter, nested = TIGHTER.get(word), _NESTED.get(word)
        if is_tighter is not None:
            size = len(wanted) if isinstance(wanted, list) else 0
            return self.looks.taken(size) and is_tighter(a, wanted)
        if nested is None:
            return self._is_same(a, b, _TOGETHER.get(word, ()))
        left = nested(self, a, b, depth)
        if left is True:
            return True
        rest[word] = left
        return False

    def _members(
        self, wanted: JsonValue, given: Callable[[str], JsonValue], depth: int
    ) -> JsonValue:
        if not isinstance(wanted, dict):
            return wanted
        rests = {name: self.rest(given(name), schema, depth) for name, schema in wanted.items()}
        return {name: rest for name, rest in rests.items() if rest is not True} or True

    def _each(
        self, wanted: list[JsonValue], given: Callable[[int], JsonValue], depth: int
    ) -> JsonValue:
        rests = [self.rest(given(place), schema, depth) for place, schema in enumerate(wanted)]
        return True if all(rest is True for rest in rests) else rests

    def _is_same(self, a: JsonObject, b: JsonObject, words: tuple[str, ...]) -> bool:
        """Whether words that are read together are equal, and mean the same on both sides."""
        left, right = ({word: each[word] for word in words if word in each} for each in (a, b))
        if not right or left != right:
            return False
        key = equality_key(right)
        if not self.looks.taken(len(key)) or equality_key(left) != key:
            return False
        return frozenset(words_in(right)).isdisjoint({*_ELSEWHERE, "$schema"})


def _leads_elsewhere(a: JsonObject, b: JsonObject, depth: int) -> bool:
    if not (_ELSEWHERE.isdisjoint(a) and _ELSEWHERE.isdisjoint(b)):
        return True
    return depth > 0 and ("$schema" in a or "$schema" in b)


def _with_neighbours(rest: JsonObject, b: JsonObject) -> JsonObject:
    """Add what the words that are left are read together with."""
    for word in tuple(rest):
        for beside in _TOGETHER.get(word, ()):
            if beside in b:
                rest[beside] = b[beside]
    if "additionalProperties" in rest:
        for word in ("properties", "patternProperties"):
            names = _mapped(b, word)
            if names:
                rest[word] = {**dict.fromkeys(names, True), **_mapped(rest, word)}
    if "items" in rest and "prefixItems" in b:
        rest.setdefault("prefixItems", [True] * _listed_first(b))
    return rest


def _member(a: JsonObject, name: str) -> JsonValue:
    """A schema that the member of this name, if there is one, fits under `a`."""
    declared = _mapped(a, "properties")
    if name in declared:
        return declared[name]
    return (
        _ANYTHING if _mapped(a, "patternProperties") else a.get("additionalProperties", _ANYTHING)
    )


def _mapped(schema: JsonObject, word: str) -> Mapping[str, JsonValue]:
    found = schema.get(word)
    return found if isinstance(found, dict) else {}


def _listed_first(schema: JsonObject) -> int:
    """How many items have a schema of their own."""
    listed = schema.get("prefixItems")
    return len(listed) if isinstance(listed, list) else 0


_Nested: TypeAlias = Callable[[_Descent, JsonObject, JsonObject, int], JsonValue]

_NESTED: Final[Mapping[str, _Nested]] = {
    "allOf": _Descent.all_of,
    "anyOf": _Descent.any_of,
    "properties": _Descent.properties,
    "patternProperties": _Descent.pattern_properties,
    "additionalProperties": _Descent.additional_properties,
    "propertyNames": _Descent.property_names,
    "items": _Descent.items,
    "prefixItems": _Descent.prefix_items,
}
# What is read together with which words beside it.
_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "oneOf": ("oneOf",),
    "not": ("not",),
    "if": ("if", "then", "else"),
    "contains": ("contains", "minContains", "maxContains"),
    "additionalItems": ("additionalItems", "items"),
    "dependentRequired": ("dependentRequired",),
    "dependentSchemas": ("dependentSchemas",),
    "dependencies": ("dependencies",),
}
