"""What can be wrong with the key of a named request."""

from dataclasses import dataclass
from typing import ClassVar

from broker.domain.errors.families import Conflict, Refusal


@dataclass(eq=False)
class IdempotencyKeyBusy(Conflict):
    """The request under this key came before and is not answered yet."""

    code: ClassVar[str] = "idempotency-key-busy"
    key: str

    def __str__(self) -> str:
        return "The same request is still being worked on. Try again in a moment."


@dataclass(eq=False)
class IdempotencyKeyReused(Refusal):
    """Another request had this key."""

    code: ClassVar[str] = "idempotency-key-reused"
    key: str

    def __str__(self) -> str:
        return "This Idempotency-Key belongs to another request. Send a new one."
