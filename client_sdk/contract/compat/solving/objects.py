"""Objects: named members, classes of names, and members that must exist somewhere.

Names that either side mentions are kept one by one; all others are *fresh*, and only the classes
they fall into (`names`) tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from client_sdk.contract.compat.solving.assembling import assembled
from client_sdk.contract.compat.solving.models import Ask, Models, Search
from client_sdk.contract.compat.solving.names import mentioned
from client_sdk.contract.compat.solving.sizes import screen_size, take_size
from client_sdk.contract.compat.solving.state import Rule, Rules, State
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.kinds import OBJECT, STRING
from client_sdk.contract.compat.terms.nodes import Each, Exists, Node

MOST_SPELLED: Final = 200  # names of a closed object that are tried one by one


class ObjectState(State):
    """What is known about an object's members.

    `named` holds what is said of single names, `each` and `exists` what is said of classes of
    names, `required` the names that are present. `only` lists the names that a closed object may
    have; None while there may be others.
    """

    KIND: ClassVar[int] = OBJECT
    _OWN: ClassVar[tuple[str, ...]] = (
        "named",
        "required",
        "each",
        "exists",
        "unspelled",
        "_members",
        "_unchecked",
    )

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.named: dict[str, Node] = {}
        self.required: dict[str, None] = {}
        self.each: dict[Each, None] = {}
        self.exists: dict[Exists, None] = {}
        self.least = 0
        self.most: int | None = None
        self.only: frozenset[str] | None = None
        self.unspelled: dict[Exists, None] = {}
        self._members: dict[str, Node] = {}
        self._unchecked: dict[str, None] = {}

    def rules(self) -> Rules:
        """Give the table that says how each form of literal is dealt with."""
        return _RULES

    def member(self, name: str) -> Node:
        """Give what a member of this name must fit, if it is present."""
        node = self._members.get(name)
        if node is None:
            node = self.named.get(name, self.arena.anything)
            for each in self.each:
                if self.covers(each.names, name):
                    node = self.arena.both(node, each.node)
            self._members[name] = node
        return node

    def covers(self, names: Node, name: str) -> bool:
        """Say whether a name is surely in a class."""
        return fits(self.arena, names, name) is True

    def may_cover(self, names: Node, name: str) -> bool:
        """Say whether a name can be in a class."""
        return fits(self.arena, names, name) is not False

    def known_names(self) -> dict[str, None]:
        """List every name that is mentioned anywhere, in a stable order."""
        names = dict.fromkeys((*self.required, *self.named))
        classes = [each.names for each in self.each] + [each.names for each in self.exists]
        for each in classes:
            names |= dict.fromkeys(mentioned(each))
        return names

    def refuted(self) -> Search[bool]:
        """Say whether a member that must be there cannot."""
        for name in list(self._unchecked):
            if name in self.required and (yield Ask(self.member(name))).empty:
                return True
        self._unchecked = {}
        return False

    def spelled_out(self) -> Iterator[tuple[Node, ...]]:
        """Give, in a closed object, the members that one that must exist can be."""
        if self.only is None or len(self.only) > MOST_SPELLED:
            return
        for wanted in list(self.unspelled):
            del self.unspelled[wanted]
            names = [name for name in sorted(self.only) if self.may_cover(wanted.names, name)]
            yield tuple(self.arena.has(name, wanted.node) for name in names)

    def models(self, want: int) -> Search[Models]:
        """Assemble objects member by member."""
        return (yield from assembled(self, want))

    def narrow(self, name: str, node: Node) -> bool:
        """Take in what a member must fit; False when it must be there and cannot."""
        self.named[name] = self.arena.both(self.named.get(name, self.arena.anything), node)
        self._members[name] = self.arena.both(self.member(name), node)
        self._unchecked[name] = None
        return self._members[name] is not self.arena.never or name not in self.required

    def reconsider(self) -> bool:
        """Join the members anew after a class was narrowed; False when one now cannot be."""
        self._members = {}
        self._unchecked |= self.required
        return not any(self.member(name) is self.arena.never for name in self.required)

    def is_roomy(self) -> bool:
        """Say whether there can be as many members as there must be."""
        least = max(self.least, len(self.required))
        if self.most is not None and least > self.most:
            return False
        if self.only is None or least <= len(self.required):
            return True
        never = self.arena.never
        return least <= sum(self.member(name) is not never for name in self.only)

    def close(self, literal: Each) -> None:
        """Note the only names left when a class is shut out and few are not in it."""
        others = self.arena.restrict(self.arena.negate(literal.names), STRING)
        if others is self.arena.never or isinstance(others, nodes.Values):
            names = frozenset(mentioned(others))
            self.only = names if self.only is None else self.only & names

    def may_exist(self, literal: Exists) -> bool:
        """Rule out a member whose every name is in classes that leave no value for it."""
        arena = self.arena
        node = literal.node
        for each in self.each:
            outside = arena.restrict(arena.negate(each.names), STRING)
            if arena.both(literal.names, outside) is arena.never:
                node = arena.both(node, each.node)
        return node is not arena.never


def _take_member(state: ObjectState, literal: nodes.Member) -> bool:
    return state.narrow(literal.name, literal.node) and state.is_roomy()


def _take_presence(state: ObjectState, literal: nodes.Has) -> bool:
    state.required[literal.name] = None
    return state.narrow(literal.name, literal.node) and state.is_roomy()


def _take_class(state: ObjectState, literal: Each) -> bool:
    state.each[literal] = None
    if literal.node is state.arena.never:
        state.close(literal)
    if not state.reconsider() or not state.is_roomy():
        return False
    return all(state.may_exist(wanted) for wanted in state.exists)


def _take_existence(state: ObjectState, literal: Exists) -> bool:
    state.exists[literal] = state.unspelled[literal] = None
    return state.may_exist(literal)


def _take_size(state: ObjectState, literal: nodes.Size) -> bool:
    return take_size(state, literal) and state.is_roomy()


def _screen_member(state: ObjectState, literal: nodes.Member) -> bool | None:
    known = state.member(literal.name)
    joint = state.arena.both(known, literal.node)
    if joint is known:
        return True
    return False if joint is state.arena.never and literal.name in state.required else None


def _screen_presence(state: ObjectState, literal: nodes.Has) -> bool | None:
    known = state.member(literal.name)
    joint = state.arena.both(known, literal.node)
    if joint is state.arena.never:
        return False
    return True if joint is known and literal.name in state.required else None


def _screen_class(_state: ObjectState, _literal: Each) -> bool | None:
    """Leave it open: a class is about names that nobody has mentioned yet."""
    return None


def _screen_existence(state: ObjectState, literal: Exists) -> bool | None:
    return None if state.may_exist(literal) else False


def _screen_size(state: ObjectState, literal: nodes.Size) -> bool | None:
    if literal.upper and literal.limit < len(state.required):
        return False
    if not literal.upper and literal.limit <= len(state.required):
        return True
    return screen_size(state, literal)


_RULES: Final[Rules] = {
    nodes.Member: Rule(_take_member, _screen_member),
    nodes.Has: Rule(_take_presence, _screen_presence),
    Each: Rule(_take_class, _screen_class),
    Exists: Rule(_take_existence, _screen_existence),
    nodes.Size: Rule(_take_size, _screen_size),
}
