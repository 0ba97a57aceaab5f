"""What an async agent gives, waited for where there is nothing to wait with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from inspect import isawaitable


def outcome_of(made: object) -> object:
    """Give what an agent gave, or once it is there what an async one gives.

    Raises:
        Exception: what the async agent raises.
    """
    if not isawaitable(made):
        return made
    with ThreadPoolExecutor(1) as apart:  # a loop may run in this thread already
        return apart.submit(asyncio.run, _awaited(made)).result()


async def _awaited(made: Awaitable[object]) -> object:
    return await made
