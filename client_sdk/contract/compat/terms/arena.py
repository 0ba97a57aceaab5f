"""The arena: makes every term of one question, equal ones once, and simplifies as it goes.

Simplifications here are exact and cheap: kinds are joined, finite sets are filtered by evaluating
their values, a term beside its complement vanishes. Anything that needs a search is left to
`solving`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Final, TypeVar

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.meter import Meter
from client_sdk.contract.compat.terms import joining, nodes
from client_sdk.contract.compat.terms.complements import complement_of, dual_of
from client_sdk.contract.compat.terms.kinds import (
    ARRAY,
    EVERY,
    NUMBER,
    OBJECT,
    STRING,
    kind_of,
)
from client_sdk.contract.compat.terms.nodes import Literal, Node, Not, Types, Values
from client_sdk.contract.compat.terms.restricting import restricted
from client_sdk.contract.values import JsonValue

N = TypeVar("N", bound=Node)
SIZED: Final = STRING | ARRAY | OBJECT


class Arena:
    """All terms of one question.

    `bodies` holds what the variables stand for, `origins` where each pattern was first read.
    """

    __slots__ = (
        "_both",
        "_known",
        "_naming",
        "anything",
        "bodies",
        "meter",
        "never",
        "origins",
        "restricted",
    )

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.bodies: dict[str, Node] = {}
        self.origins: dict[str, str] = {}
        self.restricted: dict[tuple[Node, int], Node] = {}
        self._naming = False
        self._known: dict[tuple[object, ...], Node] = {}
        self._both: dict[tuple[Node, Node], Node] = {}
        self.never: Node = self.types(0)
        self.anything: Node = self.types(EVERY)

    def intern(self, form: type[N], mask: int, *fields: Hashable) -> N:
        """Give the one term of this form with these fields."""
        key: tuple[object, ...] = (form, mask, *fields)
        node = self._known.get(key)
        if node is None:
            self.meter.spend()
            node = self._known[key] = form(len(self._known), mask, *fields)
        return node  # type: ignore[return-value]

    def interned_set(self, form: type[N], mask: int, parts: tuple[Node, ...]) -> N:
        """Give the one combination of these parts, whatever order they were first named in."""
        key = (form, frozenset(parts))
        node = self._known.get(key)
        if node is None:
            node = self._known[key] = form(len(self._known), mask, parts)  # type: ignore[call-arg]
        return node  # type: ignore[return-value]

    def literal(self, form: type[N], kinds: int, *fields: Hashable) -> N:
        """Give the one literal of this form about values of `kinds`."""
        return self.intern(form, EVERY, kinds, *fields)

    def types(self, mask: int) -> Node:
        """Accept the values of these kinds."""
        return self.intern(Types, mask)

    def values(self, listed: Iterable[JsonValue]) -> Node:
        """Accept exactly these values."""
        mask = 0
        known: dict[str, JsonValue] = {}
        for value in listed:
            kind = kind_of(value)
            if kind & ~(NUMBER | SIZED):
                mask |= kind
            else:
                known[equality_key(value)] = value
        finite = self.finite(nodes.Values, known) if known else self.never
        return self.any_of((self.types(mask), finite))

    def finite(self, form: type[Values | nodes.Excluded], known: Mapping[str, JsonValue]) -> Node:
        """Make a finite set, or its complement, out of values under their equality keys."""
        key = (form, frozenset(known))
        node = self._known.get(key)
        if node is None:
            self.meter.spend(1 + len(known) // 8)
            mask = EVERY
            if form is Values:
                mask = 0
                for value in known.values():
                    mask |= kind_of(value)
            node = self._known[key] = form(len(self._known), mask, known)
        return node

    def bound(self, limit: Fraction, *, upper: bool, strict: bool) -> Node:
        """Accept numbers on one side of a limit."""
        return self.literal(nodes.Bound, NUMBER, upper, limit, strict)

    def step(self, divisor: Fraction) -> Node:
        """Accept numbers that are multiples of the divisor."""
        return self.literal(nodes.Step, NUMBER, divisor, False)  # noqa: FBT003 - a field

    def size(self, kind: int, limit: int, *, upper: bool) -> Node:
        """Accept strings, arrays or objects of at least, or at most, so many parts."""
        if upper and limit < 0:
            return self.types(EVERY & ~kind)
        if not upper and limit <= 0:
            return self.anything
        return self.literal(nodes.Size, kind, upper, limit)

    def matches(self, source: str) -> Node:
        """Accept strings in which the pattern is found."""
        return self.literal(nodes.Matches, STRING, source, False)  # noqa: FBT003 - a field

    def unique(self) -> Node:
        """Accept arrays whose items all differ."""
        return self.literal(nodes.Unique, ARRAY, False)  # noqa: FBT003 - a field

    def opaque(self, meaning: str, kinds: int = EVERY) -> Node:
        """Make a requirement on values of `kinds` that only its equal can cancel."""
        return self.literal(nodes.Opaque, kinds, meaning, False)  # noqa: FBT003 - a field

    def place(self, index: int, node: Node) -> Node:
        """Accept arrays whose item at `index`, if there is one, fits."""
        if node is self.anything:
            return node
        if node is self.never:
            return self.size(ARRAY, index, upper=True)
        return self.literal(nodes.Place, ARRAY, index, node)

    def has_place(self, index: int, node: Node) -> Node:
        """Accept arrays that have an item at `index`, and it fits."""
        if node is self.never:
            return self.types(EVERY & ~ARRAY)
        if node is self.anything:
            return self.size(ARRAY, index + 1, upper=False)
        return self.literal(nodes.HasPlace, ARRAY, index, node)

    def items(self, start: int, node: Node) -> Node:
        """Accept arrays whose items from `start` on fit."""
        if node is self.anything:
            return node
        if node is self.never:
            return self.size(ARRAY, start, upper=True)
        return self.literal(nodes.Items, ARRAY, start, node)

    def count(self, start: int, node: Node, limit: int, *, upper: bool) -> Node:
        """Accept arrays of which, from `start` on, at least or at most `limit` items fit."""
        if upper and limit == 0:
            return self.items(start, self.negate(node))
        if not upper and limit <= 0:
            return self.anything
        if node is self.never:
            return self.anything if upper else self.types(EVERY & ~ARRAY)
        if node is self.anything:
            return self.size(ARRAY, start + limit, upper=upper)
        return self.literal(nodes.Count, ARRAY, start, node, upper, limit)

    def member(self, name: str, node: Node) -> Node:
        """Accept objects whose member of this name, if present, fits."""
        return node if node is self.anything else self.literal(nodes.Member, OBJECT, name, node)

    def has(self, name: str, node: Node) -> Node:
        """Accept objects with a member of this name that fits."""
        if node is self.never:
            return self.types(EVERY & ~OBJECT)
        return self.literal(nodes.Has, OBJECT, name, node)

    def each(self, names: Node, node: Node) -> Node:
        """Accept objects whose members with names in `names` fit."""
        names = self._as_names(names)
        if node is self.anything or names is self.never:
            return self.anything
        if type(names) is Values:
            return self.all_of(self.member(str(name), node) for name in names.known.values())
        return self.literal(nodes.Each, OBJECT, names, node)

    def exists(self, names: Node, node: Node) -> Node:
        """Accept objects with some member whose name is in `names` and that fits."""
        names = self._as_names(names)
        if node is self.never or names is self.never:
            return self.types(EVERY & ~OBJECT)
        if type(names) is Values:
            return self.any_of(self.has(str(name), node) for name in names.known.values())
        return self.literal(nodes.Exists, OBJECT, names, node)

    def _as_names(self, names: Node) -> Node:
        """Keep what a term says about strings, unless it stands on a definition under way.

        A definition may be used for the names of its own members; opening it once is enough.
        """
        if self._naming:
            return names
        self._naming = True
        try:
            return self.restrict(names, STRING)
        except KeyError:
            return names
        finally:
            self._naming = False

    def variable(self, name: str) -> Node:
        """Name a definition whose body is, or will be, in `bodies`."""
        return self.intern(nodes.Var, EVERY, name)

    def negate(self, node: Node) -> Node:
        """Accept exactly what the term does not."""
        if node.opposite is None:
            opposite = complement_of(self, node)
            node.opposite = opposite
            if opposite.opposite is None:
                opposite.opposite = node
        return node.opposite

    def dual(self, literal: Literal) -> Node:
        """Give the literal's complement among values of its kinds."""
        if literal.dual is not None:
            return literal.dual
        dual = dual_of(self, literal)
        if isinstance(dual, Literal):
            literal.dual, dual.dual = dual, literal
        return dual

    def opened(self, node: Not) -> Node:
        """Push a negation one level inward."""
        if isinstance(node.inner, nodes.Var):
            return self.negate(self.bodies[node.inner.name])
        return self.any_of(self.negate(part) for part in node.inner.parts)

    def both(self, one: Node, two: Node) -> Node:
        """Accept what both terms accept; remembered, because searches ask again and again."""
        if one is two or two is self.anything:
            return one
        if one is self.anything:
            return two
        if one.opposite is two:
            return self.never
        key = (one, two)
        joint = self._both.get(key)
        if joint is None:
            joint = self._both[key] = joining.all_of(self, key)
        return joint

    def all_of(self, parts: Iterable[Node]) -> Node:
        """Accept what every part accepts."""
        return joining.all_of(self, parts)

    def any_of(self, parts: Iterable[Node]) -> Node:
        """Accept what some part accepts."""
        return joining.any_of(self, parts)

    def restrict(self, node: Node, kind: int) -> Node:
        """Give a simpler term that accepts the same values of `kind`, whatever of others."""
        key = (node, kind)
        simpler = self.restricted.get(key)
        if simpler is None:
            simpler = restricted(self, node, kind)
            simpler = simpler if simpler.mask & kind else self.never
            self.restricted[key] = simpler
        return simpler
