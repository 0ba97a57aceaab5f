"""What the rest of a text must fit once one letter has been read (Brzozowski's derivatives).

Expressions move as ``moves`` lists; formulas are derived part by part. The conditions that
look-aheads leave behind are derived in step with the rest.
"""

from functools import reduce
from operator import or_

from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.moves import Left, Move, Moves
from client_sdk.contract.patterns.nodes import Alt, And, Node, Not
from client_sdk.contract.patterns.settling import Settled


class Derivatives:
    """Takes derivatives over one arena and remembers them.

    ``steps`` counts the derivatives that were worked out, not looked up; ``work`` says what they
    cost: joining four parts takes as long as one step.
    """

    __slots__ = ("_moves", "_settled", "_stepped", "arena", "steps", "work")

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self.steps = 0
        self.work = 0
        self._moves = Moves(arena)
        self._settled = Settled(arena)
        self._stepped: dict[tuple[int, Left, int], Node] = {}

    def size(self) -> int:
        """Return how many nodes and results are remembered."""
        results = self._moves.size() + self._settled.size() + len(self._stepped)
        return results + self.arena.size()

    def forget(self) -> None:
        """Let go of everything remembered."""
        self._moves.forget()
        self._settled.forget()
        self._stepped = {}
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
                    for each in self._moves.passes(formula, left)
                )

    def passing(self, node: Node, left: Left) -> int:
        """Return the letters before which, and the ends at which, the empty word fits."""
        if isinstance(node, Alt):
            return reduce(or_, (self.passing(each, left) for each in node.items))
        return reduce(or_, (each.mask for each in self._moves.passes(node, left)), 0)

    def masks(self, formula: Node, left: Left) -> set[int]:
        """Return the sets of letters that decide where a formula goes next."""
        match formula:
            case And(items=items) | Alt(items=items):
                return {mask for each in items for mask in self.masks(each, left)}
            case Not(formula=inner):
                return self.masks(inner, left)
            case _:
                found: set[int] = set()
                for move in self._moves.moves(formula, left):
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
            self.work += 1 + (len(formula.items) // 4 if isinstance(formula, And | Alt) else 0)
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
                rests = [
                    self._guarded(move, left, letter)
                    for move in self._moves.moves(formula, left)
                    if move.mask >> letter & 1
                ]
                return rests[0] if len(rests) == 1 else self.arena.alt(rests)

    def _guarded(self, move: Move, left: Left, letter: int) -> Node:
        if move.condition is self.arena.any_text:
            return move.rest
        condition = self._step(move.condition, left, letter)
        return self.arena.conjunction((move.rest, condition))
