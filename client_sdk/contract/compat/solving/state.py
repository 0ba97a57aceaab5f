"""What a search knows so far about a value of one kind: the common ground of the four kinds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any, ClassVar, NamedTuple, Self

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.solving.models import Models, Search, at_once
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.nodes import Literal, Node
from client_sdk.contract.values import JsonValue


class Rule(NamedTuple):
    """How a state deals with one form of literal.

    `take` adds it and says False on a plain clash; `screen` says whether it already holds,
    cannot hold, or neither.
    """

    take: Callable[[Any, Any], bool]
    screen: Callable[[Any, Any], bool | None]


Rules = Mapping[type[Node], Rule]


class State(ABC):
    """A conjunction of literals about values of one kind, kept in a form that shows clashes.

    `taken` holds every literal that was added. `listed` is the finite set the value must come
    from, if there is one; `excluded` are the keys of values it must not equal.
    """

    KIND: ClassVar[int]
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
        if isinstance(literal, nodes.Types) and not literal.mask & self.KIND:
            return False
        self.taken[literal] = None
        if isinstance(literal, nodes.Values):
            return self._keep(dict(literal.known))
        if isinstance(literal, nodes.Excluded):
            self.excluded |= literal.known
            return True
        rule = self.rules().get(type(literal))  # none for what is opaque or about other kinds
        return rule is None or rule.take(self, literal)

    def screened(self, literal: Node) -> bool | None:
        """Say whether the literal already holds, cannot hold, or neither; without a search."""
        if literal in self.taken:
            return True
        if isinstance(literal, Literal) and literal.dual in self.taken:
            return False
        if isinstance(literal, nodes.Types) and not literal.mask & self.KIND:
            return False
        rule = self.rules().get(type(literal))
        return None if rule is None else rule.screen(self, literal)

    def spelled_out(self) -> Iterable[tuple[Node, ...]]:
        """Give clauses that follow from what was taken and that alternatives can be tried on."""
        return ()

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
    def rules(self) -> Rules:
        """Give the table that says how each form of literal is taken in and screened."""

    @abstractmethod
    def models(self, want: int) -> Search[Models]:
        """Search values that fit everything taken."""

    def refuted(self) -> Search[bool]:
        """Say whether parts that must be there cannot; a cheaper question than `models`."""
        return at_once(answer=False)

    def _keep(self, known: dict[str, JsonValue]) -> bool:
        before = self.listed
        self.listed = known if before is None else {k: before[k] for k in before if k in known}
        return bool(self.listed)
