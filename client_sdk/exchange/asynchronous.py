"""The `a`-prefixed twin of every client: the same call, awaited, in a thread of its own."""

from __future__ import annotations

import asyncio

from client_sdk.contract.values import JsonValue
from client_sdk.exchange.result import Result


class AsyncTwin:
    """Gives a class that has `execute` its `aexecute`; the event loop is not blocked meanwhile."""

    def execute(self, tool: str, input_data: JsonValue) -> Result:
        """Call the tool and give its answer."""
        raise NotImplementedError

    async def aexecute(self, tool: str, input_data: JsonValue) -> Result:
        """Await the answer that `execute` would give; raises what it raises."""
        return await asyncio.to_thread(self.execute, tool, input_data)
