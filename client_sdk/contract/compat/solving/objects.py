"""Objects: named members, classes of names, and members that must exist somewhere.

Names that either side mentions are kept one by one; all others are *fresh*, and only the classes
they fall into (`names`) tell them apart.
"""

from __future__ import annotations

from typing import Any, ClassVar

from client_sdk.contract.compat.solving.assembling import assembled
from client_sdk.contract.compat.solving.models import Ask, Models, Search
from client_sdk.contract.compat.solving.names import mentioned
from client_sdk.contract.compat.solving.state import State
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.evaluating import fits
from client_sdk.contract.compat.terms.kinds import STRING
from client_sdk.contract.compat.terms.nodes import Each, Exists, Node


class ObjectState(State):
    """What is known about an object's members.

    `named` holds what is said of single names, `each` and `exists` what is said of classes of
    names, `required` the names that are present.
    """

    _OWN: ClassVar[tuple[str, ...]] = (
        "named",
        "required",
        "each",
        "exists",
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
        self._members: dict[str, Node] = {}
        self._unchecked: dict[str, None] = {}

    def take(self, literal: Any) -> bool:
        """Take in what is said of a member, a class of names or the size."""
        match literal:
            case nodes.Member(name=name, node=node):
                return self._narrow(name, node)
            case nodes.Has(name=name, node=node):
                self.required[name] = None
                return self._narrow(name, node) and self._is_roomy()
            case Each():
                return self._narrow_class(literal)
            case Exists():
                self.exists[literal] = None
                return self._may_exist(literal)
            case nodes.Size(upper=True, limit=limit):
                self.most = limit if self.most is None else min(self.most, limit)
            case nodes.Size(limit=limit):
                self.least = max(self.least, limit)
        return self._is_roomy()

    def screen(self, literal: Any) -> bool | None:
        """Judge by the members' terms, joined but not searched."""
        match literal:
            case nodes.Member(name=name, node=node):
                return self._screened_member(name, node)
            case nodes.Has(name=name, node=node):
                return self._screened_presence(name, node)
            case Exists():
                return None if self._may_exist(literal) else False
            case nodes.Size(upper=True, limit=limit):
                if self.most is not None and self.most <= limit:
                    return True
                return False if limit < max(self.least, len(self.required)) else None
            case nodes.Size(limit=limit):
                if max(self.least, len(self.required)) >= limit:
                    return True
                return False if self.most is not None and self.most < limit else None
            case _:
                return None

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

    def known_names(self) -> dict[str, None]:
        """List every name that is mentioned anywhere, in a stable order."""
        names = dict.fromkeys((*self.required, *self.named))
        for each in (*self.each, *self.exists):
            names |= dict.fromkeys(mentioned(each.names))
        return names

    def refuted(self) -> Search[bool]:
        """Say whether a member that must be there cannot."""
        for name in list(self._unchecked):
            if name in self.required and (yield Ask(self.member(name))).empty:
                return True
        self._unchecked = {}
        return False

    def models(self, want: int) -> Search[Models]:
        """Assemble objects member by member."""
        return (yield from assembled(self, want))

    def _narrow(self, name: str, node: Node) -> bool:
        self.named[name] = self.arena.both(self.named.get(name, self.arena.anything), node)
        self._members[name] = self.arena.both(self.member(name), node)
        self._unchecked[name] = None
        return self._members[name] is not self.arena.never or name not in self.required

    def _narrow_class(self, literal: Each) -> bool:
        self.each[literal] = None
        self._members = {}
        self._unchecked |= self.required
        if any(self.member(name) is self.arena.never for name in self.required):
            return False
        return all(self._may_exist(each) for each in self.exists)

    def _is_roomy(self) -> bool:
        return self.most is None or max(self.least, len(self.required)) <= self.most

    def _may_exist(self, literal: Exists) -> bool:
        """Rule out a member that a class of names with no room for it contains wholly."""
        arena = self.arena
        node = literal.node
        for each in self.each:
            outside = arena.restrict(arena.negate(each.names), STRING)
            if arena.both(literal.names, outside) is arena.never:
                node = arena.both(node, each.node)
        return node is not arena.never

    def _screened_member(self, name: str, node: Node) -> bool | None:
        known = self.member(name)
        joint = self.arena.both(known, node)
        if joint is known:
            return True
        return False if joint is self.arena.never and name in self.required else None

    def _screened_presence(self, name: str, node: Node) -> bool | None:
        known = self.member(name)
        joint = self.arena.both(known, node)
        if joint is self.arena.never:
            return False
        return True if joint is known and name in self.required else None
