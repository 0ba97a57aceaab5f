"""Mocks that are set up already: with money, failing, limited, or timing out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from client_sdk.clock import Clock, VirtualClock
from client_sdk.contract.values import JsonObject
from client_sdk.mock.answers import PROBLEM, MockResponse, check_delay, phrase_of
from client_sdk.mock.greenhelix import GreenHelixMock

RETRY_AFTER: Final = 60  # seconds
GATEWAY_TIMEOUT: Final = 504


def create_funded_mock(
    agent_id: str, balance: str | Decimal = "100.00", *, clock: Clock | None = None
) -> GreenHelixMock:
    """Give a mock in which an agent has money.

    Example:
        >>> mock = create_funded_mock("test-a")
        >>> mock.execute("get_balance", {"agent_id": "test-a"}).body["balance"]
        '100.00'
    """
    mock = GreenHelixMock(clock=clock)
    mock.set_balance(agent_id, balance)
    return mock


def create_failing_mock(
    failure_count: int = 3, status_code: int = 500, *, clock: Clock | None = None
) -> GreenHelixMock:
    """Give a mock whose first calls fail, whatever the tool.

    Example:
        >>> mock = create_failing_mock(failure_count=1)
        >>> [mock.execute("get_balance", {"agent_id": "a"}).status_code for _ in range(2)]
        [500, 200]
    """
    mock = GreenHelixMock(clock=clock)
    mock.inject_errors(failure_count, status_code)
    return mock


def create_rate_limited_mock(burst_limit: int = 5, *, clock: Clock | None = None) -> GreenHelixMock:
    """Give a mock that lets a burst through and then one call a minute; others get 429.

    The limit belongs to it: `reset` fills it again and does not take it away.

    Example:
        >>> mock = create_rate_limited_mock(burst_limit=1)
        >>> mock.execute("get_balance", {"agent_id": "a"}).status_code
        200
        >>> mock.execute("get_balance", {"agent_id": "a"}).headers["retry-after"]
        '60'
    """
    return _Limited(burst_limit, clock)


def create_timeout_mock(
    timeout_tools: Iterable[str], timeout_ms: float = 30000, *, clock: Clock | None = None
) -> GreenHelixMock:
    """Give a mock whose named tools answer 504 after a long time, on a virtual clock.

    For a caller that never gets an answer use `GreenHelixMock.no_answer`.

    Raises:
        ValueError: no tool is named, or the time is negative.

    Example:
        >>> mock = create_timeout_mock(["create_escrow"])
        >>> result = mock.execute("create_escrow", {})
        >>> result.status_code, result.latency_ms
        (504, 30000)
    """
    tools = [timeout_tools] if isinstance(timeout_tools, str) else list(timeout_tools)
    if not tools:
        raise ValueError("timeout_tools names no tool: nothing would time out")
    check_delay("timeout_ms", timeout_ms)
    mock = GreenHelixMock(clock=clock or VirtualClock())
    body: JsonObject = {
        "type": "about:blank",
        "title": phrase_of(GATEWAY_TIMEOUT),
        "status": GATEWAY_TIMEOUT,
        "detail": f"The upstream did not answer within {timeout_ms:g} ms.",
    }
    for tool in tools:
        answer = MockResponse(GATEWAY_TIMEOUT, {**body}, {"content-type": PROBLEM}, timeout_ms)
        mock.set_response(tool, answer)
    return mock


class _Limited(GreenHelixMock):
    """A mock that has its limit back after every reset."""

    def __init__(self, burst: int, clock: Clock | None) -> None:
        super().__init__(clock=clock)
        self._burst = burst
        self._limit()

    def reset(self, keep: Iterable[str] = ()) -> None:
        kept = {keep} if isinstance(keep, str) else set(keep)
        super().reset(kept)
        if "limits" not in kept:
            self._limit()

    def _limit(self) -> None:
        self.rate_limit(self._burst, per_seconds=RETRY_AFTER * self._burst)
