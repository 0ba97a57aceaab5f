"""What a search knows so far about a value of one kind: the common ground of the four kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, ClassVar, Self

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.solving.models import Models, Search
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.nodes import Literal, Node
from client_sdk.contract.values import JsonValue


class State(ABC):
    """A conjunction of literals about values of one kind, kept in a form that shows clashes.

    `taken` holds every literal that was added. `listed` is the finite set the value must come
    from, if there is one; `excluded` are the keys of values it must not equal.
    """

    _OWN: ClassVar[tuple[str, ...]] = ()  # containers that a copy must not share

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.taken: dict[Node, None] = {}
        self.listed: dict[str, JsonValue] | None = None
        self.excluded: dict[str, JsonValue] = {}

    def copied(self) -> Self:
        """Give a state that can go another way."""
        other = copy(self)
        other.taken = dict(self.taken)
        other.excluded = dict(self.excluded)
        for name in self._OWN:
            setattr(other, name, copy(getattr(self, name)))
        return other

    def add(self, literal: Node) -> bool:
        """Take a literal in; False when it plainly clashes with what is there."""
        if literal in self.taken:
            return True
        if isinstance(literal, Literal) and literal.dual in self.taken:
            return False
        self.taken[literal] = None
        if isinstance(literal, nodes.Values):
            return self._keep(dict(literal.known))
        if isinstance(literal, nodes.Excluded):
            self.excluded |= literal.known
            return True
        return isinstance(literal, nodes.Opaque) or self.take(literal)

    def screened(self, literal: Node) -> bool | None:
        """Say whether the literal already holds, cannot hold, or neither; without a search."""
        if literal in self.taken:
            return True
        if isinstance(literal, Literal) and literal.dual in self.taken:
            return False
        if isinstance(literal, nodes.Values | nodes.Excluded | nodes.Opaque | nodes.Types):
            return None
        return self.screen(literal)

    def candidates(self, rest: list[Node]) -> Models:
        """Give the listed values that fit everything taken and the rest."""
        fitting = [
            value
            for value in (self.listed or {}).values()
            if all(fits(self.arena, each, value) is not False for each in (*self.taken, *rest))
        ]
        return Models(tuple(fitting), complete=True)

    def allows(self, value: JsonValue) -> bool:
        """Say whether a value is none of the excluded ones."""
        return not self.excluded or equality_key(value) not in self.excluded

    @abstractmethod
    def take(self, literal: Any) -> bool:
        """Take in a literal about this kind; False on a plain clash."""

    @abstractmethod
    def screen(self, literal: Any) -> bool | None:
        """Judge a literal about this kind without a search."""

    @abstractmethod
    def models(self, want: int) -> Search[Models]:
        """Search values that fit everything taken."""

    def refuted(self) -> Search[bool]:
        """Say whether parts that must be there cannot; a cheaper question than `models`."""
        return False
        yield  # pragma: no cover - makes this a search

    def _keep(self, known: dict[str, JsonValue]) -> bool:
        before = self.listed
        self.listed = known if before is None else {k: before[k] for k in before if k in known}
        return bool(self.listed)
