"""Requests that were named by their sender, so that trying again does nothing twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = timedelta(hours=24)
# Longer than any request takes: past it the process that claimed the key is gone.
ABANDONED = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered, to the byte."""

    status: int
    content_type: str
    body: bytes
    location: str | None = None


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request under a key; `answer` is `None` while it is being worked on.

    `fingerprint` is the digest of all that was asked.
    """

    key: str
    fingerprint: str
    claimed_at: datetime
    answer: GivenAnswer | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether the key is still taken."""
        kept = ABANDONED if self.answer is None else KEPT
        return moment - self.claimed_at < kept
