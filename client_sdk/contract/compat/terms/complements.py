"""Complements: one rule per form, so that negation never has to be searched through.

Every rule reads "not every one fits" as "some one does not" (or back), with the typing of the
keywords kept: what a literal says about other kinds of values stays said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.kinds import EVERY
from client_sdk.contract.compat.terms.nodes import Literal, Node

if TYPE_CHECKING:
    from client_sdk.contract.compat.terms.arena import Arena


def complement_of(arena: Arena, node: Node) -> Node:
    """Make the term that accepts exactly what `node` does not."""
    match node:
        case nodes.Types(mask=mask):
            return arena.types(EVERY & ~mask)
        case nodes.Values(known=known):
            return arena.finite(nodes.Excluded, dict(known))
        case nodes.Excluded(known=known):
            return arena.finite(nodes.Values, dict(known))
        case nodes.Not(inner=inner):
            return inner
        case Literal(kinds=kinds):
            return arena.all_of((arena.types(kinds), arena.dual(node)))
        case _:
            return arena.intern(nodes.Not, EVERY, node)


def dual_of(arena: Arena, literal: Literal) -> Node:
    """Make the complement of a literal among the values it speaks about."""
    match literal:
        case nodes.Bound(upper=upper, limit=limit, strict=strict):
            return arena.bound(limit, upper=not upper, strict=not strict)
        case nodes.Size(kinds=kinds, upper=upper, limit=limit):
            return arena.size(kinds, limit + 1 if upper else limit - 1, upper=not upper)
        case nodes.Step(divisor=divisor, negative=negative):
            return arena.literal(nodes.Step, literal.kinds, divisor, not negative)
        case nodes.Matches(source=source, negative=negative):
            return arena.literal(nodes.Matches, literal.kinds, source, not negative)
        case nodes.Unique(negative=negative):
            return arena.literal(nodes.Unique, literal.kinds, not negative)
        case nodes.Opaque(meaning=meaning, negative=negative):
            return arena.literal(nodes.Opaque, literal.kinds, meaning, not negative)
        case _:
            return _dual_of_container(arena, literal)


def _dual_of_container(arena: Arena, literal: Literal) -> Node:
    match literal:
        case nodes.Place(index=index, node=node):
            return arena.has_place(index, arena.negate(node))
        case nodes.HasPlace(index=index, node=node):
            return arena.place(index, arena.negate(node))
        case nodes.Items(start=start, node=node):
            return arena.count(start, arena.negate(node), 1, upper=False)
        case nodes.Count(start=start, node=node, upper=upper, limit=limit):
            return arena.count(start, node, limit + 1 if upper else limit - 1, upper=not upper)
        case nodes.Member(name=name, node=node):
            return arena.has(name, arena.negate(node))
        case nodes.Has(name=name, node=node):
            return arena.member(name, arena.negate(node))
        case nodes.Each(names=names, node=node):
            return arena.exists(names, arena.negate(node))
        case nodes.Exists(names=names, node=node):
            return arena.each(names, arena.negate(node))
        case _:
            raise AssertionError(f"no dual for {type(literal).__name__}")
