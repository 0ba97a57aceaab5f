"""Which schemas judge one value together: a place, and the spots that stand there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from client_sdk.contract.errors import ContractError
from client_sdk.contract.evaluation.judge import loaded_resource
from client_sdk.contract.evaluation.resources import Base, LoadedResource
from client_sdk.contract.evaluation.vocabularies import VOCABULARIES
from client_sdk.contract.shape import Shape
from client_sdk.contract.values import JsonObject, JsonValue

# `not` is missing on purpose: what must not be there is not declared by saying so.
_BRANCHES: Final = ("allOf", "anyOf", "oneOf")
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_CHOICE: Final = ("if", "then", "else")
_BY_MEMBER: Final = ("dependentSchemas", "dependencies")
_MEMBERS: Final = (
    *("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"),
    *("required", "dependentRequired"),
)
_ITEMS: Final = ("items", "prefixItems", "additionalItems", "unevaluatedItems", "contains")
STRUCTURE: Final = frozenset((*_BRANCHES, *_REFERENCES, *_CHOICE, *_BY_MEMBER, *_MEMBERS, *_ITEMS))
_SCOPED: Final = ("$dynamicAnchor", "$recursiveAnchor")
_META_SCHEMAS: Final = "json-schema.org/"


class ClosingTooWide(ContractError):
    """The declared members of a schema are too many, or too entangled, to be written down."""

    code = "closing-too-wide"


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """One schema where it stands: its resource, the base that holds inside it, and its name.

    Two spots with one `key` are the same schema. A listed constant has the negative key of the
    value: it is no schema of the document, but it names members all the same.
    """

    resource: LoadedResource
    base: Base
    schema: JsonObject
    key: int

    def get(self, keyword: str) -> JsonValue:
        """The argument of a keyword; `None` when it is absent or void in this dialect."""
        return self.schema.get(keyword) if self._has(keyword) else None

    def inside(self, schema: JsonValue) -> list[Spot]:
        """The spot of a schema inside this one; none when it says nothing about structure."""
        if not isinstance(schema, dict) or is_leaf(schema):
            return []
        base = self.resource.base_within(self.base, schema)
        return [Spot(self.resource, base, schema, id(schema))]

    def constant(self, value: JsonValue) -> list[Spot]:
        """The spot that stands for a value which is listed as a whole."""
        if not isinstance(value, dict | list):
            return []
        return [Spot(self.resource, self.base, {"enum": [value]}, -id(value))]

    def _has(self, keyword: str) -> bool:
        if keyword != "$ref" and "$ref" in self.schema and self.base.ref_stands_alone:
            return False
        known = "if" if keyword in {"then", "else"} else keyword
        return known in VOCABULARIES[self.base.dialect]


Place: TypeAlias = "tuple[Spot, ...]"


def place_of(shape: Shape) -> Place:
    """The place of the whole value: every part of the shape stands there.

    Raises:
        ClosingTooWide: what a reference means depends on the way that led to it.
    """
    found: list[Spot] = []
    for part in shape.parts:
        loaded = loaded_resource(part)
        if isinstance(loaded.schema, dict):
            _check_scopes(loaded)
            found.append(Spot(loaded, loaded.base, loaded.schema, id(loaded.schema)))
    return in_place(found)


def in_place(roots: Iterable[Spot]) -> Place:
    """Everything that judges the same value as `roots`: they, their branches and references."""
    seen: dict[int, Spot] = {}
    waiting = list(roots)
    while waiting:
        spot = waiting.pop()
        if spot.key not in seen:
            seen[spot.key] = spot
            waiting += _beside(spot)
    return tuple(seen.values())


def listed(value: JsonValue) -> list[JsonValue]:
    """The value when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def mapped(value: JsonValue) -> Mapping[str, JsonValue]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def is_leaf(schema: JsonObject) -> bool:
    """Whether a schema can neither name members nor hold a schema that does."""
    if not STRUCTURE.isdisjoint(schema):
        return False
    constants = (schema.get("const"), *listed(schema.get("enum")))
    return not any(isinstance(each, dict | list) for each in constants)


def _beside(spot: Spot) -> Iterator[Spot]:
    """The schemas that judge the same value, one step away."""
    yield from _referenced(spot)
    for keyword in _BRANCHES:
        for branch in listed(spot.get(keyword)):
            yield from spot.inside(branch)
    if "if" in spot.schema:
        for keyword in _CHOICE:
            yield from spot.inside(spot.get(keyword))
    for keyword in _BY_MEMBER:
        for branch in mapped(spot.get(keyword)).values():
            yield from spot.inside(branch)


def _referenced(spot: Spot) -> Iterator[Spot]:
    for schema, base in _targets(spot):
        if isinstance(schema, dict):
            yield Spot(spot.resource, base, schema, id(schema))


def _targets(spot: Spot) -> Iterator[tuple[JsonValue, Base]]:
    for keyword in ("$ref", "$dynamicRef"):
        reference = spot.get(keyword)
        if isinstance(reference, str):
            yield spot.resource.target_of(spot.base, reference)
    if spot.get("$recursiveRef") is not None:
        yield spot.resource.recursive_target_of(spot.base)


def _check_scopes(loaded: LoadedResource) -> None:
    """A spot is known by its schema alone, so a reference must mean one thing everywhere."""
    if not loaded.scope_matters:
        return
    anchors: Counter[str] = Counter()
    waiting: list[JsonValue] = [loaded.schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            anchors.update(f"{word} {value[word]}" for word in _SCOPED if word in value)
            if _META_SCHEMAS in str(value.get("$ref", "")):
                raise ClosingTooWide("A reference leads into a meta-schema.")
    if any(count > 1 for count in anchors.values()):
        raise ClosingTooWide("A dynamic reference has more than one target.")
