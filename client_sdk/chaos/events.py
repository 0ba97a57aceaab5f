"""The log of what was injected: written before anything is done, completed after it."""

from __future__ import annotations

import threading
from typing import Any, Final

IN_PROGRESS: Final = "in progress"


class ChaosEvent(dict[str, Any]):
    """One injection: a dict as the guide has it, with attributes.

    Members: `timestamp`, `tool`, `failure_mode`, `applied`, `reason` (why it was not applied, or
    empty), `phase`, `config_id`, `call_number`.
    """

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any member
        """Give a member by its name."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class EventLog:
    """Events in the order in which they began; safe between threads."""

    def __init__(self) -> None:
        self._events: list[ChaosEvent] = []
        self._lock = threading.Lock()

    def begin(self, event: ChaosEvent) -> ChaosEvent:
        """Write an event down before it is acted on; not applied as long as it is open."""
        with self._lock:
            event.update(applied=False, reason=IN_PROGRESS)
            self._events.append(event)
        return event

    def complete(self, event: ChaosEvent, not_applied: str | None = None) -> None:
        """Close an event: applied, or not applied for a reason."""
        with self._lock:
            event.update(applied=not_applied is None, reason=not_applied or "")

    def copies(self) -> list[ChaosEvent]:
        """Give every event as it is now; changing one changes nothing here."""
        with self._lock:
            return [ChaosEvent(event) for event in self._events]

    def clear(self) -> None:
        """Forget every event."""
        with self._lock:
            self._events = []
