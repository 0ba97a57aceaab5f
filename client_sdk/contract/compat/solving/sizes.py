"""Numbers of parts: what minimum and maximum sizes say, the same for strings, arrays, objects."""

from __future__ import annotations

from typing import Protocol

from client_sdk.contract.compat.terms.nodes import Size


class Sized(Protocol):
    """A state that knows the least and the most parts; `most` is None without an end."""

    least: int
    most: int | None


def take_size(state: Sized, literal: Size) -> bool:
    """Narrow the sizes; False when none is left."""
    if not literal.upper:
        state.least = max(state.least, literal.limit)
    elif state.most is None or literal.limit < state.most:
        state.most = literal.limit
    return state.most is None or state.least <= state.most


def screen_size(state: Sized, literal: Size) -> bool | None:
    """Say whether every size left is within the limit, none is, or neither."""
    if literal.upper:
        if state.most is not None and state.most <= literal.limit:
            return True
        return False if literal.limit < state.least else None
    if state.least >= literal.limit:
        return True
    return False if state.most is not None and state.most < literal.limit else None
