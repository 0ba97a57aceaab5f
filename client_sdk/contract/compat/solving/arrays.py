"""Arrays: places, the rest, counts of fitting items, and whether all items differ."""

from __future__ import annotations

from typing import ClassVar, Final

from client_sdk.contract.compat.solving.lining_up import lined_up
from client_sdk.contract.compat.solving.models import Ask, Models, Search
from client_sdk.contract.compat.solving.sizes import screen_size, take_size
from client_sdk.contract.compat.solving.state import Rule, Rules, State
from client_sdk.contract.compat.terms import nodes
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.kinds import ARRAY
from client_sdk.contract.compat.terms.nodes import Count, Node


class ArrayState(State):
    """What is known about an array's items.

    `places` holds what is said of single places, `rests` what is said of all from a place on,
    `counts` how many items must or may fit something. `horizon` is the first place from which
    on all places are alike.
    """

    KIND: ClassVar[int] = ARRAY
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

    def rules(self) -> Rules:
        """Give the table that says how each form of literal is dealt with."""
        return _RULES

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

    def narrow_place(self, index: int, node: Node) -> None:
        """Take in what the item at a place must fit."""
        self.places[index] = self.arena.both(self.places.get(index, self.arena.anything), node)
        self.horizon = max(self.horizon, index + 1)
        self._settle_places()

    def narrow_rest(self, start: int, node: Node) -> None:
        """Take in what all items from a place on must fit."""
        self.rests[start] = self.arena.both(self.rests.get(start, self.arena.anything), node)
        self.horizon = max(self.horizon, start)
        self._settle_places()

    def is_roomy(self) -> bool:
        """Say whether some length is left."""
        return self.most is None or self.least <= self.most

    def _settle_places(self) -> None:
        """Forget joined places; one where nothing fits ends the array."""
        self._at = {}
        for index in range(self.horizon + 1):
            if self.place(index) is self.arena.never:
                self.most = index if self.most is None else min(self.most, index)
                return

    def _unreachable(self, count: Count) -> Search[bool]:
        """Say whether no place at all can hold an item that counts."""
        end = max(count.start, self.horizon) + 1
        for index in range(count.start, end if self.most is None else min(end, self.most)):
            if not (yield Ask(self.arena.both(self.place(index), count.node))).empty:
                return False
        return True


def _take_place(state: ArrayState, literal: nodes.Place) -> bool:
    state.narrow_place(literal.index, literal.node)
    return state.is_roomy()


def _take_presence(state: ArrayState, literal: nodes.HasPlace) -> bool:
    state.least = max(state.least, literal.index + 1)
    state.narrow_place(literal.index, literal.node)
    return state.is_roomy()


def _take_rest(state: ArrayState, literal: nodes.Items) -> bool:
    state.narrow_rest(literal.start, literal.node)
    return state.is_roomy()


def _take_count(state: ArrayState, literal: Count) -> bool:
    state.counts[literal] = None
    state.horizon = max(state.horizon, literal.start)
    if not literal.upper:
        state.least = max(state.least, literal.start + literal.limit)
    return state.is_roomy()


def _take_uniqueness(state: ArrayState, literal: nodes.Unique) -> bool:
    if literal.negative:
        state.repeated = True
        state.least = max(state.least, 2)
    else:
        state.unique = True
    return state.is_roomy()


def _screen_place(state: ArrayState, literal: nodes.Place) -> bool | None:
    return _screened_place(state, literal.index, literal.node)


def _screen_presence(state: ArrayState, literal: nodes.HasPlace) -> bool | None:
    if state.most is not None and literal.index >= state.most:
        return False
    known = state.place(literal.index)
    joint = state.arena.both(known, literal.node)
    if joint is state.arena.never:
        return False
    return True if joint is known and literal.index < state.least else None


def _screen_rest(state: ArrayState, literal: nodes.Items) -> bool | None:
    last = max(literal.start, state.horizon)
    answers = [
        _screened_place(state, index, literal.node) for index in range(literal.start, last + 1)
    ]
    if False in answers:
        return False
    return None if None in answers else True


def _screen_count(state: ArrayState, literal: Count) -> bool | None:
    if literal.upper:
        return None
    if state.most is not None and state.most < literal.start + literal.limit:
        return False
    places = range(literal.start, max(literal.start, state.horizon) + 1)
    never = state.arena.never
    if all(state.arena.both(state.place(index), literal.node) is never for index in places):
        return False
    return None


def _screen_uniqueness(_state: ArrayState, _literal: nodes.Unique) -> bool | None:
    """Leave it open: whether items can differ takes their values."""
    return None


def _screened_place(state: ArrayState, index: int, node: Node) -> bool | None:
    if state.most is not None and index >= state.most:
        return True
    known = state.place(index)
    joint = state.arena.both(known, node)
    if joint is known:
        return True
    return False if joint is state.arena.never and index < state.least else None


_RULES: Final[Rules] = {
    nodes.Place: Rule(_take_place, _screen_place),
    nodes.HasPlace: Rule(_take_presence, _screen_presence),
    nodes.Items: Rule(_take_rest, _screen_rest),
    Count: Rule(_take_count, _screen_count),
    nodes.Unique: Rule(_take_uniqueness, _screen_uniqueness),
    nodes.Size: Rule(take_size, screen_size),
}
