"""Lines items up into an array: how long, which items count, and which values they take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from client_sdk.contract.compat.meter import Reason
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


class Colour(NamedTuple):
    """What an item fits beside its place: bit by bit, which counts it counts for."""

    node: Node
    bits: int


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
    longest += sum(count.limit for count in state.counts if not count.upper)
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
    """Colour as many places as the counts can need; the others hold what no count minds."""
    needed = state.horizon + 1 + sum(each.limit for each in state.counts if not each.upper)
    capped = any(each.upper for each in state.counts)
    coloured = min(length, max(needed, MOST_ALIKE if capped else 0), MOST_COLOURED)
    palettes: list[list[Colour]] = []
    for index in range(min(coloured, state.horizon + 1)):
        palette = yield from _palette(state, index)
        palettes += [palette]
    filler = _filler(state, coloured, length)
    sure = coloured == length or (coloured >= needed and not capped)
    if not filler or not (yield Ask(filler[-1])).empty:
        for nodes in _colourings(state, palettes, coloured):
            found = yield from _valued(state, [*nodes, *filler])
            if found.values:
                return found
            sure = sure and found.complete
    if not sure:
        state.arena.meter.doubt(Reason.SEARCH_TOO_WIDE)
    return EMPTY if sure else UNKNOWN


def _filler(state: ArrayState, start: int, stop: int) -> list[Node]:
    """Give what uncoloured places hold: nothing that an upper limit counts."""
    arena = state.arena
    uncounted = arena.all_of(arena.negate(each.node) for each in state.counts if each.upper)
    return [arena.both(state.place(index), uncounted) for index in range(start, stop)]


def _palette(state: ArrayState, index: int) -> Search[list[Colour]]:
    """List the colours that an item at a place can have.

    For a count with a lower limit an item either counts or is left open; for one with an upper
    limit it counts or does not.
    """
    arena = state.arena
    colours = [Colour(state.place(index), 0)]
    for bit, count in enumerate(state.counts):
        if index < count.start:
            continue
        otherwise = arena.negate(count.node) if count.upper else arena.anything
        colours = [
            each
            for colour in colours
            for each in (
                Colour(arena.both(colour.node, count.node), colour.bits | 1 << bit),
                Colour(arena.both(colour.node, otherwise), colour.bits),
            )
        ]
    inhabited: list[Colour] = []
    for colour in dict.fromkeys(colours):
        models = yield Ask(colour.node)
        inhabited += [] if models.empty else [colour]
    return inhabited


def _colourings(
    state: ArrayState, palettes: list[list[Colour]], length: int
) -> Iterator[list[Node]]:
    """List the ways to colour the places that keep every count; alike places in one order."""
    waiting: list[tuple[Colour, ...]] = [()]
    while waiting:
        chosen = waiting.pop()
        state.arena.meter.spend()
        if not _counts_can_hold(state, chosen, length):
            continue
        if len(chosen) == length:
            yield [colour.node for colour in chosen]
            continue
        palette = palettes[min(len(chosen), len(palettes) - 1)]
        if len(chosen) > state.horizon:  # as the place before: never an earlier colour
            palette = palette[palette.index(chosen[-1]) :]
        waiting.extend((*chosen, colour) for colour in reversed(palette))


def _counts_can_hold(state: ArrayState, chosen: tuple[Colour, ...], length: int) -> bool:
    left = length - len(chosen)
    for bit, count in enumerate(state.counts):
        fitting = sum(1 for colour in chosen if colour.bits >> bit & 1)
        if fitting > count.limit if count.upper else fitting + left < count.limit:
            return False
    return True


def _valued(state: ArrayState, nodes: list[Node]) -> Search[Models]:
    """Find values for the places: any, all different, or with two alike."""
    if state.unique:
        return (yield from distinct_choice(nodes))
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
