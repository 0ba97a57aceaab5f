"""Webhooks of the gateway: who asked for which events, and what was delivered to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from client_sdk.clock import Clock, timestamp_of
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.mock.bank import Escrow

EVENTS: Final = ("escrow.created", "escrow.released", "escrow.cancelled", "escrow.expired")


@dataclass(frozen=True, slots=True)
class Webhook:
    """One agent's wish to be told of events of its escrows at an address."""

    webhook_id: str
    agent_id: str
    url: str
    events: tuple[str, ...]
    registered_at: str

    def to_json(self) -> JsonObject:
        """Give the body that tools answer with."""
        events: list[JsonValue] = [*self.events]
        return {
            "webhook_id": self.webhook_id,
            "agent_id": self.agent_id,
            "url": self.url,
            "events": events,
            "registered_at": self.registered_at,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook; the mock writes it down and sends nothing by itself."""

    delivery_id: str
    webhook_id: str
    url: str
    event: str
    escrow: Escrow
    delivered_at: str

    def to_json(self) -> JsonObject:
        """Give the message that a receiver gets."""
        return {
            "delivery_id": self.delivery_id,
            "webhook_id": self.webhook_id,
            "url": self.url,
            "event": self.event,
            "data": self.escrow.to_json(),
            "delivered_at": self.delivered_at,
        }


@dataclass
class Webhooks:
    """Every webhook and every delivery, oldest first; `receivers` are told of each delivery."""

    clock: Clock
    registered: list[Webhook] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    receivers: list[Callable[[JsonObject], object]] = field(default_factory=list)

    def tell(self, event: str, escrow: Escrow) -> None:
        """Deliver an event to each webhook of the payer or the payee that asked for it."""
        for webhook in self.registered:
            if webhook.agent_id in {escrow.payer, escrow.payee} and event in webhook.events:
                self._deliver(webhook, event, escrow)

    def copied(self) -> Webhooks:
        """Give webhooks that go on by themselves."""
        return Webhooks(
            self.clock, list(self.registered), list(self.deliveries), list(self.receivers)
        )

    def _deliver(self, webhook: Webhook, event: str, escrow: Escrow) -> None:
        delivery = Delivery(
            f"dlv_{len(self.deliveries) + 1:06d}",
            webhook.webhook_id,
            webhook.url,
            event,
            escrow,
            timestamp_of(self.clock),
        )
        self.deliveries.append(delivery)
        for receiver in self.receivers:
            receiver(delivery.to_json())
