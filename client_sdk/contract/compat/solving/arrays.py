"""Arrays: places, the rest, counts of fitting items, and whether all items differ."""

from __future__ import annotations

from typing import Any, ClassVar

from client_sdk.contract.compat.solving.lining_up import lined_up
from client_sdk.contract.compat.solving.models import Ask, Models, Search
from client_sdk.contract.compat.solving.state import State
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Count, Node


class ArrayState(State):
    """What is known about an array's items.

    `places` holds what is said of single places, `rests` what is said of all from a place on,
    `counts` how many items must or may fit something. `horizon` is the first place from which
    on all places are alike.
    """

    _OWN: ClassVar[tuple[str, ...]] = ("places", "rests", "counts", "_at")

    def __init__(self, arena: Arena) -> None:
        super().__init__(arena)
        self.least = 0
        self.most: int | None = None
        self.horizon = 0
        self.places: dict[int, Node] = {}
        self.rests: dict[int, Node] = {}
        self.counts: dict[Count, None] = {}
        self.unique = False
        self.repeated = False
        self._at: dict[int, Node] = {}

    def take(self, literal: Any) -> bool:
        """Take in what is said of places, counts or the length."""
        match literal:
            case nodes.Place(index=index, node=node):
                self._narrow_place(index, node)
            case nodes.HasPlace(index=index, node=node):
                self.least = max(self.least, index + 1)
                self._narrow_place(index, node)
            case nodes.Items(start=start, node=node):
                self._narrow_rest(start, node)
            case Count(start=start):
                self.counts[literal] = None
                self.horizon = max(self.horizon, start)
                self.least = max(self.least, 0 if literal.upper else start + literal.limit)
            case nodes.Unique(negative=negative):
                self.unique = self.unique or not negative
                self.repeated = self.repeated or negative
                self.least = max(self.least, 2 if negative else 0)
            case nodes.Size(upper=True, limit=limit):
                self._cap(limit)
            case nodes.Size(limit=limit):
                self.least = max(self.least, limit)
        return self.most is None or self.least <= self.most

    def screen(self, literal: Any) -> bool | None:
        """Judge by the items' terms, joined but not searched."""
        match literal:
            case nodes.Place(index=index, node=node):
                return self._screened_place(index, node)
            case nodes.HasPlace(index=index, node=node):
                return self._screened_presence(index, node)
            case nodes.Items(start=start, node=node):
                return self._screened_rest(start, node)
            case Count(upper=False):
                return False if self._too_few(literal) else None
            case nodes.Size(upper=True, limit=limit):
                if self.most is not None and self.most <= limit:
                    return True
                return False if limit < self.least else None
            case nodes.Size(limit=limit):
                if self.least >= limit:
                    return True
                return False if self.most is not None and self.most < limit else None
            case _:
                return None

    def place(self, index: int) -> Node:
        """Give what the item at a place must fit, if it is present."""
        index = min(index, self.horizon)
        node = self._at.get(index)
        if node is None:
            node = self.places.get(index, self.arena.anything)
            for start, rest in self.rests.items():
                if start <= index:
                    node = self.arena.both(node, rest)
            self._at[index] = node
        return node

    def refuted(self) -> Search[bool]:
        """Say whether an item that must be there cannot."""
        for index in range(min(self.least, self.horizon + 1)):
            if (yield Ask(self.place(index))).empty:
                return True
        for count in self.counts:
            if not count.upper and (yield from self._unreachable(count)):
                return True
        return False

    def models(self, want: int) -> Search[Models]:
        """Line items up, shortest arrays first."""
        return (yield from lined_up(self, want))

    def _narrow_place(self, index: int, node: Node) -> None:
        self.places[index] = self.arena.both(self.places.get(index, self.arena.anything), node)
        self.horizon = max(self.horizon, index + 1)
        self._settle_places()

    def _narrow_rest(self, start: int, node: Node) -> None:
        self.rests[start] = self.arena.both(self.rests.get(start, self.arena.anything), node)
        self.horizon = max(self.horizon, start)
        self._settle_places()

    def _settle_places(self) -> None:
        """Forget joined places; one where nothing fits ends the array."""
        self._at = {}
        for index in range(self.horizon + 1):
            if self.place(index) is self.arena.never:
                self._cap(index)
                return

    def _cap(self, limit: int) -> None:
        self.most = limit if self.most is None else min(self.most, limit)

    def _screened_place(self, index: int, node: Node) -> bool | None:
        if self.most is not None and index >= self.most:
            return True
        known = self.place(index)
        joint = self.arena.both(known, node)
        if joint is known:
            return True
        return False if joint is self.arena.never and index < self.least else None

    def _screened_presence(self, index: int, node: Node) -> bool | None:
        if self.most is not None and index >= self.most:
            return False
        known = self.place(index)
        joint = self.arena.both(known, node)
        if joint is self.arena.never:
            return False
        return True if joint is known and index < self.least else None

    def _screened_rest(self, start: int, node: Node) -> bool | None:
        answers = [
            self._screened_place(index, node)
            for index in range(start, max(start, self.horizon) + 1)
        ]
        if False in answers:
            return False
        return None if None in answers else True

    def _too_few(self, count: Count) -> bool:
        if self.most is not None and self.most < count.start + count.limit:
            return True
        places = range(count.start, max(count.start, self.horizon) + 1)
        return all(
            self.arena.both(self.place(index), count.node) is self.arena.never for index in places
        )

    def _unreachable(self, count: Count) -> Search[bool]:
        """Say whether no place at all can hold an item that counts."""
        for index in range(count.start, max(count.start, self.horizon) + 1):
            if self.most is not None and index >= self.most:
                break
            if not (yield Ask(self.arena.both(self.place(index), count.node))).empty:
                return False
        return True
