"""The raw structural delta of two JSON values, one line a difference; it never decides anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from client_sdk.contract.document import dumps, json_equal
from client_sdk.contract.pointer import join
from client_sdk.contract.values import JsonValue

MOST_LINES: Final = 100
_LARGEST: Final = 64 * 1024  # characters of JSON; what is longer is not taken apart
_WIDTH: Final = 80
_KINDS: Final = {
    "dictionary_item_added": "added",
    "dictionary_item_removed": "removed",
    "iterable_item_added": "added",
    "iterable_item_removed": "removed",
    "values_changed": "changed",
    "type_changes": "changed",
}


def delta_lines(old: JsonValue, new: JsonValue) -> tuple[str, ...]:
    """What was added, removed and changed, by JSON Pointer, at most 100 lines.

    Made for people and for the answer to a conflict. Documents over 64 KiB are only said to
    differ: aligning long lists has its price.
    """
    if max(len(dumps(old)), len(dumps(new))) > _LARGEST:
        return ("/: too large to be compared line by line",)
    lines = sorted(_lines(old, new))
    more = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], f"and {more} more") if more > 0 else tuple(lines)


def _lines(old: JsonValue, new: JsonValue) -> Iterator[str]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - takes a tenth of a second to load

    found: Any = DeepDiff(old, new, view="tree", threshold_to_diff_deeper=0)
    for kind, word in _KINDS.items():
        for level in found.get(kind, ()):
            if word == "changed" and json_equal(level.t1, level.t2):
                continue  # 1 and 1.0 are of two types in Python only
            yield f"{_pointer(level)}: {word}{_values(word, level)}"


def _pointer(level: Any) -> str:  # noqa: ANN401 - deepdiff's own node
    pointer = ""
    for token in level.path(output_format="list"):
        pointer = join(pointer, str(token))
    return pointer or "/"


def _values(word: str, level: Any) -> str:  # noqa: ANN401
    if word == "added":
        return f" {_shown(level.t2)}"
    if word == "removed":
        return f" {_shown(level.t1)}"
    return f" from {_shown(level.t1)} to {_shown(level.t2)}"


def _shown(value: JsonValue) -> str:
    text = dumps(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
