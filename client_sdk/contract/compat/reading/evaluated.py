"""unevaluatedProperties and unevaluatedItems (Core 2020-12, section 11), made ordinary.

What counts as evaluated depends on which branches in place hold. A *case* names some of them: the
terms that make them hold, and what they then evaluate. A value is fine when in some case the
rest fits; more branches only evaluate more, so no case has to say that a branch fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from client_sdk.contract.compat.meter import GivenUp, Reason
from client_sdk.contract.compat.reading.arguments import a_list, a_string, an_object
from client_sdk.contract.compat.reading.objects import declared_names
from client_sdk.contract.compat.reading.reader import At, active_keywords
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.kinds import OBJECT
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.values import JsonValue

MAX_CASES: Final = 128
ALL_PLACES: Final = 1 << 60  # more places than any array has


@dataclass(frozen=True, slots=True)
class Case:
    """If every condition holds, these names, places and items count as evaluated."""

    conditions: tuple[Node, ...]
    names: Node
    places: int
    items: Node

    def joined(self, other: Case, arena: Arena) -> Case:
        """Give the case in which both hold."""
        return Case(
            tuple(dict.fromkeys((*self.conditions, *other.conditions))),
            arena.any_of((self.names, other.names)),
            max(self.places, other.places),
            arena.any_of((self.items, other.items)),
        )


def unevaluated_properties(at: At, argument: JsonValue) -> Node:
    """Accept objects whose members that nothing here looked at fit (11.3)."""
    left_over = at.inside(argument, "unevaluatedProperties")
    arena = at.arena
    return arena.any_of(
        arena.all_of((*case.conditions, arena.each(arena.negate(case.names), left_over)))
        for case in _cases(at, outermost="unevaluatedProperties")
    )


def unevaluated_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays whose items that nothing here looked at fit (11.2)."""
    left_over = at.inside(argument, "unevaluatedItems")
    arena = at.arena
    return arena.any_of(
        arena.all_of((*case.conditions, _rest_of(arena, case, left_over)))
        for case in _cases(at, outermost="unevaluatedItems")
    )


def _rest_of(arena: Arena, case: Case, left_over: Node) -> Node:
    if case.places >= ALL_PLACES:
        return arena.anything
    return arena.items(case.places, arena.any_of((case.items, left_over)))


def _cases(at: At, *, outermost: str | None = None) -> list[Case]:
    """List the cases of a schema object; `outermost` is the keyword they are wanted for."""
    step = (id(at.schema), at.reader.level)
    if step in at.reader.trail:
        raise GivenUp(Reason.REFERENCE_UNPRODUCTIVE, at.path)
    at.reader.trail.append(step)
    found = [_nothing(at.arena)]
    for keyword, argument in active_keywords(at).items():
        rule = _RULES.get(keyword)
        if rule is not None and keyword != outermost:
            found = _product(at, found, rule(at, argument))
    at.reader.trail.pop()
    return found


def _product(at: At, ones: list[Case], others: list[Case]) -> list[Case]:
    joined = dict.fromkeys(one.joined(other, at.arena) for one in ones for other in others)
    if len(joined) > MAX_CASES:
        raise GivenUp(Reason.UNEVALUATED_CASES, at.path)
    return list(joined)


def _nothing(arena: Arena) -> Case:
    return Case((), arena.never, 0, arena.never)


def _names(at: At, _argument: JsonValue) -> list[Case]:
    return [replace(_nothing(at.arena), names=declared_names(at))]


def _every_name(at: At, _argument: JsonValue) -> list[Case]:
    return [replace(_nothing(at.arena), names=at.arena.anything)]


def _every_place(at: At, _argument: JsonValue) -> list[Case]:
    return [replace(_nothing(at.arena), places=ALL_PLACES)]


def _prefix(at: At, argument: JsonValue) -> list[Case]:
    return [replace(_nothing(at.arena), places=len(a_list(at, "prefixItems", argument)))]


def _items_or_tuple(at: At, argument: JsonValue) -> list[Case]:
    if at.base.dialect is Dialect.D2019 and isinstance(argument, list):
        return _prefix(at, argument)
    return _every_place(at, argument)


