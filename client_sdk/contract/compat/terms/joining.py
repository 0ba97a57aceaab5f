"""Conjunction, disjunction and restriction to one kind, simplified while they are built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.kinds import EVERY, kind_of
from client_sdk.contract.compat.terms.nodes import All, AnyOf, Literal, Node, Types
from client_sdk.contract.values import JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.terms.arena import Arena


def all_of(arena: Arena, parts: Iterable[Node]) -> Node:
    """Accept what every part accepts."""
    gathered = _Conjunction()
    for part in parts:
        gathered.add(part)
    if _clash(gathered):
        return arena.never
    if gathered.listed is not None:
        return _filtered(arena, gathered)
    if gathered.excluded:
        gathered.terms[arena.finite(nodes.Excluded, gathered.excluded)] = None
    return _conjoined(arena, gathered.terms, gathered.mask)


def any_of(arena: Arena, parts: Iterable[Node]) -> Node:
    """Accept what some part accepts."""
    mask = 0
    listed: dict[str, JsonValue] = {}
    terms: dict[Node, None] = {}
    for part in parts:
        for each in part.parts if type(part) is AnyOf else (part,):
            if type(each) is Types:
                mask |= each.mask
            elif type(each) is nodes.Values:
                listed |= each.known
            else:
                terms[each] = None
    if mask == EVERY or any(each.opposite in terms for each in terms if each.opposite):
        return arena.anything
    if listed:
        terms = {arena.finite(nodes.Values, listed): None, **terms}
    if mask:
        terms = {arena.types(mask): None, **terms}
    if len(terms) <= 1:
        return next(iter(terms), arena.never)
    return _interned(arena, AnyOf, _joint_mask(terms), terms)


def restricted(arena: Arena, node: Node, kind: int) -> Node:
    """Give a simpler term that accepts the same values of `kind`."""
    match node:
        case Types(mask=mask):
            return arena.types(mask & kind) if kind & ~mask else arena.anything
        case nodes.Values(known=known):
            return _of_kind(arena, nodes.Values, known, kind)
        case nodes.Excluded(known=known):
            return _of_kind(arena, nodes.Excluded, known, kind)
        case All(parts=parts):
            if not node.mask & kind:
                return arena.never
            return all_of(arena, [arena.restrict(part, kind) for part in parts])
        case AnyOf(parts=parts):
            return any_of(arena, [arena.restrict(part, kind) for part in parts])
        case nodes.Not():
            return arena.restrict(arena.opened(node), kind)
        case nodes.Var(name=name):
            return arena.restrict(arena.bodies[name], kind)
        case Literal(kinds=kinds):
            return node if kinds & kind else arena.anything
        case _:
            raise AssertionError(type(node).__name__)


@dataclass(slots=True)
class _Conjunction:
    """What a conjunction is made of, sorted as it comes in."""

    mask: int = EVERY
    terms: dict[Node, None] = field(default_factory=dict)
    listed: dict[str, JsonValue] | None = None
    excluded: dict[str, JsonValue] = field(default_factory=dict)

    def add(self, part: Node) -> None:
        self.mask &= part.mask
        form = type(part)
        if form is All:
            for each in part.parts:  # type: ignore[attr-defined]
                self.add(each)
        elif form is nodes.Values:
            self.keep(part.known)  # type: ignore[attr-defined]
        elif form is nodes.Excluded:
            self.excluded |= part.known  # type: ignore[attr-defined]
        elif form is not Types:
            self.terms[part] = None

    def keep(self, known: dict[str, JsonValue]) -> None:
        before = self.listed
        self.listed = known if before is None else {k: before[k] for k in before if k in known}


def _clash(gathered: _Conjunction) -> bool:
    """Say whether terms contradict each other; a literal beside its dual takes its kinds away."""
    terms = gathered.terms
    for each in terms:
        if each.opposite is not None and each.opposite in terms:
            return True
        if isinstance(each, Literal) and each.dual is not None and each.dual in terms:
            gathered.mask &= ~each.kinds
    return gathered.mask == 0


def _filtered(arena: Arena, gathered: _Conjunction) -> Node:
    """Keep the listed values that fit everything else, and what could not be evaluated."""
    unsure: dict[Node, None] = {}
    kept: dict[str, JsonValue] = {}
    for key, value in (gathered.listed or {}).items():
        if not kind_of(value) & gathered.mask or key in gathered.excluded:
            continue
        answers = {each: fits(arena, each, value) for each in gathered.terms}
        if False not in answers.values():
            kept[key] = value
            unsure |= {each: None for each, answer in answers.items() if answer is None}
    if not kept:
        return arena.never
    return _conjoined(arena, {arena.finite(nodes.Values, kept): None, **unsure}, EVERY)


def _conjoined(arena: Arena, terms: dict[Node, None], mask: int) -> Node:
    implied = EVERY
    for each in terms:
        implied &= each.mask
    mask &= implied
    if mask == 0:
        return arena.never
    if mask != implied:
        terms = {arena.types(mask): None, **terms}
    if len(terms) <= 1:
        return next(iter(terms), arena.anything)
    return _interned(arena, All, mask, terms)


def _interned(
    arena: Arena, form: type[All] | type[AnyOf], mask: int, terms: dict[Node, None]
) -> Node:
    """Give the one term with these parts, whatever their order."""
    arena.meter.spend(1 + len(terms) // 8)
    return arena.interned_set(form, mask, tuple(terms))


def _joint_mask(terms: Iterable[Node]) -> int:
    mask = 0
    for each in terms:
        mask |= each.mask
    return mask


def _of_kind(
    arena: Arena,
    form: type[nodes.Values] | type[nodes.Excluded],
    known: Mapping[str, JsonValue],
    kind: int,
) -> Node:
    kept = {key: value for key, value in known.items() if kind_of(value) & kind}
    if not kept:
        return arena.never if form is nodes.Values else arena.anything
    return arena.finite(form, kept)
