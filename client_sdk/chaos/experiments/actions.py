"""What an experiment's file may call: plain functions, for this runner and for Chaos Toolkit's."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from client_sdk.chaos.config import config_from_json
from client_sdk.chaos.experiments.refusal import ExperimentRefused
from client_sdk.chaos.injector import ChaosInjector
from client_sdk.chaos.proxy import FaultProxy
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import ToolClient, ToolMapping

if TYPE_CHECKING:
    from client_sdk.exchange.mcp import McpClient

MCP: Final = "mcp"
MOST_TIMES: Final = 10_000
_SUCCESS: Final = range(200, 300)
_running: dict[int, FaultProxy] = {}
_lock: Final = threading.Lock()


def call_tool(base_url: str, tool: str, input: JsonValue = None, mapping: str = "body") -> int:  # noqa: A002 - a name of the file format
    """Call a tool and give the status of its answer; `mapping` is `body`, `path` or `mcp`."""
    with closing(_client(base_url, mapping)) as client:
        return client.execute(tool, {} if input is None else input).status_code


def call_under_chaos(
    base_url: str,
    calls: Sequence[Mapping[str, Any]],
    configs: Sequence[JsonValue],
    seed: int,
    mapping: str = "body",
) -> JsonObject:
    """Make calls through an injector and give what became of them.

    Raises:
        InjectionsMissing: nothing was injected, or a configuration met no call.
    """
    succeeded, raised = 0, 0
    with closing(_client(base_url, mapping)) as client:
        chaos = ChaosInjector(client, seed)
        for config in configs:
            chaos.add_chaos(config_from_json(config))
        with chaos:
            for call in _each(calls):
                try:
                    result = chaos.execute(str(call["tool"]), call.get("input", {}))
                    succeeded += result.status_code in _SUCCESS
                except Exception:  # noqa: BLE001 - an injected fault is of any class
                    raised += 1
        chaos.assert_injected()
    return {
        "calls": sum(1 for _ in _each(calls)),
        "succeeded": succeeded,
        "raised": raised,
        "injections": chaos.get_injection_count(),
        "seed": seed,
    }


def start_proxy(
    upstream: str,
    port: int,
    toxics: Sequence[Mapping[str, Any]] = (),
    seed: int = 0,
    direction: str = "downstream",
) -> str:
    """Start a fault proxy and give its address; `stop_proxy` ends it."""
    proxy = FaultProxy(upstream, toxics=toxics, seed=seed, direction=direction, port=port)
    url = proxy.start()
    with _lock:
        _running[port] = proxy
    return url


def set_toxics(port: int, toxics: Sequence[Mapping[str, Any]]) -> int:
    """Change what is wrong with a running proxy; gives how many toxics it has now."""
    _proxy_at(port).set_toxics(toxics)
    return len(toxics)


def injections_of_proxy(port: int) -> int:
    """Give how many connections of a running proxy had a toxic."""
    return sum(_proxy_at(port).injections.values())


def stop_proxy(port: int) -> bool:
    """Stop a proxy; False when none runs at the port."""
    with _lock:
        proxy = _running.pop(port, None)
    if proxy is not None:
        proxy.stop()
    return proxy is not None


def times_of(call: Mapping[str, Any]) -> int:
    """Give how often a call is made.

    Raises:
        ExperimentRefused: it is no whole number from 1 to `MOST_TIMES`.
    """
    times = call.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MOST_TIMES:
        raise ExperimentRefused(f"times={times!r} must be a whole number from 1 to {MOST_TIMES}")
    return times


def _client(base_url: str, mapping: str) -> ToolClient | McpClient:
    if mapping != MCP:
        return ToolClient(base_url, mapping=ToolMapping(mapping))
    from client_sdk.exchange.mcp import McpClient  # noqa: PLC0415 - an extra

    return McpClient.over_http(base_url)


def _each(calls: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Each call as often as it is made."""
    for call in calls:
        yield from repeat(call, times_of(call))


def _proxy_at(port: int) -> FaultProxy:
    with _lock:
        proxy = _running.get(port)
    if proxy is None:
        raise ValueError(f"port={port}: no proxy was started there; start_proxy comes first")
    return proxy


FUNCTIONS: Final = {
    each.__name__: each
    for each in (
        call_tool,
        call_under_chaos,
        start_proxy,
        set_toxics,
        injections_of_proxy,
        stop_proxy,
    )
}
