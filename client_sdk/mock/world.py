"""Everything the gateway's tools act upon, as one thing that can be copied and put back."""

from __future__ import annotations

from client_sdk.clock import Clock, timestamp_of
from client_sdk.mock.answers import MockResponse
from client_sdk.mock.bank import Bank
from client_sdk.mock.budgets import Caps
from client_sdk.mock.registry import Registry
from client_sdk.mock.webhooks import Webhooks


class World:
    """The bank, the registry, the caps, the webhooks, and what was answered to which key."""

    def __init__(self, clock: Clock, *, seed: int = 0, is_generous: bool = False) -> None:
        self.clock = clock
        self.registry = Registry()
        self.caps: Caps = {}
        self.webhooks = Webhooks(clock)
        self.answered: dict[tuple[str, str], tuple[bytes, MockResponse]] = {}
        self.bank = Bank(clock, seed=seed, is_generous=is_generous, on_event=self.webhooks.tell)

    def copied(self) -> World:
        """Give a world that goes on by itself."""
        other = World(self.clock)
        other.registry, other.caps = self.registry.copied(), dict(self.caps)
        other.webhooks, other.answered = self.webhooks.copied(), dict(self.answered)
        other.bank = self.bank.copied(other.webhooks.tell)
        return other

    def now(self) -> str:
        """Write the time on the clock."""
        return timestamp_of(self.clock)
