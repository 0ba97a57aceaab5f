"""Webhooks under chaos: a receiver looks like a client, so every failure mode fits it.

A lost request is a webhook that never arrives, a duplicate request one that arrives twice, a
reordered one arrives after the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Result

WEBHOOK: Final = "webhook"
ACCEPTED: Final = 202


class WebhookTarget:
    """Hands each event to a receiver.

    Example:
        >>> got = []
        >>> WebhookTarget(got.append).execute("webhook", {"id": "evt_1"}).status_code
        202
        >>> got
        [{'id': 'evt_1'}]
    """

    def __init__(self, receiver: Callable[[JsonObject], object]) -> None:
        self._receiver = receiver

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Deliver the event; what the receiver raises reaches the sender."""
        del tool
        self._receiver(input_data if isinstance(input_data, dict) else {"event": input_data})
        return Result(ACCEPTED, None)
