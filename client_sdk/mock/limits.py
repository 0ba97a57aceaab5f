"""Rate limits: a bucket of calls that fills again as the clock goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil

from client_sdk.mock.answers import MockResponse, problem


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """`burst` calls at once, and as many again in the course of `per_seconds`.

    `tools` empty means every tool. `left` is how many calls were left at `seen_at`.
    """

    burst: int
    per_seconds: float
    tools: frozenset[str]
    left: float
    seen_at: float

    def taken(self, now: float) -> TokenBucket | None:
        """Give the bucket after one more call, or None when it is empty."""
        left = self._left_at(now)
        return replace(self, left=left - 1, seen_at=now) if left >= 1 else None

    def seconds_until_free(self, now: float) -> int:
        """Give the whole seconds until the next call is let through."""
        return max(1, ceil((1 - self._left_at(now)) * self.per_seconds / self.burst))

    def filled(self, now: float) -> TokenBucket:
        """Give the bucket as it was at the beginning."""
        return replace(self, left=float(self.burst), seen_at=now)

    def _left_at(self, now: float) -> float:
        gained = (now - self.seen_at) * self.burst / self.per_seconds
        return min(float(self.burst), self.left + gained)


def new_bucket(burst: int, per_seconds: float, tools: Iterable[str], now: float) -> TokenBucket:
    """Make a full bucket.

    Raises:
        ValueError: it would let nothing through, or never fill again.
    """
    if type(burst) is not int or burst < 1:
        raise ValueError(f"burst is a whole number of calls above zero, not {burst!r}")
    if not 0 < per_seconds < float("inf"):
        raise ValueError(f"per_seconds is a number above zero, not {per_seconds!r}")
    return TokenBucket(burst, per_seconds, frozenset(tools), float(burst), now)


class RateLimits:
    """Every bucket that a call must get through; a refused call takes from none."""

    def __init__(self, buckets: Iterable[TokenBucket] = ()) -> None:
        self._buckets = list(buckets)

    def add(self, bucket: TokenBucket) -> None:
        """Let calls through this bucket too."""
        self._buckets.append(bucket)

    def refusal(self, tool: str, now: float) -> MockResponse | None:
        """Count a call, or give the 429 that it gets."""
        after = list(self._buckets)
        for index, bucket in enumerate(self._buckets):
            if bucket.tools and tool not in bucket.tools:
                continue
            taken = bucket.taken(now)
            if taken is None:
                return _too_many(bucket.seconds_until_free(now))
            after[index] = taken
        self._buckets = after
        return None

    def fill(self, now: float) -> None:
        """Fill every bucket again."""
        self._buckets = [bucket.filled(now) for bucket in self._buckets]

    def copied(self) -> RateLimits:
        """Give limits that go on by themselves."""
        return RateLimits(self._buckets)


def _too_many(seconds: int) -> MockResponse:
    detail = f"Too many calls; try again in {seconds} s."
    refused = problem(429, "rate-limited", detail, retry_after=seconds)
    return replace(refused, headers={**refused.headers, "retry-after": str(seconds)})
