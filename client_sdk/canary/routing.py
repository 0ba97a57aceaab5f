"""A controller as a client of its own: anything that calls tools may call through the canary."""

from __future__ import annotations

import asyncio
from typing import Any

from client_sdk.contract.values import JsonValue
from client_sdk.exchange import AsyncTwin, Result


class Routing(AsyncTwin):
    """Gives a class that has `route_request` an `execute`, and awaited twins of both."""

    def route_request(self, tool: str, input_data: JsonValue, *, key: str | None = None) -> Any:  # noqa: ANN401 - whatever the arm's client gives
        """Call the tool on the arm that the caller belongs to."""
        raise NotImplementedError

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call the tool as `route_request` does without a key."""
        result: Result = self.route_request(tool, input_data)
        return result

    async def aroute_request(
        self, tool: str, input_data: JsonValue, *, key: str | None = None
    ) -> Any:  # noqa: ANN401 - whatever the arm's client gives
        """Await the answer that `route_request` would give; raises what it raises."""
        return await asyncio.to_thread(self.route_request, tool, input_data, key=key)
