"""unevaluatedProperties and unevaluatedItems (Core 2020-12, section 11), made ordinary.

Members and items fall into *regions*, each evaluated by the same grants. A value is fine when in
every region the rest fits or one of its grants holds. That takes one clause per region, however
many branches may hold together; more branches only evaluate more, so no clause says that one
fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

from client_sdk.contract.compat.meter import GivenUp, Reason
from client_sdk.contract.compat.reading.grants import ALL_PLACES, Grant, grants_of
from client_sdk.contract.compat.reading.reader import At
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue

MAX_REGIONS: Final = 256
MAX_FINDERS: Final = 6  # conditional `contains`: each doubles the clauses


@dataclass(frozen=True, slots=True)
class _Names:
    """Names that the same grants evaluate, and the conditions of those grants."""

    names: Node
    conditions: tuple[Node, ...] = ()


def unevaluated_properties(at: At, argument: JsonValue) -> Node:
    """Accept objects whose members that nothing here looked at fit (11.3)."""
    left_over = at.inside(argument, "unevaluatedProperties")
    arena = at.arena
    return arena.all_of(
        arena.any_of((arena.each(region.names, left_over), *region.conditions))
        for region in _name_regions(at, grants_of(at, outermost="unevaluatedProperties"))
    )


def unevaluated_items(at: At, argument: JsonValue) -> Node:
    """Accept arrays whose items that nothing here looked at fit (11.2)."""
    left_over = at.inside(argument, "unevaluatedItems")
    grants = grants_of(at, outermost="unevaluatedItems")
    return at.arena.all_of(_item_clauses(at, left_over, grants))


def _name_regions(at: At, grants: tuple[Grant, ...]) -> list[_Names]:
    """Split all names by the grants that evaluate them; those always evaluated are left out.

    Names that some grant lists fall into regions by evaluation; of the others only what grants
    say in general tells them apart.
    """
    arena = at.arena
    parts = [_listed_and_open(arena, grant.names) for grant in grants]
    listed = arena.any_of(each for each, _ in parts)
    found: list[_Names] = []
    for start, general in ((listed, False), (arena.negate(listed), True)):
        regions = [_Names(start)]
        for grant, (_, unlisted) in zip(grants, parts, strict=True):
            names = unlisted if general else grant.names
            regions = _split(arena, regions, names, grant.condition)
            if len(regions) > MAX_REGIONS:
                raise GivenUp(Reason.UNEVALUATED_CASES, at.path)
        found += regions
    return found


def _listed_and_open(arena: Arena, names: Node) -> tuple[Node, Node]:
    """Tell the names that are listed one by one from those that a pattern or `true` brings."""
    parts = names.parts if isinstance(names, nodes.AnyOf) else (names,)
    listed = [each for each in parts if isinstance(each, nodes.Values)]
    return arena.any_of(listed), arena.any_of(each for each in parts if each not in listed)


def _split(arena: Arena, regions: list[_Names], names: Node, condition: Node) -> list[_Names]:
    """Split every region in the names that are evaluated under the condition, and the others."""
    if names is arena.never:
        return regions
    others = arena.negate(names)
    split: dict[Node, dict[Node, None]] = {}
    for region in regions:
        inside, outside = arena.both(region.names, names), arena.both(region.names, others)
        if outside is not arena.never:
            split[outside] = dict.fromkeys(region.conditions)
        if inside is not arena.never and condition is not arena.anything:
            split[inside] = dict.fromkeys((*region.conditions, condition))
    return [_Names(each, tuple(conditions)) for each, conditions in split.items()]


def _item_clauses(at: At, left_over: Node, grants: tuple[Grant, ...]) -> Iterator[Node]:
    """Give a clause per region of places, and per choice of `contains` that need not hold."""
    arena = at.arena
    always = [each for each in grants if each.condition is arena.anything]
    start = max((each.places for each in always), default=0)
    if start >= ALL_PLACES:
        return
    fitting = arena.any_of((left_over, *(each.items for each in always)))
    finders = [each for each in grants if each not in always and each.items is not arena.never]
    if len(finders) > MAX_FINDERS:
        raise GivenUp(Reason.UNEVALUATED_CASES, at.path)
    ends = sorted({each.places for each in grants if start < each.places < ALL_PLACES})
    for first, end in zip((start, *ends), (*ends, None), strict=True):
        last = ALL_PLACES if end is None else end
        reaching = [each.condition for each in grants if each.places >= last]
        for held in _subsets(finders):
            wanted = arena.any_of((fitting, *(each.items for each in finders if each not in held)))
            rest = _between(arena, first, end, wanted)
            yield arena.any_of((rest, *reaching, *(each.condition for each in held)))


def _subsets(grants: list[Grant]) -> Iterator[tuple[Grant, ...]]:
    return chain.from_iterable(combinations(grants, size) for size in range(len(grants) + 1))


def _between(arena: Arena, first: int, end: int | None, node: Node) -> Node:
    """Accept arrays whose items from one place up to another, or all after it, fit."""
    if end is None:
        return arena.items(first, node)
    return arena.all_of(arena.place(index, node) for index in range(first, end))
