"""Keywords that apply schemas in place (Core 2020-12, section 8.2.3, 10.2)."""

from __future__ import annotations

from itertools import combinations

from client_sdk.contract.compat.reading.arguments import a_list, a_string
from client_sdk.contract.compat.reading.reader import At
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.kinds import OBJECT
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue


def ref(at: At, argument: JsonValue) -> Node:
    """Accept what the target accepts (8.2.3.1; `$dynamicRef` 8.2.3.2)."""
    return landed(at, at.target(a_string(at, "$ref", argument)))


def recursive_ref(at: At, _argument: JsonValue) -> Node:
    """Accept what the outermost recursive anchor accepts (Core 2019-09, 8.2.4.2.1)."""
    return landed(at, at.recursive_target())


def all_of(at: At, argument: JsonValue) -> Node:
    """Accept what all accept (10.2.1.1)."""
    return at.arena.all_of(branches(at, "allOf", argument))


def any_of(at: At, argument: JsonValue) -> Node:
    """Accept what some one accepts (10.2.1.2)."""
    return at.arena.any_of(branches(at, "anyOf", argument))


def one_of(at: At, argument: JsonValue) -> Node:
    """Accept what exactly one accepts (10.2.1.3): some one, and no two that could overlap."""
    terms = branches(at, "oneOf", argument)
    arena = at.arena
    apart = [
        arena.any_of((arena.negate(one), arena.negate(two)))
        for one, two in combinations(terms, 2)
        if not _plainly_disjoint(one, two)
    ]
    return arena.all_of([arena.any_of(terms), *apart])


def not_(at: At, argument: JsonValue) -> Node:
    """Accept what the schema does not (10.2.1.4)."""
    return at.arena.negate(at.here(argument, "not"))


def if_(at: At, argument: JsonValue) -> Node:
    """Accept by `then` where the condition holds, else by `else` (10.2.2)."""
    if "then" not in at.schema and "else" not in at.schema:
        return at.arena.anything
    condition = at.here(argument, "if")
    then = at.here(at.schema.get("then", True), "then")
    otherwise = at.here(at.schema.get("else", True), "else")
    return at.arena.both(
        at.arena.any_of((at.arena.negate(condition), then)),
        at.arena.any_of((condition, otherwise)),
    )


def branches(at: At, keyword: str, argument: JsonValue) -> list[Node]:
    """Read the schemas of a list, all applied to the same value."""
    schemas = enumerate(a_list(at, keyword, argument))
    return [at.here(schema, keyword, index) for index, schema in schemas]


def landed(at: At, target: At | None) -> Node:
    """Read a reference's target, which applies to the same value."""
    if target is None:
        return at.arena.anything
    return at.reader.referred(target)


def _plainly_disjoint(one: Node, two: Node) -> bool:
    """Say whether kinds or a required tag keep two branches apart; no search."""
    if not one.mask & two.mask:
        return True
    left, right = _tags(one), _tags(two)
    return any(name in right and not left[name].keys() & right[name].keys() for name in left)


def _tags(node: Node) -> dict[str, dict[str, JsonValue]]:
    """Give the required members of an object that can only have certain values."""
    if node.mask != OBJECT or not isinstance(node, nodes.All):
        return {}
    present = {part.name for part in node.parts if isinstance(part, nodes.Has)}
    return {
        part.name: dict(part.node.known)
        for part in node.parts
        if isinstance(part, nodes.Member)
        and part.name in present
        and isinstance(part.node, nodes.Values)
    }
