"""Rebuilds nodes for places behind the start of the text, where no ``^`` holds."""

from client_sdk.contract.patterns.arena import Arena
from client_sdk.contract.patterns.nodes import Ahead, Alt, And, Cat, Node, Not, Power


class Settled:
    """Remembers what nodes become once ``^`` is out of reach."""

    __slots__ = ("_arena", "_known")

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._known: dict[int, Node] = {}

    def size(self) -> int:
        """Return how many nodes are remembered."""
        return len(self._known)

    def forget(self) -> None:
        """Let go of everything remembered."""
        self._known = {}

    def settle(self, node: Node) -> Node:
        """Return the node with every ``^`` made a dead end."""
        if not node.starts:
            return node
        known = self._known.get(node.number)
        if known is None:
            known = self._known[node.number] = self._rebuilt(node)
        return known

    def _rebuilt(self, node: Node) -> Node:
        match node:
            case And(items=items):
                return self._arena.conjunction(map(self.settle, items))
            case Not(formula=formula):
                return self._arena.negation(self.settle(formula))
            case Ahead(formula=formula):
                return self._arena.ahead(self.settle(formula))
            case _:
                return self._rebuilt_expression(node)

    def _rebuilt_expression(self, node: Node) -> Node:
        match node:
            case Cat():
                return self._rebuilt_chain(node)
            case Alt(items=items):
                return self._arena.alt(map(self.settle, items))
            case Power(body=body, counts=counts):
                return self._arena.power(self.settle(body), counts)
            case _:  # the ^ itself
                return self._arena.nothing

    def _rebuilt_chain(self, node: Cat) -> Node:
        heads: list[Node] = []
        current: Node = node
        while isinstance(current, Cat) and current.starts:
            heads.append(self.settle(current.head))
            current = current.tail
        rebuilt = self.settle(current)
        for each in reversed(heads):
            rebuilt = self._arena.cat(each, rebuilt)
        return rebuilt
