r"""Where one letter leads from an expression, and when the empty word fits it.

This is the linear form of Antimirov's partial derivatives: a list of moves, each a set of letters
and the expression that remains. Three refinements make it fit ECMA-262.

*Places.* Whether ``^``, ``$`` and ``\b`` hold depends on the character before and on what comes
next. The first is an argument (``left``); the second needs no look: a test that admits the
empty word yields the *set* of letters, and ends of the text, that may follow.

*Look-ahead.* Passing ``(?=x)`` costs nothing now and leaves a condition on the whole rest of
the text, so moves and passes carry a formula beside them.

*Counts.* A power lowers its counts instead of being unrolled.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple, assert_never

from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.nodes import Ahead, Alt, Cat, Letters, Node, Place, Power
from client_sdk.contract.patterns.syntax import Anchor, Known


class Left(IntEnum):
    """What stands before the place: the start of the text, or a character."""

    START = 0
    WORD = 1
    OTHER = 2


class Pass(NamedTuple):
    """The empty word fits if the next letter is in ``mask`` and the rest fits ``condition``."""

    mask: int
    condition: Node


class Move(NamedTuple):
    """A letter of ``mask`` leads to ``rest``, if letter and all after it fit ``condition``."""

    mask: int
    rest: Node
    condition: Node


class Moves:
    """Lists moves and passes over one arena, and remembers them."""

    __slots__ = ("_arena", "_everything", "_freely", "_moves", "_passed")

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._everything = arena.alphabet.letters | arena.alphabet.end
        self._freely = [Pass(self._everything, arena.any_text)]
        self._moves: dict[tuple[int, Left], tuple[Move, ...]] = {}
        self._passed: dict[tuple[int, Left], list[Pass]] = {}

    def size(self) -> int:
        """Return how many results are remembered."""
        return len(self._moves) + len(self._passed)

    def forget(self) -> None:
        """Let go of everything remembered."""
        self._moves = {}
        self._passed = {}

    def moves(self, node: Node, left: Left) -> tuple[Move, ...]:
        """Return which letters lead from an expression to which remaining ones."""
        key = (node.number, left if node.looks_left else Left.OTHER)
        known = self._moves.get(key)
        if known is None:
            known = self._moves[key] = _joined(self._list_moves(node, left))
        return known

    def passes(self, node: Node, left: Left) -> list[Pass]:
        """Return under which conditions the empty word fits an expression here."""
        if node.empty:
            return self._freely
        key = (node.number, left if node.looks_left else Left.OTHER)
        known = self._passed.get(key)
        if known is None:
            known = self._passed[key] = self._list_passes(node, left)
        return known

    def _list_moves(self, node: Node, left: Left) -> list[Move]:
        match node:
            case Letters(mask=mask):
                return [Move(mask, self._arena.empty, self._arena.any_text)]
            case Cat():
                return self._cat_moves(node, left)
            case Alt(items=items):
                return [move for each in items for move in self.moves(each, left)]
            case Power():
                return self._power_moves(node, left)
            case _:
                return []

    def _cat_moves(self, node: Cat, left: Left) -> list[Move]:
        moves: list[Move] = []
        passes = self._freely
        current: Node = node
        while passes:
            head, tail = (
                (current.head, current.tail)
                if isinstance(current, Cat)
                else (current, self._arena.empty)
            )
            for move in self.moves(head, left):
                rest = self._arena.cat(move.rest, tail)
                moves.extend(self._through(passes, Move(move.mask, rest, move.condition)))
            if tail is self._arena.empty:
                break
            passes = self._both(passes, self.passes(head, left))
            current = tail
        return moves

    def _power_moves(self, node: Power, left: Left) -> list[Move]:
        again = self._arena.power(node.body, node.counts.down())
        moves = [
            Move(move.mask, self._arena.cat(move.rest, again), move.condition)
            for move in self.moves(node.body, left)
        ]
        passes = [] if node.body.empty else self.passes(node.body, left)
        if passes:
            # Rounds that match nothing here may stand for any number of missing rounds.
            fewer = self._arena.power(node.body, node.counts.down().from_zero())
            for move in self.moves(node.body, left):
                rest = self._arena.cat(move.rest, fewer)
                moves.extend(self._through(passes, Move(move.mask, rest, move.condition)))
        return moves

    def _through(self, passes: list[Pass], move: Move) -> list[Move]:
        if passes is self._freely:
            return [move]
        return [
            Move(
                each.mask & move.mask,
                move.rest,
                self._both_hold(each.condition, move.condition),
            )
            for each in passes
            if each.mask & move.mask
        ]

    def _list_passes(self, node: Node, left: Left) -> list[Pass]:
        match node:
            case Place(test=test):
                mask = self._place_mask(test, left)
                return [Pass(mask, self._arena.any_text)] if mask else []
            case Ahead(formula=formula):
                return [Pass(self._everything, formula)]
            case Cat():
                return self._cat_passes(node, left)
            case Alt(items=items):
                passes = (found for each in items for found in self.passes(each, left))
                return self._gathered(passes)
            case Power(body=body):
                return self.passes(body, left)
            case _:
                return []

    def _cat_passes(self, node: Cat, left: Left) -> list[Pass]:
        passes = self.passes(node.head, left)
        current = node.tail
        while passes and isinstance(current, Cat):
            passes = self._both(passes, self.passes(current.head, left))
            current = current.tail
        return self._both(passes, self.passes(current, left)) if passes else passes

    def _both_hold(self, one: Node, two: Node) -> Node:
        if one is self._arena.any_text:
            return two
        return one if two is self._arena.any_text else self._arena.conjunction((one, two))

    def _both(self, first: list[Pass], second: list[Pass]) -> list[Pass]:
        if first is self._freely:
            return second
        if second is self._freely:
            return first
        return self._gathered(
            Pass(one.mask & two.mask, self._both_hold(one.condition, two.condition))
            for one in first
            for two in second
            if one.mask & two.mask
        )

    def _gathered(self, passes: Iterable[Pass]) -> list[Pass]:
        """Join passes over the same letters, so that conditions never multiply out."""
        conditions: dict[int, list[Node]] = {}
        for each in passes:
            conditions.setdefault(each.mask, []).append(each.condition)
        return [Pass(mask, self._arena.alt(found)) for mask, found in conditions.items()]

    def _place_mask(self, test: Anchor | Known, left: Left) -> int:
        word = self._arena.alphabet.word
        match test:
            case Anchor.START:
                return self._everything if left is Left.START else 0
            case Anchor.END:
                return self._arena.alphabet.end
            case Anchor.BOUNDARY:
                return self._everything & ~word if left is Left.WORD else word
            case Anchor.NOT_BOUNDARY:
                return word if left is Left.WORD else self._everything & ~word
            case Known(number):
                return self._arena.alphabet.answered(number)
            case _:
                assert_never(test)


def _joined(moves: list[Move]) -> tuple[Move, ...]:
    """Join moves that lead to the same place."""
    masks: dict[tuple[Node, Node], int] = {}
    for move in moves:
        target = (move.rest, move.condition)
        masks[target] = masks.get(target, 0) | move.mask
    return tuple(Move(mask, rest, condition) for (rest, condition), mask in masks.items())
