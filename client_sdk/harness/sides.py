"""The live side of a harness: HTTP, or anything that has `execute`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import requests

from client_sdk.clock import Clock
from client_sdk.contract.values import JsonValue
from client_sdk.exchange import BudgetGuard, Executes, Result
from client_sdk.exchange.client import MAX_BODY_BYTES
from client_sdk.harness.encoding import copied
from client_sdk.harness.entry import NO_STATUS, CassetteEntry, recorded_error
from client_sdk.harness.live import LiveCalls, PlainRequest, mapping_from
from client_sdk.harness.take import Lived
from client_sdk.transport import Timeout, Transport


@dataclass(frozen=True, slots=True)
class Spoken:
    """How HTTP is spoken: a transport, or the patience of one that is made."""

    transport: Transport | None
    timeout: Timeout | float | None
    session: requests.Session

    def chosen(self) -> Transport:
        """Give the transport.

        Raises:
            ValueError: both were given.
        """
        if self.transport is not None and self.timeout is not None:
            raise ValueError("transport excludes timeout: give it to the transport")
        return self.transport or Transport(
            _timeout_from(self.timeout), max_answer_bytes=MAX_BODY_BYTES, session=self.session
        )


@dataclass(frozen=True, slots=True)
class LiveSide:
    """Makes calls for real and keeps a record of each; `http` is None when a client was given."""

    client: Executes
    http: LiveCalls | None = None

    @classmethod
    def of(
        cls, client: Executes | None, spoken: Spoken, *, base_url: str, mapping: str
    ) -> LiveSide:
        """Choose the live side.

        Raises:
            ValueError: the arguments exclude each other, or the mapping is unknown.
        """
        chosen = mapping_from(mapping)
        if client is not None:
            if spoken.transport is not None or spoken.timeout is not None:
                raise ValueError("client excludes transport and timeout: they are the client's own")
            return cls(client)
        http = LiveCalls(base_url, chosen, spoken.session, spoken.chosen())
        return cls(http, http)

    def within(self, budget: BudgetGuard | None) -> LiveSide:
        """Give the same side with every tool call inside a budget."""
        return self if budget is None else replace(self, client=budget.wrap(self.client))

    def call(self, tool: str, input_data: JsonValue, clock: Clock) -> Lived:
        """Call a tool; an error of the client's library is recorded, any other is raised."""
        return _lived(
            tool, input_data, clock, lambda: self.client.execute(tool, copied(input_data))
        )

    def send(self, request: PlainRequest, clock: Clock) -> Lived:
        """Send a plain request.

        Raises:
            ValueError: the live side speaks no HTTP.
        """
        http = self.http
        if http is None:
            raise ValueError("request() needs HTTP: this harness was given a client instead")
        return _lived(request.tool, request.to_input(), clock, lambda: http.request(request))

    def close(self) -> None:
        """Close what this side has opened itself."""
        if self.http is not None:
            self.http.close()


def _timeout_from(given: Timeout | float | None) -> Timeout:
    if given is None:
        return Timeout(5, 30)
    return given if isinstance(given, Timeout) else Timeout(given, given, given)


def _lived(tool: str, input_data: JsonValue, clock: Clock, make: Callable[[], Result]) -> Lived:
    stamp, began = round(clock.time(), 3), clock.monotonic()
    try:
        result = _result(make())
    except Exception as error:
        kind = recorded_error(error)
        if kind is None:
            raise
        took = round((clock.monotonic() - began) * 1000, 3)
        entry = CassetteEntry(tool, input_data, NO_STATUS, None, {}, stamp, took, error=kind)
        return Lived(entry, raised=error)
    took = round(result.latency_ms or (clock.monotonic() - began) * 1000, 3)
    entry = CassetteEntry(
        tool,
        copied(input_data),
        result.status_code,
        copied(result.body),
        dict(result.headers),
        stamp,
        took,
        response_fault=result.fault,
    )
    return Lived(entry, result)


def _result(given: Mapping[str, object] | Result) -> Result:
    """Read what a client gave; a plain dict of the guide's shape will do."""
    if isinstance(given, Result):
        return given
    parts: dict[str, JsonValue] = dict(given)  # type: ignore[arg-type]  # a client of another make
    return Result(
        parts["status_code"],  # type: ignore[arg-type]  # the same
        parts.get("body"),
        parts.get("headers"),  # type: ignore[arg-type]  # the same
        parts.get("latency_ms", 0.0),  # type: ignore[arg-type]  # the same
    )
