"""What must not be measured: recordings, and tools that move something on a live service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from client_sdk.bench.refusal import BenchmarkRefused, whole_number
from client_sdk.exchange import BudgetGuard

PLAYBACK: Final = "playback"
# A tool whose name begins like this is taken for one that only reads.
READS: Final = (
    "get", "list", "search", "find", "read", "fetch", "check", "describe", "count", "query",
    "lookup", "verify", "ping", "health", "estimate",
)  # fmt: skip
DEEPEST: Final = 20  # wrappers around wrappers


class CallBudget:
    """Counts calls of tools that change something on a live service, and stops before too many."""

    def __init__(self, client: object, most: int | BudgetGuard | None) -> None:
        is_guarded = isinstance(most, BudgetGuard)  # it counts money itself, and stops before it
        self._is_checked = is_live(client) and not is_guarded
        self._most = None if most is None or is_guarded else whole_number("budget", most)
        self._used = 0
        self._lock = threading.Lock()

    def check(self, tool: str, calls: int) -> None:
        """Refuse a run beforehand.

        Raises:
            BenchmarkRefused: the tool may change something, and no budget covers the calls.
        """
        if not self._is_counted(tool):
            return
        with self._lock:
            self._check(tool, calls)

    def spend(self, tool: str) -> None:
        """Count one call before it is made; of calls side by side, none slips through.

        Raises:
            BenchmarkRefused: it would be one too many.
        """
        if not self._is_counted(tool):
            return
        with self._lock:
            self._check(tool, 1)
            self._used += 1

    def _is_counted(self, tool: str) -> bool:
        return self._is_checked and not only_reads(tool)

    def _check(self, tool: str, calls: int) -> None:
        if self._most is None:
            raise BenchmarkRefused(
                f"{tool} may change something on a live service: give budget=, the most calls "
                "it may make, or measure a sandbox on loopback"
            )
        if self._used + calls > self._most:
            raise BenchmarkRefused(
                f"budget: {calls} calls of {tool} and {self._used} before are more than the "
                f"{self._most} that were allowed"
            )


def refuse_playback(client: object) -> None:
    """Refuse a client that answers from a recording, however deep it is wrapped.

    Raises:
        BenchmarkRefused: it does: what would be measured is the speed of a file.
    """
    for each in layers_of(client):
        mode = getattr(each, "mode", None)
        if getattr(mode, "value", mode) == PLAYBACK:
            raise BenchmarkRefused(
                "the client is in playback and would measure its recording: use a live mode or a "
                "sandbox, or say allow_playback=True"
            )


def is_live(client: object) -> bool:
    """Say whether calls leave this machine: the client has an address that is not loopback."""
    addresses = (
        getattr(each, name, None) for each in layers_of(client) for name in ("base_url", "address")
    )
    return any(isinstance(each, str) and _is_elsewhere(each) for each in addresses)


def only_reads(tool: str) -> bool:
    """Say whether a tool's name promises that it changes nothing; any other may."""
    return tool.lower().replace("-", "_").split("_", 1)[0] in READS


def layers_of(client: object) -> Iterator[Any]:
    """Give a client and every client that it wraps, outermost first."""
    for _ in range(DEEPEST):
        if client is None:
            return
        yield client
        client = getattr(client, "wrapped_client", None)


def _is_elsewhere(address: str) -> bool:
    """An HTTP address that is not loopback; anything else is a process of this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or host == "localhost":
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
