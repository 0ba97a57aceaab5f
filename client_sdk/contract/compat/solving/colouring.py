"""Colours of items: which counts an item counts for, and how places can be coloured to keep them.

The truth of all counted schemas at one item is its colour. Places that are alike are coloured in
one order only, so that what is tried are numbers of items per colour rather than arrangements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from client_sdk.contract.compat.solving.models import Ask, Search
from client_sdk.contract.compat.terms.nodes import Node

if TYPE_CHECKING:
    from client_sdk.contract.compat.solving.arrays import ArrayState

MOST_COLOURS: Final = 1_024  # of one place


class Colour(NamedTuple):
    """What an item fits beside its place: bit by bit, which counts it counts for."""

    node: Node
    bits: int


class Palette(NamedTuple):
    """The colours that some item at a place can have; `complete` when there are no others."""

    colours: tuple[Colour, ...]
    complete: bool


class _Row(NamedTuple):
    """Places coloured so far, and how many of them count, count by count."""

    colours: tuple[Colour, ...]
    counted: tuple[int, ...]


def palette_at(state: ArrayState, index: int) -> Search[Palette]:
    """List the colours that an item at a place can have.

    For a count with a lower limit an item either counts or is left open; for one with an upper
    limit it counts or does not.
    """
    arena = state.arena
    colours = yield from _inhabited([Colour(state.place(index), 0)])
    complete = True
    for bit, count in enumerate(state.counts):
        if index < count.start:
            continue
        otherwise = arena.negate(count.node) if count.upper else arena.anything
        split = [
            each
            for colour in colours
            for each in (
                Colour(arena.both(colour.node, count.node), colour.bits | 1 << bit),
                Colour(arena.both(colour.node, otherwise), colour.bits),
            )
        ]
        inhabited = yield from _inhabited(split)
        colours = inhabited[:MOST_COLOURS]
        complete = complete and len(inhabited) <= MOST_COLOURS
    return Palette(tuple(colours), complete)


def _inhabited(colours: list[Colour]) -> Search[list[Colour]]:
    found: list[Colour] = []
    for colour in dict.fromkeys(colours):
        models = yield Ask(colour.node)
        found += [] if models.empty else [colour]
    return found


def colourings(state: ArrayState, palettes: list[Palette], length: int) -> Iterator[list[Node]]:
    """List the ways to colour so many places that keep every count."""
    reach = _Reach(state, palettes, length)
    waiting = [_Row((), (0,) * len(state.counts))]
    while waiting:
        row = waiting.pop()
        state.arena.meter.spend()
        usable = reach.usable(row)
        if not reach.can_hold(row, usable):
            continue
        if len(row.colours) == length:
            yield [colour.node for colour in row.colours]
            continue
        waiting.extend(_longer(row, colour) for colour in reversed(usable))


def _longer(row: _Row, colour: Colour) -> _Row:
    counted = tuple(before + (colour.bits >> bit & 1) for bit, before in enumerate(row.counted))
    return _Row((*row.colours, colour), counted)


class _Reach:
    """What the places still to be coloured can bring about, at most."""

    __slots__ = ("_counts", "_horizon", "_length", "_palettes", "_widest")

    def __init__(self, state: ArrayState, palettes: list[Palette], length: int) -> None:
        self._counts = tuple(state.counts)
        self._horizon = state.horizon
        self._length = length
        self._palettes = [palette.colours for palette in palettes]
        lower = sum(1 << bit for bit, count in enumerate(self._counts) if not count.upper)
        widths = ((each.bits & lower).bit_count() for some in self._palettes for each in some)
        self._widest = max(widths, default=0)

    def usable(self, row: _Row) -> tuple[Colour, ...]:
        """Give the colours of the next place; as the place before it, never an earlier one."""
        if not self._palettes:
            return ()
        done = len(row.colours)
        palette = self._palettes[min(done, len(self._palettes) - 1)]
        return palette[palette.index(row.colours[-1]) :] if done > self._horizon else palette

    def can_hold(self, row: _Row, usable: tuple[Colour, ...]) -> bool:
        """Say whether the places left may satisfy every count, as far as numbers tell."""
        left = self._length - len(row.colours)
        is_tail = len(row.colours) >= self._horizon
        missing = 0
        for bit, count in enumerate(self._counts):
            lacking = count.limit - row.counted[bit]
            if count.upper and lacking < 0:
                return False
            if not count.upper and lacking > 0:
                missing += lacking
                if is_tail and not any(each.bits >> bit & 1 for each in usable):
                    return False
                if lacking > left:
                    return False
        return missing <= left * self._widest
