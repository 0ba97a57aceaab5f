"""What the branches of a schema evaluate, and when (Core 2020-12, sections 7.7.1 and 11).

A *grant* says: if this term holds, these names, places and items count as evaluated. A branch that
fails grants nothing (7.7.1.2), and neither does anything under `not`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.compat.meter import GivenUp, Reason
from client_sdk.contract.compat.reading.arguments import a_list, a_string, an_object
from client_sdk.contract.compat.reading.objects import declared_names
from client_sdk.contract.compat.reading.reader import At, active_keywords
from client_sdk.contract.compat.terms.kinds import OBJECT
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.dialect import Dialect
from client_sdk.contract.values import JsonValue

MAX_GRANTS: Final = 1_000
ALL_PLACES: Final = 1 << 60  # more places than any array has


@dataclass(frozen=True, slots=True)
class Grant:
    """If the condition holds: the names, the places from the first, and the items evaluated."""

    condition: Node
    names: Node
    places: int
    items: Node


def grants_of(at: At, *, outermost: str | None = None) -> tuple[Grant, ...]:
    """List the grants of a schema object; `outermost` is the keyword they are wanted for."""
    step = (id(at.schema), at.reader.level)
    if step in at.reader.trail:
        raise GivenUp(Reason.REFERENCE_UNPRODUCTIVE, at.path)
    at.reader.trail.append(step)
    found: dict[Grant, None] = {}
    for keyword, argument in active_keywords(at).items():
        rule = _RULES.get(keyword)
        if rule is not None and keyword != outermost:
            found |= dict.fromkeys(rule(at, argument))
            at.arena.meter.spend(1 + len(found))
        if len(found) > MAX_GRANTS:
            raise GivenUp(Reason.UNEVALUATED_CASES, at.path)
    at.reader.trail.pop()
    return tuple(found)


def _grant(
    at: At, *, names: Node | None = None, places: int = 0, items: Node | None = None
) -> Grant:
    never = at.arena.never
    return Grant(at.arena.anything, names or never, places, items or never)


def _names(at: At, _argument: JsonValue) -> Iterator[Grant]:
    yield _grant(at, names=declared_names(at))


def _every_name(at: At, _argument: JsonValue) -> Iterator[Grant]:
    yield _grant(at, names=at.arena.anything)


def _every_place(at: At, _argument: JsonValue) -> Iterator[Grant]:
    yield _grant(at, places=ALL_PLACES)


def _prefix(at: At, argument: JsonValue) -> Iterator[Grant]:
    yield _grant(at, places=len(a_list(at, "prefixItems", argument)))


def _items_or_tuple(at: At, argument: JsonValue) -> Iterator[Grant]:
    is_tuple = at.base.dialect is Dialect.D2019 and isinstance(argument, list)
    return (_prefix if is_tuple else _every_place)(at, argument)


def _additional_items(at: At, argument: JsonValue) -> Iterator[Grant]:
    if isinstance(at.schema.get("items"), list):
        yield from _every_place(at, argument)


def _contains(at: At, argument: JsonValue) -> Iterator[Grant]:
    """Since 2020-12 the items that `contains` found count as evaluated (Core, 10.3.1.3)."""
    if at.base.dialect is Dialect.D2020:
        yield _grant(at, items=at.inside(argument, "contains"))


def _ref(at: At, argument: JsonValue) -> Iterator[Grant]:
    return _of_target(at.target(a_string(at, "$ref", argument)))


def _recursive_ref(at: At, _argument: JsonValue) -> Iterator[Grant]:
    return _of_target(at.recursive_target())


def _every_branch(at: At, argument: JsonValue) -> Iterator[Grant]:
    for schema in a_list(at, "allOf", argument):
        yield from _of_schema(at, schema)


def _any_branch(at: At, argument: JsonValue) -> Iterator[Grant]:
    for index, schema in enumerate(a_list(at, "anyOf", argument)):
        yield from _under(at, at.here(schema, "anyOf", index), _of_schema(at, schema))


def _one_branch(at: At, argument: JsonValue) -> Iterator[Grant]:
    for index, schema in enumerate(a_list(at, "oneOf", argument)):
        yield from _under(at, at.here(schema, "oneOf", index), _of_schema(at, schema))


def _condition(at: At, argument: JsonValue) -> Iterator[Grant]:
    holds = at.here(argument, "if")
    yield from _under(at, holds, _of_schema(at, argument))
    yield from _under(at, holds, _of_schema(at, at.schema.get("then", True)))
    otherwise = _of_schema(at, at.schema.get("else", True))
    yield from _under(at, at.arena.negate(holds), otherwise)


def _dependents(at: At, argument: JsonValue) -> Iterator[Grant]:
    for name, schema in an_object(at, "dependentSchemas", argument).items():
        # `has` alone also holds for values that are no objects, whose items would then count
        present = at.arena.both(at.arena.types(OBJECT), at.arena.has(name, at.arena.anything))
        yield from _under(at, present, _of_schema(at, schema))


def _of_schema(at: At, schema: JsonValue) -> Iterable[Grant]:
    """List the grants of a subschema in place."""
    if not isinstance(schema, dict):
        return ()
    base = at.reader.base_within(at.base, schema, at.path)
    key = at.reader.key(schema, base)
    if key not in at.reader.granted:
        at.reader.granted[key] = grants_of(At(at.reader, base, schema, at.path))
    return at.reader.granted[key]


def _of_target(target: At | None) -> Iterator[Grant]:
    """List the grants of a reference's target; reading it first refuses a circle in place."""
    if target is not None:
        target.reader.read(target.schema, target.base, target.path)
        yield from _of_schema(target, target.schema)


def _under(at: At, condition: Node, grants: Iterable[Grant]) -> Iterator[Grant]:
    for each in grants:
        joint = at.arena.both(condition, each.condition)
        yield Grant(joint, each.names, each.places, each.items)


_RULES: Final[dict[str, Callable[[At, JsonValue], Iterator[Grant]]]] = {
    "$dynamicRef": _ref,
    "$recursiveRef": _recursive_ref,
    "$ref": _ref,
    "additionalItems": _additional_items,
    "additionalProperties": _every_name,
    "allOf": _every_branch,
    "anyOf": _any_branch,
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
