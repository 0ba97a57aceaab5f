"""What the services ask about requests that their sender named."""

from datetime import datetime
from typing import Protocol

from broker.domain.idempotency import GivenAnswer, KeyedRequest


class KeyedRequests(Protocol):
    """Requests by their key."""

    def get(self, key: str) -> KeyedRequest | None:
        """The request under this key, whether or not it still holds."""
        ...

    def add(self, request: KeyedRequest) -> bool:
        """Store it without an answer; `False` when the key is taken."""
        ...

    def answer(self, key: str, answer: GivenAnswer) -> None:
        """Note what was answered."""
        ...

    def delete(self, key: str) -> None:
        """Forget the key."""
        ...

    def delete_older(self, than: datetime) -> None:
        """Forget every request claimed before `than`."""
        ...
