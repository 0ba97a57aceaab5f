"""Values in few words: what a message shows of a value that may be large or secret."""

from typing import Final

from client_sdk.contract.document import dumps
from client_sdk.contract.values import JsonValue

MAX_TEXT: Final = 120
MAX_ENTRIES: Final = 10
MAX_DEPTH: Final = 4
CUT: Final = "…"


def shown(value: JsonValue, *, width: int = MAX_TEXT) -> str:
    """Write a value as JSON of at most `width` characters."""
    text = dumps(shortened(value))
    return text if len(text) <= width else text[: width - 1] + CUT


def listed(values: list[JsonValue]) -> str:
    """Write the first few values of a list, with commas."""
    words = [shown(value, width=40) for value in values[:MAX_ENTRIES]]
    return ", ".join([*words, CUT] if len(values) > MAX_ENTRIES else words)


def shortened(value: JsonValue, *, depth: int = MAX_DEPTH) -> JsonValue:
    """Give the value with long strings, long arrays and deep members cut."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + CUT
    if isinstance(value, list | dict) and value and depth == 0:
        return CUT
    if isinstance(value, list):
        kept = [shortened(item, depth=depth - 1) for item in value[:MAX_ENTRIES]]
        return [*kept, CUT] if len(value) > MAX_ENTRIES else kept
    if isinstance(value, dict):
        members = list(value.items())[:MAX_ENTRIES]
        kept_members = {
            key[:MAX_TEXT]: shortened(member, depth=depth - 1) for key, member in members
        }
        return kept_members | ({CUT: CUT} if len(value) > MAX_ENTRIES else {})
    return value
