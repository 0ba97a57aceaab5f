"""Builds nodes: one arena per computation, every law of simplification in one place."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar, cast

from client_sdk.contract.patterns import counts as numbers
from client_sdk.contract.patterns.alphabet import Alphabet
from client_sdk.contract.patterns.counts import Counts
from client_sdk.contract.patterns.nodes import (
    Ahead,
    Alt,
    And,
    Cat,
    Empty,
    Letters,
    Node,
    Not,
    Nothing,
    Place,
    Power,
)
from client_sdk.contract.patterns.syntax import Anchor, Known

N = TypeVar("N", bound=Node)


class Arena:
    """Makes every node of one computation, equal ones once."""

    __slots__ = ("_known", "_made", "_seeds", "_slots", "alphabet", "any_text", "empty", "nothing")

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self._known: dict[Hashable, Node] = {}
        self._slots: dict[tuple[str, int, int], int] = {}
        self._made = 0
        self.nothing: Node = self._make(("nothing",), Nothing)
        self.empty: Node = self._make(("empty",), lambda n: Empty(n, empty=True))
        letters = self.letters(alphabet.letters)
        self.any_text: Node = self.power(letters, numbers.STAR)
        # Simplification compares with these by identity, so they outlive every clearing.
        self._seeds = dict(self._known)

    def size(self) -> int:
        """Return how many nodes are remembered."""
        return len(self._known)

    def forget(self) -> None:
        """Let go of the remembered nodes; those in use stay valid, merely no longer shared."""
        self._known = dict(self._seeds)
        self._slots = {}

    def letters(self, mask: int) -> Node:
        """Make one letter out of a set."""
        return self._make(("letters", mask), lambda n: Letters(n, mask)) if mask else self.nothing

    def place(self, test: Anchor | Known) -> Node:
        """Make a zero-width test of the place."""
        return self._make(("place", test), lambda n: Place(n, test))

    def ahead(self, formula: Node) -> Node:
        """Make a zero-width test of the whole rest."""
        if formula is self.any_text:
            return self.empty
        if formula is self.nothing:
            return self.nothing
        return self._make(("ahead", formula.number), lambda n: Ahead(n, formula))

    def cat(self, head: Node, tail: Node) -> Node:
        """Make ``head`` followed by ``tail``."""
        if head is self.nothing or tail is self.nothing:
            return self.nothing
        chain: list[Node] = []
        while isinstance(head, Cat):
            chain.append(head.head)
            head = head.tail
        tail = self._link(head, tail)
        for each in reversed(chain):
            tail = self._link(each, tail)
        return tail

    def power(self, body: Node, counts: Counts) -> Node:
        """Make the body repeated as often as one of the counts says."""
        if body.empty:
            counts = counts.from_zero()
            body = self._without_empty(body)
        if counts == numbers.ZERO or body is self.empty:
            return self.empty
        if body is self.nothing:
            return self.empty if counts.has_zero() else self.nothing
        if isinstance(body, Power):
            joint = numbers.product(body.counts, counts)
            if joint is not None:
                return self.power(body.body, joint)
        if counts == numbers.ONE:
            return body
        return self._make(("power", body.number, counts), lambda n: self._power(n, body, counts))

    def alt(self, items: Iterable[Node]) -> Node:
        """Make any one of the items."""
        found: dict[Node, None] = {}
        for each in items:
            if isinstance(each, Alt):
                found.update(dict.fromkeys(each.items))
            else:
                found[each] = None
        found.pop(self.nothing, None)
        if self.any_text in found:
            return self.any_text
        if len(found) > 1:
            found = dict.fromkeys(self._merge(found))
        if (
            len(found) > 1
            and self.empty in found
            and any(each.empty for each in found if each is not self.empty)
        ):
            del found[self.empty]
        return self._alt_of(found)

    def conjunction(self, items: Iterable[Node]) -> Node:
        """Make the formula that holds when all items hold."""
        found: dict[Node, None] = {}
        for each in items:
            found.update(dict.fromkeys(each.items if isinstance(each, And) else (each,)))
        found.pop(self.any_text, None)
        if self.nothing in found or any(
            isinstance(each, Not) and each.formula in found for each in found
        ):
            return self.nothing
        if not found:
            return self.any_text
        if len(found) == 1:
            return next(iter(found))
        ordered = tuple(sorted(found, key=_number))
        key = ("and", *(each.number for each in ordered))
        return self._make(key, lambda n: And(n, ordered))

    def negation(self, formula: Node) -> Node:
        """Make the formula that holds when this one does not."""
        if isinstance(formula, Not):
            return formula.formula
        if formula is self.any_text:
            return self.nothing
        if formula is self.nothing:
            return self.any_text
        return self._make(("not", formula.number), lambda n: Not(n, formula))

    def _link(self, head: Node, tail: Node) -> Node:
        if head is self.empty:
            return tail
        if tail is self.empty:
            return head
        if isinstance(head, Power) and head.counts.is_star():
            follower = tail.head if isinstance(tail, Cat) else tail
            if follower is head:
                return tail
        return self._make(("cat", head.number, tail.number), lambda n: self._cat(n, head, tail))

    def _cat(self, number: int, head: Node, tail: Node) -> Node:
        if isinstance(head, Power):
            counts: Counts | None = head.counts
            slot = self._slot(("power", head.body.number, tail.number))
        elif isinstance(tail, Cat | Power) and tail.counts is not None:
            counts = tail.counts
            slot = self._slot(("cat", head.number, tail.slot))
        else:
            counts, slot = None, number
        return Cat(number, head, tail, slot=slot, counts=counts)

    def _power(self, number: int, body: Node, counts: Counts) -> Node:
        slot = self._slot(("power", body.number, self.empty.number))
        return Power(number, body, counts, slot=slot)

    def _slot(self, key: tuple[str, int, int]) -> int:
        known = self._slots.get(key)
        if known is None:
            self._made += 1
            known = self._slots.setdefault(key, self._made)
        return known

    def _without_empty(self, body: Node) -> Node:
        if isinstance(body, Alt) and self.empty in body.items:
            return self.alt(each for each in body.items if each is not self.empty)
        return body

    def _merge(self, items: Iterable[Node]) -> list[Node]:
        """Join single letters, and chains that differ only in how far they have counted."""
        mask = 0
        slots: dict[int, Node] = {}
        for each in items:
            if isinstance(each, Letters):
                mask |= each.mask
                continue
            if not isinstance(each, Cat | Power) or each.counts is None:
                slots[each.number] = each
                continue
            rival = slots.get(each.slot)
            if rival is None:
                slots[each.slot] = each
            elif (joint := self._joined(rival, each.counts)) is None:
                slots[each.number] = each
            else:
                slots[each.slot] = joint
        return [*slots.values(), self.letters(mask)] if mask else list(slots.values())

    def _joined(self, node: Node, counts: Counts) -> Node | None:
        """Add counts to those of a node; None when they are too many to hold together."""
        power, rebuild = self._first_power(node)
        joint = numbers.union(power.counts, counts)
        return None if joint is None else rebuild(self.power(power.body, joint))

    def _first_power(self, node: Node) -> tuple[Power, Callable[[Node], Node]]:
        """Return the first power of a chain, and how to put another node in its place."""
        before: list[Node] = []
        while isinstance(node, Cat) and not isinstance(node.head, Power):
            before.append(node.head)
            node = node.tail
        power, rest = (node.head, node.tail) if isinstance(node, Cat) else (node, self.empty)

        def rebuild(replacement: Node) -> Node:
            built = self._link(replacement, rest)
            for each in reversed(before):
                built = self._link(each, built)
            return built

        return cast("Power", power), rebuild

    def _alt_of(self, found: dict[Node, None]) -> Node:
        if not found:
            return self.nothing
        if len(found) == 1:
            return next(iter(found))
        ordered = tuple(sorted(found, key=_number))
        key = ("alt", *(each.number for each in ordered))
        return self._make(key, lambda n: Alt(n, ordered))

    def _make(self, key: Hashable, build: Callable[[int], N]) -> N:
        known = self._known.get(key)
        if known is None:
            self._made += 1
            known = self._known.setdefault(key, build(self._made))
        return known  # type: ignore[return-value]


def _number(node: Node) -> int:
    return node.number
