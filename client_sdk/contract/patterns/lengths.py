"""How long a text must and may be for a pattern to be found in it, without any automaton."""

from typing import NamedTuple, assert_never

from client_sdk.contract.patterns.syntax import (
    Anchor,
    Chars,
    Choice,
    Known,
    Look,
    Repeat,
    Sequence,
    Tree,
)


class Lengths(NamedTuple):
    """From ``least`` to ``most`` characters; ``None`` means without end."""

    least: int
    most: int | None

    def overlap(self, other: "Lengths") -> "Lengths | None":
        """Return the lengths in both, or None when there are none."""
        least = max(self.least, other.least)
        ends = [each.most for each in (self, other) if each.most is not None]
        most = min(ends) if ends else None
        return None if most is not None and most < least else Lengths(least, most)

    def covers(self, other: "Lengths") -> bool:
        """Tell whether every length of the other is one of these."""
        return self.overlap(other) == other


EVERY_LENGTH = Lengths(0, None)


def searched_lengths(tree: Tree) -> Lengths:
    """Bound the length of the texts in which a tree is found; the bounds are not tight."""
    least, most = _extent(tree)
    held = _held(tree, Anchor.START) and _held(tree, Anchor.END)
    return Lengths(least, most if held else None)


def _extent(tree: Tree) -> Lengths:
    match tree:
        case Chars():
            return Lengths(1, 1)
        case Anchor() | Look() | Known():
            return Lengths(0, 0)
        case Sequence(parts):
            extents = [_extent(part) for part in parts]
            return Lengths(
                sum(each.least for each in extents), _total([each.most for each in extents])
            )
        case Choice(options):
            extents = [_extent(option) for option in options]
            ends = [each.most for each in extents if each.most is not None]
            most = max(ends) if len(ends) == len(extents) else None
            return Lengths(min(each.least for each in extents), most)
        case Repeat(body, least, most):
            extent = _extent(body)
            return Lengths(extent.least * least, _product(extent.most, most))
        case _:
            assert_never(tree)


def _total(ends: list[int | None]) -> int | None:
    known = [each for each in ends if each is not None]
    return sum(known) if len(known) == len(ends) else None


def _product(one: int | None, two: int | None) -> int | None:
    if one == 0 or two == 0:
        return 0
    return None if one is None or two is None else one * two


def _held(tree: Tree, anchor: Anchor) -> bool:
    """Tell whether every find touches this end of the text; False when that is not plain."""
    match tree:
        case Anchor():
            return tree is anchor
        case Sequence(parts):
            ordered = parts if anchor is Anchor.START else tuple(reversed(parts))
            first = next((each for each in ordered if not isinstance(each, Look)), None)
            return first is not None and _held(first, anchor)
        case Choice(options):
            return all(_held(option, anchor) for option in options)
        case _:
            return False