def _additional_items(at: At, argument: JsonValue) -> list[Case]:
    if isinstance(at.schema.get("items"), list):
        return _every_place(at, argument)
    return [_nothing(at.arena)]


def _contains(at: At, argument: JsonValue) -> list[Case]:
    """Since 2020-12 the items that `contains` found count as evaluated (Core, 10.3.1.3)."""
    if at.base.dialect is not Dialect.D2020:
        return [_nothing(at.arena)]
    return [replace(_nothing(at.arena), items=at.inside(argument, "contains"))]


def _ref(at: At, argument: JsonValue) -> list[Case]:
    target = at.target(a_string(at, "$ref", argument))
    return [_nothing(at.arena)] if target is None else _cases_within(target)


def _recursive_ref(at: At, _argument: JsonValue) -> list[Case]:
    target = at.recursive_target()
    return [_nothing(at.arena)] if target is None else _cases_within(target)


def _every_branch(at: At, argument: JsonValue) -> list[Case]:
    found = [_nothing(at.arena)]
    for schema in a_list(at, "allOf", argument):
        found = _product(at, found, _of_schema(at, schema))
    return found


def _some_branches(at: At, argument: JsonValue) -> list[Case]:
    found = [_nothing(at.arena)]
    for index, schema in enumerate(a_list(at, "anyOf", argument)):
        found = _product(at, found, _optional(at, schema, at.here(schema, "anyOf", index)))
    return found


def _one_branch(at: At, argument: JsonValue) -> list[Case]:
    found = [_nothing(at.arena)]
    for index, schema in enumerate(a_list(at, "oneOf", argument)):
        found += _optional(at, schema, at.here(schema, "oneOf", index))[1:]
    return list(dict.fromkeys(found))


def _condition(at: At, argument: JsonValue) -> list[Case]:
    holds = at.here(argument, "if")
    then = _product(at, _of_schema(at, argument), _of_schema(at, at.schema.get("then", True)))
    otherwise = _of_schema(at, at.schema.get("else", True))
    return _under(holds, then) + _under(at.arena.negate(holds), otherwise)


def _dependents(at: At, argument: JsonValue) -> list[Case]:
    found = [_nothing(at.arena)]
    for name, schema in an_object(at, "dependentSchemas", argument).items():
        # `has` alone also holds for values that are no objects, whose items would then count
        present = at.arena.both(at.arena.types(OBJECT), at.arena.has(name, at.arena.anything))
        found = _product(at, found, _optional(at, schema, present))
    return found


def _of_schema(at: At, schema: JsonValue) -> list[Case]:
    """List the cases of a subschema in place."""
    if not isinstance(schema, dict):
        return [_nothing(at.arena)]
    base = at.reader.base_within(at.base, schema, at.path)
    return _cases(At(at.reader, base, schema, at.path))


def _cases_within(target: At) -> list[Case]:
    """List the cases of a reference's target; reading it first refuses a circle in place."""
    target.reader.read(target.schema, target.base, target.path)
    return _of_schema(target, target.schema)


def _optional(at: At, schema: JsonValue, holds: Node) -> list[Case]:
    """List the cases of a branch that may hold; the first says nothing about it."""
    nothing = _nothing(at.arena)
    return [nothing, *_under(holds, (case for case in _of_schema(at, schema) if case != nothing))]


def _under(condition: Node, cases: Iterable[Case]) -> list[Case]:
    return [replace(case, conditions=(condition, *case.conditions)) for case in cases]


_RULES: Final[dict[str, Callable[[At, JsonValue], list[Case]]]] = {
    "$dynamicRef": _ref,
    "$recursiveRef": _recursive_ref,
    "$ref": _ref,
    "additionalItems": _additional_items,
    "additionalProperties": _every_name,
    "allOf": _every_branch,
    "anyOf": _some_branches,
    "contains": _contains,
    "dependentSchemas": _dependents,
    "if": _condition,
    "items": _items_or_tuple,
    "oneOf": _one_branch,
    "patternProperties": _names,
    "prefixItems": _prefix,
    "properties": _names,
    "unevaluatedItems": _every_place,
    "unevaluatedProperties": _every_name,
}
