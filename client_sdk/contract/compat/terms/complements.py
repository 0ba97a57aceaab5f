"""Complements: one rule per form, so that negation never has to be searched through.

Every rule reads "not every one fits" as "some one does not" (or back), with the typing of the
keywords kept: what a literal says about other kinds of values stays said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.kinds import EVERY
from client_sdk.contract.compat.terms.nodes import Literal, Node

if TYPE_CHECKING:
    from client_sdk.contract.compat.terms.arena import Arena


def complement_of(arena: Arena, node: Node) -> Node:
    """Make the term that accepts exactly what `node` does not."""
    rule = _COMPLEMENTS.get(type(node), _literal)
    return rule(arena, node)


def dual_of(arena: Arena, literal: Literal) -> Node:
    """Make the complement of a literal among the values it speaks about."""
    return _DUALS[type(literal)](arena, literal)


def _types(arena: Arena, node: nodes.Types) -> Node:
    return arena.types(EVERY & ~node.mask)


def _values(arena: Arena, node: nodes.Values) -> Node:
    return arena.finite(nodes.Excluded, node.known)


def _excluded(arena: Arena, node: nodes.Excluded) -> Node:
    return arena.finite(nodes.Values, node.known)


def _any_of(arena: Arena, node: nodes.AnyOf) -> Node:
    return arena.all_of([arena.negate(part) for part in node.parts])


def _unopened(arena: Arena, node: nodes.All | nodes.Var) -> Node:
    """Leave it closed: most complements are never looked into."""
    return arena.intern(nodes.Not, EVERY, node)


def _opened(_arena: Arena, node: nodes.Not) -> Node:
    return node.inner


def _literal(arena: Arena, literal: Literal) -> Node:
    return arena.all_of((arena.types(literal.kinds), arena.dual(literal)))


def _bound(arena: Arena, literal: nodes.Bound) -> Node:
    return arena.bound(literal.limit, upper=not literal.upper, strict=not literal.strict)


def _size(arena: Arena, literal: nodes.Size) -> Node:
    beyond = literal.limit + 1 if literal.upper else literal.limit - 1
    return arena.size(literal.kinds, beyond, upper=not literal.upper)


def _step(arena: Arena, literal: nodes.Step) -> Node:
    return arena.literal(nodes.Step, literal.kinds, literal.divisor, not literal.negative)


def _matches(arena: Arena, literal: nodes.Matches) -> Node:
    return arena.literal(nodes.Matches, literal.kinds, literal.source, not literal.negative)


def _unique(arena: Arena, literal: nodes.Unique) -> Node:
    return arena.literal(nodes.Unique, literal.kinds, not literal.negative)


def _opaque(arena: Arena, literal: nodes.Opaque) -> Node:
    return arena.literal(nodes.Opaque, literal.kinds, literal.meaning, not literal.negative)


def _place(arena: Arena, literal: nodes.Place) -> Node:
    return arena.has_place(literal.index, arena.negate(literal.node))


def _has_place(arena: Arena, literal: nodes.HasPlace) -> Node:
    return arena.place(literal.index, arena.negate(literal.node))


def _items(arena: Arena, literal: nodes.Items) -> Node:
    return arena.count(literal.start, arena.negate(literal.node), 1, upper=False)


def _count(arena: Arena, literal: nodes.Count) -> Node:
    beyond = literal.limit + 1 if literal.upper else literal.limit - 1
    return arena.count(literal.start, literal.node, beyond, upper=not literal.upper)


def _member(arena: Arena, literal: nodes.Member) -> Node:
    return arena.has(literal.name, arena.negate(literal.node))


def _has(arena: Arena, literal: nodes.Has) -> Node:
    return arena.member(literal.name, arena.negate(literal.node))


def _each(arena: Arena, literal: nodes.Each) -> Node:
    return arena.exists(literal.names, arena.negate(literal.node))


def _exists(arena: Arena, literal: nodes.Exists) -> Node:
    return arena.each(literal.names, arena.negate(literal.node))


_COMPLEMENTS: Final[Mapping[type[Node], Callable[[Arena, Any], Node]]] = {
    nodes.Types: _types,
    nodes.Values: _values,
    nodes.Excluded: _excluded,
    nodes.AnyOf: _any_of,
    nodes.All: _unopened,
    nodes.Var: _unopened,
    nodes.Not: _opened,
}
_DUALS: Final[Mapping[type[Literal], Callable[[Arena, Any], Node]]] = {
    nodes.Bound: _bound,
    nodes.Size: _size,
    nodes.Step: _step,
    nodes.Matches: _matches,
    nodes.Unique: _unique,
    nodes.Opaque: _opaque,
    nodes.Place: _place,
    nodes.HasPlace: _has_place,
    nodes.Items: _items,
    nodes.Count: _count,
    nodes.Member: _member,
    nodes.Has: _has,
    nodes.Each: _each,
    nodes.Exists: _exists,
}
