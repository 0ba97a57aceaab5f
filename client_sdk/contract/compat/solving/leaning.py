"""Answers that lean on a question still under way, kept apart until that one is settled."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from client_sdk.contract.compat.solving.models import Models
from client_sdk.contract.compat.terms.nodes import Node


class _Answer(NamedTuple):
    models: Models
    position: int
    depth: int


class _Lowered(NamedTuple):
    """From one position up to another, answers lean on this depth or a lower one."""

    start: int
    end: int
    depth: int


class Leaning:
    """Answers in the order they were given, each with the depth of the question it leans on.

    When a question closes that leans on another, all that was given since it began leans on that
    other one too; this is noted once for the whole range, because there may be many such ranges
    and long ones. Ranges never overlap: an outer question closes after an inner one, and leans at
    least as low.
    """

    __slots__ = ("_answers", "_lowered", "_order")

    def __init__(self) -> None:
        self._answers: dict[Node, _Answer] = {}
        self._order: list[Node] = []
        self._lowered: list[_Lowered] = []

    def __len__(self) -> int:
        """Count the answers."""
        return len(self._order)

    def get(self, node: Node) -> tuple[Models, int] | None:
        """Give the answer about a term and the depth it leans on."""
        answer = self._answers.get(node)
        if answer is None:
            return None
        index = bisect_right(self._lowered, answer.position, key=lambda each: each.start) - 1
        if index >= 0 and answer.position < self._lowered[index].end:
            return answer.models, min(answer.depth, self._lowered[index].depth)
        return answer.models, answer.depth

    def keep(self, node: Node, models: Models, depth: int) -> None:
        """Add an answer, the latest one."""
        self._answers[node] = _Answer(models, len(self._order), depth)
        self._order.append(node)

    def lower_since(self, mark: int, depth: int) -> None:
        """Let what was given since lean on this depth."""
        self._cut(mark)
        if mark < len(self._order):
            self._lowered.append(_Lowered(mark, len(self._order), depth))

    def take_since(self, mark: int) -> Iterator[tuple[Node, Models]]:
        """Give away what was given since."""
        self._cut(mark)
        while len(self._order) > mark:
            node = self._order.pop()
            yield node, self._answers.pop(node).models

    def forget_since(self, mark: int) -> None:
        """Drop what was given since."""
        for _ in self.take_since(mark):
            pass

    def _cut(self, mark: int) -> None:
        while self._lowered and self._lowered[-1].start >= mark:
            self._lowered.pop()
