r"""What remains of a node after one letter, and whether it may end here.

The classic derivative of Brzozowski, in the linear form of Antimirov: ``moves`` lists which
letters lead to which remaining expressions. Three refinements make it fit ECMA-262.

*Places.* Whether ``^``, ``$`` and ``\b`` hold depends on the character before and on what
comes next. The first is an argument (``left``); the second needs no look: a test that admits
the empty word yields the *set* of letters (and ``END``) that may follow.

*Look-ahead.* Passing ``(?=x)`` costs nothing now and leaves a condition on the whole rest of
the text, so moves and passes carry a formula beside them; it is derived in step with the rest.

*Counts.* A power lowers its counts instead of being unrolled.
"""

from collections.abc import Iterable
from enum import IntEnum
from functools import reduce
from operator import or_
from typing import NamedTuple, assert_never

from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.nodes import (
    Ahead,
    Alt,
    And,
    Cat,
    Letters,
    Node,
    Not,
    Place,
    Power,
)
from client_sdk.contract.patterns.settling import Settled
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


class Derivatives:
    """Takes derivatives over one arena and remembers them.

    ``steps`` counts the derivatives that were worked out, not looked up.
    """

    __slots__ = (
        "_everything",
        "_freely",
        "_moves",
        "_passed",
        "_settled",
        "_stepped",
        "arena",
        "steps",
    )

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.steps = 0
        self._everything = arena.alphabet.letters | arena.alphabet.end
        self._freely = [Pass(self._everything, arena.any_text)]
        self._moves: dict[tuple[int, Left], tuple[Move, ...]] = {}
        self._passed: dict[tuple[int, Left], list[Pass]] = {}
        self._stepped: dict[tuple[int, Left, int], Node] = {}
        self._settled = Settled(arena)

    def size(self) -> int:
        """Return how many results are remembered."""
        remembered = (
            len(self._moves) + len(self._passed) + len(self._stepped) + self._settled.size()
        )
        return remembered + self.arena.size()

    def forget(self) -> None:
        """Let go of everything remembered."""
        self._moves = {}
        self._passed = {}
        self._stepped = {}
        self._settled.forget()
        self.arena.forget()

    def after(self, formula: Node, left: Left, letter: int) -> Node:
        """Return what the rest must fit once ``letter`` has been read."""
        rest = self._step(formula, left, letter)
        # No text starts twice: behind the first letter every ^ is a dead end, and saying so
        # once keeps the states of an anchored pattern few.
        return self._settled.settle(rest)

    def left_of(self, rest: Node, letter: int) -> Left:
        """Return the left side that ``rest`` sees after ``letter``, coarsened if it is blind."""
        is_word = rest.looks_left and self.arena.alphabet.word >> letter & 1
        return Left.WORD if is_word else Left.OTHER

    def ends(self, formula: Node, left: Left) -> bool:
        """Tell whether the text may end here."""
        if formula.empty:
            return True
        match formula:
            case And(items=items):
                return all(self.ends(each, left) for each in items)
            case Alt(items=items):
                return any(self.ends(each, left) for each in items)
            case Not(formula=inner):
                return not self.ends(inner, left)
            case _:
                return any(
                    each.mask & self.arena.alphabet.end and self.ends(each.condition, left)
                    for each in self._passes(formula, left)
                )

    def passing(self, node: Node, left: Left) -> int:
        """Return the letters before which, and the ends at which, the empty word fits."""
        if isinstance(node, Alt):
            return reduce(or_, (self.passing(each, left) for each in node.items))
        return reduce(or_, (each.mask for each in self._passes(node, left)), 0)

    def masks(self, formula: Node, left: Left) -> set[int]:
        """Return the sets of letters that decide where a formula goes next."""
        match formula:
            case And(items=items) | Alt(items=items):
                return {mask for each in items for mask in self.masks(each, left)}
            case Not(formula=inner):
                return self.masks(inner, left)
            case _:
                found: set[int] = set()
                for move in self._moves_of(formula, left):
                    found.add(move.mask)
                    if move.condition is not self.arena.any_text:
                        found |= self.masks(move.condition, left)
                return found

    def _step(self, formula: Node, left: Left, letter: int) -> Node:
        seen_left = left if formula.looks_left else Left.OTHER
        key = (formula.number, seen_left, letter)
        known = self._stepped.get(key)
        if known is None:
            self.steps += 1
            known = self._stepped[key] = self._work_out(formula, seen_left, letter)
        return known

    def _work_out(self, formula: Node, left: Left, letter: int) -> Node:
        match formula:
            case And(items=items):
                return self.arena.conjunction(self._step(each, left, letter) for each in items)
            case Alt(items=items):
                return self.arena.alt(self._step(each, left, letter) for each in items)
            case Not(formula=inner):
                return self.arena.negation(self._step(inner, left, letter))
            case _:
                return self.arena.alt(
                    self._guarded(move, left, letter)
                    for move in self._moves_of(formula, left)
                    if move.mask >> letter & 1
                )

    def _guarded(self, move: Move, left: Left, letter: int) -> Node:
        if move.condition is self.arena.any_text:
            return move.rest
        condition = self._step(move.condition, left, letter)
        return self.arena.conjunction((move.rest, condition))

    def _moves_of(self, node: Node, left: Left) -> tuple[Move, ...]:
        key = (node.number, left if node.looks_left else Left.OTHER)
        known = self._moves.get(key)
        if known is None:
            known = self._moves[key] = _joined(self._list_moves(node, left))
        return known

    def _list_moves(self, node: Node, left: Left) -> list[Move]:
        match node:
            case Letters(mask=mask):
                return [Move(mask, self.arena.empty, self.arena.any_text)]
            case Cat():
                return self._cat_moves(node, left)
            case Alt(items=items):
                return [move for each in items for move in self._moves_of(each, left)]
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
                else (current, self.arena.empty)
            )
            for move in self._moves_of(head, left):
                rest = self.arena.cat(move.rest, tail)
                moves.extend(self._through(passes, Move(move.mask, rest, move.condition)))
            if tail is self.arena.empty:
                break
            passes = self._both(passes, self._passes(head, left))
            current = tail
        return moves

    def _power_moves(self, node: Power, left: Left) -> list[Move]:
        again = self.arena.power(node.body, node.counts.down())
        moves = [
            Move(move.mask, self.arena.cat(move.rest, again), move.condition)
            for move in self._moves_of(node.body, left)
        ]
        passes = [] if node.body.empty else self._passes(node.body, left)
        if passes:
            # Rounds that match nothing here may stand for any number of missing rounds.
            fewer = self.arena.power(node.body, node.counts.down().from_zero())
            for move in self._moves_of(node.body, left):
                rest = self.arena.cat(move.rest, fewer)
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

    def _passes(self, node: Node, left: Left) -> list[Pass]:
        if node.empty:
            return self._freely
        key = (node.number, left if node.looks_left else Left.OTHER)
        known = self._passed.get(key)
        if known is None:
            known = self._passed[key] = self._list_passes(node, left)
        return known

    def _list_passes(self, node: Node, left: Left) -> list[Pass]:
        match node:
            case Place(test=test):
                mask = self._place_mask(test, left)
                return [Pass(mask, self.arena.any_text)] if mask else []
            case Ahead(formula=formula):
                return [Pass(self._everything, formula)]
            case Cat():
                return self._cat_passes(node, left)
            case Alt(items=items):
                passes = (found for each in items for found in self._passes(each, left))
                return self._gathered(passes)
            case Power(body=body):
                return self._passes(body, left)
            case _:
                return []

    def _cat_passes(self, node: Cat, left: Left) -> list[Pass]:
        passes = self._passes(node.head, left)
        current = node.tail
        while passes and isinstance(current, Cat):
            passes = self._both(passes, self._passes(current.head, left))
            current = current.tail
        return self._both(passes, self._passes(current, left)) if passes else passes

    def _both_hold(self, one: Node, two: Node) -> Node:
        if one is self.arena.any_text:
            return two
        return one if two is self.arena.any_text else self.arena.conjunction((one, two))

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
        return [Pass(mask, self.arena.alt(found)) for mask, found in conditions.items()]

    def _place_mask(self, test: Anchor | Known, left: Left) -> int:
        word = self.arena.alphabet.word
        match test:
            case Anchor.START:
                return self._everything if left is Left.START else 0
            case Anchor.END:
                return self.arena.alphabet.end
            case Anchor.BOUNDARY:
                return self._everything & ~word if left is Left.WORD else word
            case Anchor.NOT_BOUNDARY:
                return word if left is Left.WORD else self._everything & ~word
            case Known(number):
                return self.arena.alphabet.answered(number)
            case _:
                assert_never(test)


def _joined(moves: list[Move]) -> tuple[Move, ...]:
    """Join moves that lead to the same place."""
    masks: dict[tuple[Node, Node], int] = {}
    for move in moves:
        target = (move.rest, move.condition)
        masks[target] = masks.get(target, 0) | move.mask
    return tuple(Move(mask, rest, condition) for (rest, condition), mask in masks.items())
