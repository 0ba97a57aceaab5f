"""JSON Pointers (RFC 6901): writing them, splitting them, following them."""

from __future__ import annotations

import re
from typing import Final

from client_sdk.contract.values import JsonValue

_INDEX: Final = re.compile(r"0|[1-9][0-9]*")
_LONGEST_INDEX = 18  # digits; more than any list that fits into memory


def escape(token: str) -> str:
    """Write one reference token: `~` as `~0`, `/` as `~1`."""
    return token.replace("~", "~0").replace("/", "~1")


def join(pointer: str, token: str | int) -> str:
    """Give the pointer one step below `pointer`."""
    token = str(token)
    if "~" in token or "/" in token:  # seldom, and this is asked very often
        token = escape(token)
    return f"{pointer}/{token}"


def tokens_of(pointer: str) -> tuple[str, ...]:
    """Split a pointer into its unescaped tokens.

    Raises:
        ValueError: it is neither empty nor begins with `/`, or a `~` is not `~0` or `~1`.
    """
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError("A JSON Pointer is empty or begins with '/'.")
    return tuple(_unescape(token) for token in pointer[1:].split("/"))


def index_of(token: str) -> int | None:
    """Give the array index that a token spells, or None: `01`, `-1` and `-` spell none."""
    if len(token) > _LONGEST_INDEX or _INDEX.fullmatch(token) is None:
        return None
    return int(token)


def resolve(value: JsonValue, pointer: str) -> JsonValue:
    """Follow a pointer into a value.

    Raises:
        KeyError: nothing is there, or the pointer is not one.
    """
    try:
        tokens = tokens_of(pointer)
    except ValueError as error:
        raise KeyError(pointer) from error
    for token in tokens:
        value = _step(value, token, pointer)
    return value


def _step(value: JsonValue, token: str, pointer: str) -> JsonValue:
    if isinstance(value, dict) and token in value:
        return value[token]
    if isinstance(value, list):
        index = index_of(token)
        if index is not None and index < len(value):
            return value[index]
    raise KeyError(pointer)


def _unescape(token: str) -> str:
    if re.search("~(?![01])", token):
        raise ValueError("A '~' in a JSON Pointer is written '~0', a '/' in a token '~1'.")
    return token.replace("~1", "/").replace("~0", "~")
