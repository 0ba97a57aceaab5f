"""Nothing is wrong with the request: asking again helps."""

from dataclasses import dataclass
from typing import ClassVar

from broker.domain.errors.families import ComeBackLater


@dataclass(eq=False)
class WriteContended(ComeBackLater):
    """Other writes got in between every time; nothing was stored, and trying again is safe."""

    code: ClassVar[str] = "write-contended"
    attempts: int

    def __str__(self) -> str:
        return f"Others were writing the same thing {self.attempts} times in a row. Try again."


@dataclass(eq=False)
class StoreBusy(ComeBackLater):
    """The request waited for its turn as long as anyone should."""

    code: ClassVar[str] = "store-busy"

    def __str__(self) -> str:
        return "The store is busy with other requests. Nothing was stored. Try again."


@dataclass(eq=False)
class StoreUnavailable(ComeBackLater):
    """The database is away, full or read-only."""

    code: ClassVar[str] = "store-unavailable"

    def __str__(self) -> str:
        return "The store cannot be reached at the moment. Trying again later is safe."
