"""Keywords about arrays (Core 2020-12, section 10.3.1; Validation 2020-12, section 6.4)."""

from __future__ import annotations

from client_sdk.contract.compat.reading.arguments import a_count, a_list
from client_sdk.contract.compat.reading.reader import At
from client_sdk.contract.compat.terms.kinds import ARRAY
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue


def prefix_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays whose first items fit, place by place (10.3.1.1)."""
    return _tuple(at, "prefixItems", argument)


def items(at: At, argument: JsonValue) -> Node:
    """Accept arrays whose items after `prefixItems` fit (10.3.1.2)."""
    start = len(a_list(at, "prefixItems", at.schema.get("prefixItems", [])))
    return at.arena.items(start, at.inside(argument, "items"))


def items_or_tuple(at: At, argument: JsonValue) -> Node:
    """Read as `prefixItems` when it is an array (Core 2019-09, 9.3.1.1, and before)."""
    if isinstance(argument, list):
        return _tuple(at, "items", argument)
    return at.arena.items(0, at.inside(argument, "items"))


def additional_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays whose items after those of an `items` array fit (Core 2019-09, 9.3.1.2)."""
    named = at.schema.get("items")
    if not isinstance(named, list):
        return at.arena.anything
    return at.arena.items(len(named), at.inside(argument, "additionalItems"))


def contains(at: At, argument: JsonValue) -> Node:
    """Accept arrays with enough fitting items and not too many (10.3.1.3, 6.4.4, 6.4.5)."""
    node = at.inside(argument, "contains")
    least = a_count(at, "minContains", at.schema.get("minContains", 1))
    enough = at.arena.count(0, node, least, upper=False)
    if "maxContains" not in at.schema:
        return enough
    most = a_count(at, "maxContains", at.schema["maxContains"])
    return at.arena.both(enough, at.arena.count(0, node, most, upper=True))


def contains_one(at: At, argument: JsonValue) -> Node:
    """Accept arrays with a fitting item (Validation draft 6, 6.14, and draft 7)."""
    return at.arena.count(0, at.inside(argument, "contains"), 1, upper=False)


def min_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays of at least so many items (6.4.2)."""
    return at.arena.size(ARRAY, a_count(at, "minItems", argument), upper=False)


def max_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays of at most so many items (6.4.1)."""
    return at.arena.size(ARRAY, a_count(at, "maxItems", argument), upper=True)


def unique_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays whose items all differ (6.4.3)."""
    return at.arena.unique() if argument is True else at.arena.anything


def _tuple(at: At, keyword: str, argument: JsonValue) -> Node:
    schemas = enumerate(a_list(at, keyword, argument))
    return at.arena.all_of(
        at.arena.place(index, at.inside(schema, keyword, index)) for index, schema in schemas
    )
