"""Which members and items are declared at a place, and which schemas stand at each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from client_sdk.contract.patterns import compile_pattern
from client_sdk.contract.standing import Place, Spot, listed, mapped
from client_sdk.contract.values import JsonValue

_NEEDED: Final = ("dependentRequired", "dependentSchemas", "dependencies")
_REST: Final = ("additionalProperties", "unevaluatedProperties")


@dataclass(slots=True)
class Clause:
    """What one schema says about members and items.

    `own` are the names that its `rest` leaves alone; `rest` is `None` unless further members
    are explicitly allowed. `constants` are the items of listed arrays, by their index.
    """

    names: dict[str, list[Spot]] = field(default_factory=dict)
    own: Mapping[str, JsonValue] = field(default_factory=dict)
    patterns: dict[str, list[Spot]] = field(default_factory=dict)
    rest: list[Spot] | None = None
    prefix: list[list[Spot]] = field(default_factory=list)
    items: list[Spot] = field(default_factory=list)
    contains: list[Spot] = field(default_factory=list)
    constants: dict[int, list[Spot]] = field(default_factory=dict)

    def at_item(self, index: int) -> list[Spot]:
        """The schemas of the item at an index."""
        here = self.prefix[index] if index < len(self.prefix) else self.items
        return [*here, *self.contains, *self.constants.get(index, ())]


class Declared:
    """What the schemas of a place declare, taken together."""

    def __init__(self, place: Place) -> None:
        self._clauses = [_clause(spot) for spot in place]
        self.names = tuple(dict.fromkeys(name for each in self._clauses for name in each.names))
        self.patterns = tuple(
            dict.fromkeys(pattern for each in self._clauses for pattern in each.patterns)
        )
        self.allows_others = any(each.rest is not None for each in self._clauses)
        self.prefix_length = max((_length(each) for each in self._clauses), default=0)

    @property
    def is_free(self) -> bool:
        """A place that declares no member is a free map."""
        return not self.names and not self.patterns and not self.allows_others

    @property
    def has_inner_structure(self) -> bool:
        """Whether a member that is reached by a pattern or the rest has declarations itself."""
        return any(each.rest or any(each.patterns.values()) for each in self._clauses)

    def declares(self, name: str) -> bool:
        """Whether a member of this name is declared."""
        return self.is_free or self.allows_others or name in self.names or bool(self.matching(name))

    def matching(self, name: str) -> frozenset[str]:
        """The patterns that a name fits."""
        return frozenset(each for each in self.patterns if compile_pattern(each).search(name))

    def at_member(self, name: str) -> list[Spot]:
        """The schemas of the member of this name."""
        return list(self._spots(name, self.matching(name)))

    def at_others(self, matching: frozenset[str]) -> list[Spot]:
        """The schemas of a member that nobody names and that fits exactly these patterns."""
        return list(self._spots(None, matching))

    def at_item(self, index: int) -> list[Spot]:
        """The schemas of the item at an index."""
        return [spot for each in self._clauses for spot in each.at_item(index)]

    def _spots(self, name: str | None, matching: frozenset[str]) -> Iterator[Spot]:
        for each in self._clauses:
            reached = name in each.own
            if name is not None:
                yield from each.names.get(name, ())
            for pattern, spots in each.patterns.items():
                if pattern in matching:
                    reached = True
                    yield from spots
            if not reached:
                yield from each.rest or ()


def _length(clause: Clause) -> int:
    return max(len(clause.prefix), *(index + 1 for index in clause.constants), 0)


def _clause(spot: Spot) -> Clause:
    found = Clause(own=mapped(spot.get("properties")))
    _collect_members(found, spot)
    _collect_items(found, spot)
    for value in _constants(spot):
        _collect_constant(found, spot, value)
    return found


def _collect_members(found: Clause, spot: Spot) -> None:
    found.names = {name: spot.inside(schema) for name, schema in found.own.items()}
    for name in _needed(spot):
        found.names.setdefault(name, [])
    for pattern, schema in mapped(spot.get("patternProperties")).items():
        found.patterns[pattern] = spot.inside(schema)
    for keyword in _REST:
        schema = spot.get(keyword)
        if schema is not None and schema is not False:
            found.rest = [*(found.rest or ()), *spot.inside(schema)]


def _needed(spot: Spot) -> Iterator[str]:
    """The names in `required` and `dependent*`."""
    for name in listed(spot.get("required")):
        yield str(name)
    for keyword in _NEEDED:
        for name, others in mapped(spot.get(keyword)).items():
            yield name
            yield from map(str, listed(others))


def _collect_items(found: Clause, spot: Spot) -> None:
    items, prefix = spot.get("items"), spot.get("prefixItems")
    if isinstance(items, list):
        prefix, items = items, spot.get("additionalItems")
    found.prefix = [spot.inside(schema) for schema in listed(prefix)]
    found.items = [*spot.inside(items), *spot.inside(spot.get("unevaluatedItems"))]
    found.contains = spot.inside(spot.get("contains"))


def _constants(spot: Spot) -> Iterator[JsonValue]:
    yield spot.get("const")
    yield from listed(spot.get("enum"))


def _collect_constant(found: Clause, spot: Spot, value: JsonValue) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            found.names.setdefault(name, []).extend(spot.constant(inner))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found.constants.setdefault(index, []).extend(spot.constant(inner))
