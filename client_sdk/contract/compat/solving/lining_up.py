"""Lines items up into an array: how long, which items count, and which values they take."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from client_sdk.contract.compat.meter import Reason
from client_sdk.contract.compat.solving.colouring import Palette, colourings, palette_at
from client_sdk.contract.compat.solving.distinct import distinct_choice
from client_sdk.contract.compat.solving.enumerating import more_arrays
from client_sdk.contract.compat.solving.models import EMPTY, UNKNOWN, Ask, Models, Search
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue

if TYPE_CHECKING:
    from client_sdk.contract.compat.solving.arrays import ArrayState

LONGEST: Final = 5_000  # items of a witness
MOST_ALIKE: Final = 48  # places that are told apart although nothing asks for it
MOST_COLOURED: Final = 512  # places that are given a colour one by one


def lined_up(state: ArrayState, want: int) -> Search[Models]:
    """Give up to `want` arrays that fit what the state has taken."""
    yield from _shorten(state)
    if state.most is not None and state.least > state.most:
        return EMPTY
    if state.least > LONGEST:
        state.arena.meter.doubt(Reason.WITNESS_TOO_LARGE)
        return UNKNOWN
    first = yield from _first(state)
    if not first.values or (want == 1 and state.allows(first.values[0])):
        return first
    return (yield from more_arrays(state, want))


def _shorten(state: ArrayState) -> Search[None]:
    """End the array before the first place where nothing fits."""
    for index in range(state.horizon + 1):
        if state.most is not None and index >= state.most:
            return
        if (yield Ask(state.place(index))).empty:
            state.most = index
            return


def _first(state: ArrayState) -> Search[Models]:
    """Search a shortest array; longer ones than these bring nothing new."""
    if not (state.counts or state.repeated):
        return (yield from _valued(state, [state.place(index) for index in range(state.least)]))
    longest = max(state.least, state.horizon) + 2 * state.repeated
    longest += _limits(state, upper=False)
    if state.most is not None:
        longest = min(longest, state.most)
    sure = True
    for length in range(state.least, longest + 1):
        found = yield from _of_length(state, length)
        if found.values:
            return found
        sure = sure and found.complete
    return EMPTY if sure else UNKNOWN


def _of_length(state: ArrayState, length: int) -> Search[Models]:
    """Colour as many places as the counts can need; the others hold what no count minds.

    Where such a filler exists, an item that no lower limit needs can be exchanged for it, so
    colouring more places finds nothing new, unless items must differ. Where none exists, every
    item uses up some upper limit.
    """
    needed = state.horizon + 1 + 2 * state.repeated + _limits(state, upper=False)
    is_filled = not (yield Ask(_filler(state, state.horizon))).empty
    if not is_filled and length > state.horizon + _limits(state, upper=True):
        return EMPTY
    coloured = min(length, max(needed, MOST_ALIKE if state.unique else 0), MOST_COLOURED)
    if not is_filled:
        coloured = min(length, MOST_COLOURED)
    sure = coloured == length or (coloured >= needed and is_filled and not state.unique)
    if coloured == length or is_filled:
        filler = [_filler(state, index) for index in range(coloured, length)]
        found = yield from _coloured(state, coloured, filler)
        if found.values:
            return found
        sure = sure and found.complete
    if not sure:
        state.arena.meter.doubt(Reason.SEARCH_TOO_WIDE)
    return EMPTY if sure else UNKNOWN


def _coloured(state: ArrayState, coloured: int, filler: list[Node]) -> Search[Models]:
    """Try the ways to colour the first places, the others filled."""
    palettes: list[Palette] = []
    for index in range(min(coloured, state.horizon + 1)):
        palette = yield from palette_at(state, index)
        palettes += [palette]
    sure = all(palette.complete for palette in palettes)
    for nodes in colourings(state, palettes, coloured):
        found = yield from _valued(state, [*nodes, *filler])
        if found.values:
            return found
        sure = sure and found.complete
    return EMPTY if sure else UNKNOWN


def _limits(state: ArrayState, *, upper: bool) -> int:
    return sum(each.limit for each in state.counts if each.upper is upper)


def _filler(state: ArrayState, index: int) -> Node:
    """Give what the item at a place may be so that no upper limit counts it."""
    arena = state.arena
    uncounted = arena.all_of(arena.negate(each.node) for each in state.counts if each.upper)
    return arena.both(state.place(index), uncounted)


def _valued(state: ArrayState, nodes: list[Node]) -> Search[Models]:
    """Find values for the places: any, all different, or with two alike."""
    if state.unique:
        return (yield from distinct_choice(state.arena, nodes))
    if state.repeated:
        return (yield from _with_two_alike(state, nodes))
    return (yield from _values_of(nodes))


def _values_of(nodes: list[Node]) -> Search[Models]:
    values: list[JsonValue] = []
    for node in nodes:
        models = yield Ask(node)
        if not models.values:
            return models
        values.append(models.values[0])
    return Models((values,), complete=False)


def _with_two_alike(state: ArrayState, nodes: list[Node]) -> Search[Models]:
    sure = True
    unlike = min(len(nodes), state.horizon + MOST_ALIKE)
    for one, two in combinations(range(unlike), 2):
        joint = yield Ask(state.arena.both(nodes[one], nodes[two]))
        if joint.values:
            others = yield from _values_of([*nodes[:one], *nodes[one + 1 : two], *nodes[two + 1 :]])
            if not others.values:
                return others
            values = list(others.values[0]) if isinstance(others.values[0], list) else []
            values.insert(one, joint.values[0])
            values.insert(two, joint.values[0])
            return Models((values,), complete=False)
        sure = sure and joint.complete
    return EMPTY if sure else UNKNOWN
