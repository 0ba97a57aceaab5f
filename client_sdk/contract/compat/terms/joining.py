"""Conjunction and disjunction, simplified while they are built."""

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
    if _clash(gathered) or not _resolve(arena, gathered):
        return arena.never
    if gathered.listed is not None:
        return _filtered(arena, gathered)
    if gathered.excluded:
        gathered.terms[arena.finite(nodes.Excluded, gathered.excluded)] = None
    return _conjoined(arena, gathered.terms, gathered.mask)


def any_of(arena: Arena, parts: Iterable[Node]) -> Node:
    """Accept what some part accepts."""
    gathered = _Disjunction()
    for part in parts:
        for each in part.parts if isinstance(part, AnyOf) else (part,):
            gathered.add(each)
    terms = gathered.terms
    if gathered.mask == EVERY or any(each.opposite in terms for each in terms if each.opposite):
        return arena.anything
    if gathered.listed:
        terms = {arena.finite(nodes.Values, gathered.listed): None, **terms}
    if gathered.mask:
        terms = {arena.types(gathered.mask): None, **terms}
    if len(terms) <= 1:
        return next(iter(terms), arena.never)
    return _interned(arena, AnyOf, _joint_mask(terms), terms)


@dataclass(slots=True)
class _Disjunction:
    """What a disjunction is made of, sorted as it comes in."""

    mask: int = 0
    terms: dict[Node, None] = field(default_factory=dict)
    listed: dict[str, JsonValue] = field(default_factory=dict)

    def add(self, part: Node) -> None:
        if isinstance(part, Types):
            self.mask |= part.mask
        elif isinstance(part, nodes.Values):
            self.listed |= part.known
        else:
            self.terms[part] = None


@dataclass(slots=True)
class _Conjunction:
    """What a conjunction is made of, sorted as it comes in."""

    mask: int = EVERY
    terms: dict[Node, None] = field(default_factory=dict)
    listed: dict[str, JsonValue] | None = None
    excluded: dict[str, JsonValue] = field(default_factory=dict)

    def add(self, part: Node) -> None:
        self.mask &= part.mask
        if isinstance(part, All):
            for each in part.parts:
                self.add(each)
        elif isinstance(part, nodes.Values):
            self.keep(part.known)
        elif isinstance(part, nodes.Excluded):
            self.excluded |= part.known
        elif not isinstance(part, Types):
            self.terms[part] = None

    def rules_out(self, part: Node) -> bool:
        """Say whether a part plainly cannot hold beside the terms."""
        if not part.mask & self.mask or (part.opposite and part.opposite in self.terms):
            return True
        return (
            isinstance(part, Literal)
            and part.dual is not None
            and part.dual in self.terms
            and not self.mask & ~part.kinds
        )

    def keep(self, known: Mapping[str, JsonValue]) -> None:
        before = self.listed
        if before is None:
            self.listed = dict(known)
        else:
            self.listed = {key: value for key, value in before.items() if key in known}


def _clash(gathered: _Conjunction) -> bool:
    """Say whether terms contradict each other; a literal beside its dual takes its kinds away."""
    terms = gathered.terms
    for each in terms:
        if each.opposite is not None and each.opposite in terms:
            return True
        if isinstance(each, Literal) and each.dual is not None and each.dual in terms:
            gathered.mask &= ~each.kinds
    return gathered.mask == 0


def _resolve(arena: Arena, gathered: _Conjunction) -> bool:
    """Drop alternatives that the rest rules out, as unit resolution does; False if none is left.

    This is what pairs off the equal branches of two unions without looking into them.
    """
    waiting = [each for each in gathered.terms if isinstance(each, AnyOf)]
    for clause in waiting:
        if any(part in gathered.terms for part in clause.parts):
            del gathered.terms[clause]
            continue
        left = [part for part in clause.parts if not gathered.rules_out(part)]
        if len(left) == len(clause.parts):
            continue
        del gathered.terms[clause]
        gathered.add(any_of(arena, left))
        if _clash(gathered):
            return False
    return True


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
    if mask != implied:
        terms = {arena.types(mask): None, **terms}
    if len(terms) <= 1:
        return next(iter(terms), arena.anything)
    return _interned(arena, All, mask, terms)


def _interned(arena: Arena, form: type[All | AnyOf], mask: int, terms: dict[Node, None]) -> Node:
    """Give the one term with these parts, whatever their order."""
    arena.meter.spend(1 + len(terms) // 8)
    return arena.interned_set(form, mask, tuple(terms))


def _joint_mask(terms: Iterable[Node]) -> int:
    mask = 0
    for each in terms:
        mask |= each.mask
    return mask
