"""Classes of member names: terms about strings, seen from the names that nobody mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.kinds import STRING
from client_sdk.contract.compat.terms.nodes import Each, Node


@dataclass(frozen=True, slots=True)
class FreshClass:
    """Fresh names that are alike: which names they are, and what their members must fit."""

    names: Node
    node: Node


def mentioned(names: Node) -> Iterator[str]:
    """List the names that a class singles out."""
    match names:
        case nodes.Values(known=known) | nodes.Excluded(known=known):
            yield from (value for value in known.values() if isinstance(value, str))
        case nodes.All(parts=parts) | nodes.AnyOf(parts=parts):
            for part in parts:
                yield from mentioned(part)
        case nodes.Not(inner=inner):
            yield from mentioned(inner)
        case _:
            return


def fresh_names(arena: Arena, names: Node) -> Node:
    """Give the class as far as names go that it does not mention itself."""
    match arena.restrict(names, STRING):
        case nodes.Values():
            return arena.never
        case nodes.Excluded():
            return arena.anything
        case nodes.All(parts=parts):
            return arena.all_of([fresh_names(arena, part) for part in parts])
        case nodes.AnyOf(parts=parts):
            return arena.any_of([fresh_names(arena, part) for part in parts])
        case other:
            return other


def fresh_classes(
    arena: Arena, within: Node, each: Iterable[Each], node: Node
) -> Iterator[FreshClass]:
    """Split fresh names of a class by the other classes they are in; loosest members first.

    Classes whose members could plainly fit nothing are left out.
    """
    others = [(fresh_names(arena, literal.names), literal.node) for literal in each]
    waiting = [(FreshClass(fresh_names(arena, within), node), 0)]
    while waiting:
        fresh, position = waiting.pop()
        arena.meter.spend()
        if fresh.names is arena.never or fresh.node is arena.never:
            continue
        if position < len(others):
            inside, wanted = others[position]
            outside = arena.restrict(arena.negate(inside), STRING)
            joint = FreshClass(arena.both(fresh.names, inside), arena.both(fresh.node, wanted))
            waiting.append((joint, position + 1))
            waiting.append((replace(fresh, names=arena.both(fresh.names, outside)), position + 1))
        else:
            yield fresh
