"""The terms that derivatives are taken of: hash-consed expressions over one alphabet.

Two layers share the node classes. *Expressions* (letters, concatenation, alternation, powers,
assertions, look-aheads) say what a stretch of text looks like. *Formulas* are expressions, read
as "the whole rest of the text looks like this", joined by alternation, ``And`` and ``Not``.
Equal nodes are one object, so equality is identity and every memo is keyed by ``number``.
"""

from client_sdk.contract.patterns.counts import Counts
from client_sdk.contract.patterns.syntax import Anchor, Known


class Node:
    r"""What every node knows about itself.

    ``looks_left``: the meaning depends on the character before (``^``, ``\b``).
    ``starts``: a ``^`` is somewhere inside.
    ``empty``: the empty word fits wherever the node stands.
    """

    __slots__ = ("empty", "looks_left", "number", "starts")

    def __init__(
        self, number: int, *, empty: bool = False, left: bool = False, starts: bool = False
    ) -> None:
        self.number = number
        self.empty = empty
        self.looks_left = left
        self.starts = starts


class Nothing(Node):
    """No word at all."""

    __slots__ = ()


class Empty(Node):
    """The empty word."""

    __slots__ = ()


class Letters(Node):
    """One letter out of a set."""

    __slots__ = ("mask",)

    def __init__(self, number: int, mask: int) -> None:
        super().__init__(number)
        self.mask = mask


class Cat(Node):
    """``head``, then ``tail``; the head is never itself a ``Cat``.

    ``counts`` are those of the chain's first power, if it has one, and ``slot`` is a number
    for the chain with these counts blanked out: alternatives with one slot fall together.
    """

    __slots__ = ("counts", "head", "slot", "tail")

    def __init__(
        self, number: int, head: Node, tail: Node, *, slot: int, counts: Counts | None
    ) -> None:
        super().__init__(
            number,
            empty=head.empty and tail.empty,
            left=head.looks_left or tail.looks_left,
            starts=head.starts or tail.starts,
        )
        self.head = head
        self.tail = tail
        self.slot = slot
        self.counts = counts


class Alt(Node):
    """Any of two or more items, none of which is an ``Alt``."""

    __slots__ = ("items",)

    def __init__(self, number: int, items: tuple[Node, ...]) -> None:
        super().__init__(
            number,
            empty=any(each.empty for each in items),
            left=any(each.looks_left for each in items),
            starts=any(each.starts for each in items),
        )
        self.items = items


class Power(Node):
    """The body as often as one of the counts says."""

    __slots__ = ("body", "counts", "slot")

    def __init__(self, number: int, body: Node, counts: Counts, *, slot: int) -> None:
        super().__init__(
            number,
            empty=counts.has_zero() or body.empty,
            left=body.looks_left,
            starts=body.starts,
        )
        self.body = body
        self.counts = counts
        self.slot = slot


class Place(Node):
    """A zero-width test of the place."""

    __slots__ = ("test",)

    def __init__(self, number: int, test: Anchor | Known) -> None:
        looks_left = test in {Anchor.START, Anchor.BOUNDARY, Anchor.NOT_BOUNDARY}
        super().__init__(number, left=looks_left, starts=test is Anchor.START)
        self.test = test


class Ahead(Node):
    """A zero-width test: the whole rest of the text fits the formula."""

    __slots__ = ("formula",)

    def __init__(self, number: int, formula: Node) -> None:
        super().__init__(number, left=formula.looks_left, starts=formula.starts)
        self.formula = formula


class And(Node):
    """Every item at once; a formula."""

    __slots__ = ("items",)

    def __init__(self, number: int, items: tuple[Node, ...]) -> None:
        super().__init__(
            number,
            left=any(each.looks_left for each in items),
            starts=any(each.starts for each in items),
        )
        self.items = items


class Not(Node):
    """Whatever the formula is not; a formula."""

    __slots__ = ("formula",)

    def __init__(self, number: int, formula: Node) -> None:
        super().__init__(number, left=formula.looks_left, starts=formula.starts)
        self.formula = formula
