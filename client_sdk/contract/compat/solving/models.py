"""Answers of the solver: some values of a term, and whether they are all of them."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from client_sdk.contract.canonical import equality_key
from client_sdk.contract.compat.meter import Meter, Reason
from client_sdk.contract.compat.terms.nodes import Node
from client_sdk.contract.values import JsonValue

LONGEST_VALUE: Final = 50_000  # characters of its JSON text
CHARACTERS_PER_STEP: Final = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Models:
    """Distinct values that fit a term; `complete` says that no others do.

    The values fit the term as far as the engine models it, so that "complete and empty" is a
    proof while a value is only a candidate.
    """

    values: tuple[JsonValue, ...]
    complete: bool

    @property
    def empty(self) -> bool:
        """Whether nothing fits, for certain."""
        return self.complete and not self.values


EMPTY: Final = Models((), complete=True)
UNKNOWN: Final = Models((), complete=False)


class Ask(NamedTuple):
    """A question that a search puts to the solver: up to `want` values of a term."""

    node: Node
    want: int = 1


# A search yields questions about parts of its value, receives answers, and returns its own.
Search = Generator[Ask, Models, T]


def at_once(answer: T) -> Search[T]:
    """Make a search of an answer that needs no questions."""
    yield from ()
    return answer


class Collected:
    """Values gathered from several searches, each once.

    A value that is too long to write down is left out, with a doubt: values are made of values,
    and would double in size from level to level.
    """

    __slots__ = ("_found", "_meter", "complete", "want")

    def __init__(self, want: int, meter: Meter) -> None:
        self.want = want
        self.complete = True
        self._meter = meter
        self._found: dict[str, JsonValue] = {}

    def add(self, models: Models) -> None:
        """Take over values, and the doubt whether there are more."""
        self.extend(models.values)
        self.complete = self.complete and models.complete

    def extend(self, values: Iterable[JsonValue]) -> None:
        """Take over values."""
        for value in values:
            key = equality_key(value)
            self._meter.spend(len(key) // CHARACTERS_PER_STEP)
            if len(key) <= LONGEST_VALUE:
                self._found.setdefault(key, value)
            else:
                self.complete = False
                self._meter.doubt(Reason.WITNESS_TOO_LARGE)

    @property
    def missing(self) -> int:
        """How many values are still wanted."""
        return self.want - len(self._found)

    def models(self) -> Models:
        """Give what was gathered."""
        return Models(tuple(self._found.values()), self.complete)
