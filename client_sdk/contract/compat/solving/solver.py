"""The solver: answers questions about terms, each once, on a stack of its own.

A value of smallest height that fits a term has no part that fits the same term: the part would
be smaller. So while a term is being searched, the same question about a *part* may be answered
"nothing" without losing the verdict whether anything fits at all. This is coinduction for
proofs and the least fixed point for witnesses in one. Answers that lean on such an assumption
are kept apart until the question they lean on is settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client_sdk.contract.compat.solving.leaning import Leaning
from client_sdk.contract.compat.solving.models import EMPTY, UNKNOWN, Ask, Models, Search
from client_sdk.contract.compat.solving.searching import search
from client_sdk.contract.compat.terms.arena import Arena
from client_sdk.contract.compat.terms.nodes import Node

NOBODY: Final = 1 << 60  # deeper than any stack


@dataclass(slots=True)
class _Frame:
    """A question under way.

    `leans_on` is the lowest frame whose emptiness it assumed, `mark` and `known_before` say how
    many leaning answers and how many values of the term there were when it began.
    """

    ask: Ask
    steps: Search[Models]
    depth: int
    mark: int
    known_before: int
    leans_on: int = NOBODY
    leaned_on: bool = False


class Solver:
    """Finds values of terms, or the certainty that there are none; remembers both."""

    __slots__ = ("_leaning", "_settled", "_stack", "_tried", "_under_way", "arena")

    def __init__(self, arena: Arena) -> None:
        self.arena = arena
        self._settled: dict[Node, Models] = {}
        self._leaning = Leaning()
        self._tried: dict[Ask, Models] = {}
        self._under_way: dict[Node, _Frame] = {}
        self._stack: list[_Frame] = []

    def models(self, node: Node, want: int = 1) -> Models:
        """Give up to `want` values of the term.

        Raises:
            GivenUp: the budget ran out.
        """
        known = self._known(Ask(node, want))
        if known is not None:
            return known
        self._open(Ask(node, want))
        answer: Models | None = None
        while True:
            frame = self._stack[-1]
            try:
                ask = frame.steps.send(answer)  # type: ignore[arg-type]
            except StopIteration as stop:
                answer = self._close(stop.value)
                if self._grew(frame, answer):
                    self._open(frame.ask)
                    answer = None
                elif not self._stack:
                    return answer
                continue
            answer = self._known(ask)
            if answer is None:
                self._open(ask)

    def _open(self, ask: Ask) -> None:
        self.arena.meter.spend()
        depth = len(self._stack)
        steps = search(self.arena, ask.node, ask.want)
        frame = _Frame(ask, steps, depth, len(self._leaning), self._count(ask.node))
        self._stack.append(frame)
        self._under_way[ask.node] = frame

    def _known(self, ask: Ask) -> Models | None:
        """Answer without a search, if that is possible."""
        if ask.node is self.arena.never:
            return EMPTY
        settled = self._settled.get(ask.node)
        if settled is not None and (settled.complete or len(settled.values) >= ask.want):
            return settled
        leaning = self._leaning.get(ask.node)
        if leaning is not None:
            self._lean(leaning[1])
            return leaning[0]
        above = self._under_way.get(ask.node)
        if above is not None:
            self._lean(above.depth)
            above.leaned_on = True
            return EMPTY if above.ask.want == 1 else settled or UNKNOWN
        return self._tried.get(ask)

    def _lean(self, depth: int) -> None:
        top = self._stack[-1]
        top.leans_on = min(top.leans_on, depth)

    def _close(self, models: Models) -> Models:
        """Settle the topmost question, and what leaned on it."""
        frame = self._stack.pop()
        node = frame.ask.node
        del self._under_way[node]
        if frame.leaned_on and models.values:
            models = Models(models.values, complete=False)
        if frame.leaned_on and not models.empty:
            self._leaning.forget_since(frame.mark)
        if frame.leans_on < frame.depth:
            self._lean(frame.leans_on)
        if models.complete:
            self._settle(frame, models)
        elif len(models.values) > self._count(node):
            self._settled[node] = models
        if not models.complete and len(models.values) < frame.ask.want:
            self._tried[frame.ask] = models
        return models

    def _settle(self, frame: _Frame, models: Models) -> None:
        """Keep a complete answer: apart while it leans on a question under way, else for good."""
        if frame.leans_on < frame.depth:
            self._leaning.lower_since(frame.mark, frame.leans_on)
            self._leaning.keep(frame.ask.node, models, frame.leans_on)
            return
        self._settled[frame.ask.node] = models
        self._settled.update(self._leaning.take_since(frame.mark))  # they were right to lean

    def _grew(self, frame: _Frame, models: Models) -> bool:
        """Say whether values of a recursive term were built that can be parts of further ones."""
        enough = models.complete or len(models.values) >= frame.ask.want
        if enough or not frame.leaned_on or len(models.values) <= frame.known_before:
            return False
        del self._tried[frame.ask]
        return True

    def _count(self, node: Node) -> int:
        settled = self._settled.get(node)
        return 0 if settled is None else len(settled.values)
