"""Rate limits: a bucket of calls that fills again as the clock goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from client_sdk.mock.answers import MockResponse, problem

ROUNDING: Final = 1e-6  # seconds that sums of fractions may be off


@dataclass(frozen=True, slots=True)
class TokenBucket:
    """`burst` calls at once, and as many again in the course of `per_seconds`.

    `tools` empty means every tool. The bucket is full at `full_at`; each call puts that off.
    """

    burst: int
    per_seconds: float
    tools: frozenset[str]
    full_at: float

    def taken(self, now: float) -> TokenBucket | None:
        """Give the bucket after one more call, or None when it is empty."""
        if self._too_early(now) > ROUNDING:
            return None
        return replace(self, full_at=self._full_after_one_more(now))

    def seconds_until_free(self, now: float) -> int:
        """Give the whole seconds until the next call is let through."""
        return max(1, ceil(self._too_early(now) - ROUNDING))

    def filled(self, now: float) -> TokenBucket:
        """Give the bucket as it was at the beginning."""
        return replace(self, full_at=now)

    def _too_early(self, now: float) -> float:
        return self._full_after_one_more(now) - self.per_seconds - now

    def _full_after_one_more(self, now: float) -> float:
        return max(self.full_at, now) + self.per_seconds / self.burst


def new_bucket(burst: int, per_seconds: float, tools: Iterable[str], now: float) -> TokenBucket:
    """Make a full bucket.

    Raises:
        ValueError: it would let nothing through, or never fill again.
    """
    if type(burst) is not int or burst < 1:
        raise ValueError(f"burst is a whole number of calls above zero, not {burst!r}")
    if not 0 < per_seconds < float("inf"):
        raise ValueError(f"per_seconds is a number above zero, not {per_seconds!r}")
    return TokenBucket(burst, per_seconds, frozenset(tools), now)


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
