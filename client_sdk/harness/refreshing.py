"""Recorded calls made again: a cassette is brought up to date without its test.

What a new answer names differently (an id, say) is named so in the calls that follow.
"""

from __future__ import annotations

from typing import Any, Final

import requests

from client_sdk.errors import Unreachable
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import NotRecordable
from client_sdk.harness.files import text_of
from client_sdk.harness.harness import AgentTestHarness
from client_sdk.harness.hygiene import TOKEN
from client_sdk.harness.live import METHODS

SHORTEST_NAME: Final = 4  # a shorter text is a word that happens to stand in both places


def make_again(cassette: Cassette, harness: AgentTestHarness) -> None:
    """Make the calls of a cassette in their order, through a harness that records them.

    Raises:
        NotRecordable: a call holds a secret's placeholder: only its test knows the secret.
        Unreachable: a call that was answered when it was recorded has no answer now.
    """
    renamed: dict[str, str] = {}
    for number, entry in enumerate(cassette.entries, start=1):
        tool, sent = _renamed_tool(entry.request_tool, renamed), _with(entry.request_input, renamed)
        if TOKEN.search(text_of({"tool": tool, "input": sent})):
            raise NotRecordable(
                f"{cassette.name}: entry {number}, {entry.request_tool}, needs a secret that the "
                "file does not hold: record it by its test"
            )
        answer = _answer(entry, tool, sent, harness)
        _note_names(entry.response_body, answer, renamed)


def _answer(entry: CassetteEntry, tool: str, sent: Any, harness: AgentTestHarness) -> Any:  # noqa: ANN401 - a JSON value
    method, _, path = tool.partition(" ")
    try:
        if method in METHODS and path.startswith("/"):
            parts = sent if isinstance(sent, dict) else {}
            return harness.request(
                method, path, query=parts.get("query"), body=parts.get("body")
            ).body
        return harness.execute(tool, sent).body
    except requests.RequestException as error:
        if entry.error is None:
            raise Unreachable(f"{entry.request_tool}: {error}") from error
        return None


def _renamed_tool(tool: str, renamed: dict[str, str]) -> str:
    return "/".join(renamed.get(part, part) for part in tool.split("/"))


def _with(value: Any, renamed: dict[str, str]) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, str):
        return renamed.get(value, value)
    if isinstance(value, list):
        return [_with(each, renamed) for each in value]
    if isinstance(value, dict):
        return {key: _with(each, renamed) for key, each in value.items()}
    return value


def _note_names(old: Any, new: Any, renamed: dict[str, str]) -> None:  # noqa: ANN401 - JSON values
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() & new.keys():
            _note_names(old[key], new[key], renamed)
    elif isinstance(old, list) and isinstance(new, list):
        for left, right in zip(old, new, strict=False):
            _note_names(left, right, renamed)
    elif isinstance(old, str) and isinstance(new, str) and old != new and len(old) >= SHORTEST_NAME:
        renamed.setdefault(old, new)
