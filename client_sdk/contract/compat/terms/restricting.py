"""Restriction of a term to one kind of values: what it says about the others falls away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.kinds import kind_of
from client_sdk.contract.compat.terms.nodes import Literal, Node
from client_sdk.contract.values import JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.terms.arena import Arena


def restricted(arena: Arena, node: Node, kind: int) -> Node:
    """Give a simpler term that accepts the same values of `kind`.

    Negations and variables are opened on the way: what remains are literals of this kind,
    finite sets, conjunctions and disjunctions.

    Raises:
        KeyError: a variable's definition has not been read yet.
    """
    if isinstance(node, Literal):
        return node if node.kinds & kind else arena.anything
    return _RULES[type(node)](arena, node, kind)


def _types(arena: Arena, node: nodes.Types, kind: int) -> Node:
    return arena.types(node.mask & kind) if kind & ~node.mask else arena.anything


def _values(arena: Arena, node: nodes.Values, kind: int) -> Node:
    kept = _of_kind(node.known, kind)
    return arena.finite(nodes.Values, kept) if kept else arena.never


def _excluded(arena: Arena, node: nodes.Excluded, kind: int) -> Node:
    kept = _of_kind(node.known, kind)
    return arena.finite(nodes.Excluded, kept) if kept else arena.anything


def _all(arena: Arena, node: nodes.All, kind: int) -> Node:
    if not node.mask & kind:
        return arena.never
    return arena.all_of([arena.restrict(part, kind) for part in node.parts])


def _any(arena: Arena, node: nodes.AnyOf, kind: int) -> Node:
    return arena.any_of([arena.restrict(part, kind) for part in node.parts])


def _not(arena: Arena, node: nodes.Not, kind: int) -> Node:
    return arena.restrict(arena.opened(node), kind)


def _var(arena: Arena, node: nodes.Var, kind: int) -> Node:
    return arena.restrict(arena.bodies[node.name], kind)


def _of_kind(known: Mapping[str, JsonValue], kind: int) -> dict[str, JsonValue]:
    return {key: value for key, value in known.items() if kind_of(value) & kind}


_RULES: Final[Mapping[type[Node], Callable[[Arena, Any, int], Node]]] = {
    nodes.Types: _types,
    nodes.Values: _values,
    nodes.Excluded: _excluded,
    nodes.All: _all,
    nodes.AnyOf: _any,
    nodes.Not: _not,
    nodes.Var: _var,
}
