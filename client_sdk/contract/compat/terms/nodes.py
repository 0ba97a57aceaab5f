"""The intermediate form: immutable terms that say which JSON values fit.

A *literal* speaks about values of some kinds and holds for all others, as JSON Schema keywords do.
Each literal has a *dual*: of a value of those kinds exactly one of the two holds. `All`, `AnyOf`
and `Not` combine terms; `Var` names a recursive definition, so that recursion costs nothing.
The arena makes equal terms one object: equality is identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from client_sdk.contract.values import JsonValue


@dataclass(slots=True, eq=False)
class Node:
    """A term. `mask` holds every kind of value that can fit; `number` orders terms by age."""

    number: int
    mask: int
    opposite: Node | None = field(default=None, init=False, repr=False)


@dataclass(slots=True, eq=False)
class Types(Node):
    """A value of one of the kinds in `mask`."""


@dataclass(slots=True, eq=False)
class Values(Node):
    """One of finitely many values, by equality key; never null or a boolean (those are kinds)."""

    known: Mapping[str, JsonValue]


@dataclass(slots=True, eq=False)
class Excluded(Node):
    """None of finitely many values, by equality key; never null or a boolean."""

    known: Mapping[str, JsonValue]


@dataclass(slots=True, eq=False)
class Literal(Node):
    """A requirement on values of `kinds`; `dual` is its complement among them, once made."""

    kinds: int
    dual: Literal | None = field(default=None, init=False, repr=False)


@dataclass(slots=True, eq=False)
class Bound(Literal):
    """A number on one side of a limit; `strict` leaves the limit itself out."""

    upper: bool
    limit: Fraction
    strict: bool


@dataclass(slots=True, eq=False)
class Step(Literal):
    """A number that is a multiple of the divisor, or with `negative` none."""

    divisor: Fraction
    negative: bool


@dataclass(slots=True, eq=False)
class Size(Literal):
    """A string, array or object with at least, or with `upper` at most, so many parts."""

    upper: bool
    limit: int


@dataclass(slots=True, eq=False)
class Matches(Literal):
    """A string in which the pattern is found, or with `negative` is not."""

    source: str
    negative: bool


@dataclass(slots=True, eq=False)
class Place(Literal):
    """The item at `index` is absent or fits `node`."""

    index: int
    node: Node


@dataclass(slots=True, eq=False)
class HasPlace(Literal):
    """The item at `index` is present and fits `node`."""

    index: int
    node: Node


@dataclass(slots=True, eq=False)
class Items(Literal):
    """Every item from `start` on fits `node`."""

    start: int
    node: Node


@dataclass(slots=True, eq=False)
class Count(Literal):
    """Of the items from `start` on at least, or with `upper` at most, `limit` fit `node`."""

    start: int
    node: Node
    upper: bool
    limit: int


@dataclass(slots=True, eq=False)
class Unique(Literal):
    """An array whose items all differ, or with `negative` one with two equal items."""

    negative: bool


@dataclass(slots=True, eq=False)
class Member(Literal):
    """The member is absent or fits `node`."""

    name: str
    node: Node


@dataclass(slots=True, eq=False)
class Has(Literal):
    """The member is present and fits `node`."""

    name: str
    node: Node


@dataclass(slots=True, eq=False)
class Each(Literal):
    """Every member whose name fits `names` fits `node`."""

    names: Node
    node: Node


@dataclass(slots=True, eq=False)
class Exists(Literal):
    """Some member whose name fits `names` fits `node`."""

    names: Node
    node: Node


@dataclass(slots=True, eq=False)
class Opaque(Literal):
    """A requirement that the engine does not model; equal ones still cancel each other."""

    meaning: str
    negative: bool


@dataclass(slots=True, eq=False)
class All(Node):
    """Every part fits; no part is itself an `All`."""

    parts: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class AnyOf(Node):
    """Some part fits; no part is itself an `AnyOf`."""

    parts: tuple[Node, ...]


@dataclass(slots=True, eq=False)
class Not(Node):
    """The inner term does not fit; opened only when needed."""

    inner: All | Var


@dataclass(slots=True, eq=False)
class Var(Node):
    """A named definition that refers to itself; the arena holds its body."""

    name: str
