"""Plays a cassette: finds the entry of each call, and knows which were used."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from client_sdk.contract.values import JsonValue
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteExhausted, CassetteMismatch
from client_sdk.harness.matching import (
    Matcher,
    SecretPairs,
    mismatch_text,
    nearest,
    shown,
    without_secrets,
)
from client_sdk.harness.modes import Order

PLACEHOLDER: Final = "⟨secret:"
MOST_COMPARED: Final = 200  # entries that are looked through for the nearest one


@dataclass(frozen=True, slots=True)
class PlayRules:
    """How calls find their entries."""

    matcher: Matcher
    order: Order = Order.STRICT
    allow_repeats: bool = False


class Player:
    """One run through the entries of a cassette; safe between threads."""

    def __init__(self, name: str, entries: Sequence[CassetteEntry], rules: PlayRules) -> None:
        self._name = name
        self._entries = entries
        self._rules = rules
        key = rules.matcher.key
        self._keys = [key(entry.request_tool, entry.request_input) for entry in entries]
        self._with_secrets = dict.fromkeys(
            i for i, each in enumerate(self._keys) if PLACEHOLDER in each
        )
        self._by_key: dict[str, list[int]] = {}
        for index, each in enumerate(self._keys):
            if PLACEHOLDER not in each:
                self._by_key.setdefault(each, []).append(index)
        self._used = [False] * len(entries)
        self._position = 0
        self._calls = 0
        self._pairs = SecretPairs(rules.matcher.named_secrets)
        self._lock = threading.Lock()

    @property
    def unused(self) -> list[CassetteEntry]:
        """The entries that no call has used, in their order."""
        with self._lock:
            return [
                entry for entry, used in zip(self._entries, self._used, strict=True) if not used
            ]

    @property
    def position(self) -> int:
        """How many entries lie before the one that is expected next."""
        with self._lock:
            if self._rules.order is Order.STRICT:
                return self._position
            return len(self._entries)

    def find(self, tool: str, input_data: JsonValue) -> CassetteEntry | None:
        """Give the entry of a call and mark it used, or None when there is none."""
        with self._lock:
            self._calls += 1
            index = self._index(tool, input_data)
            if index is None:
                return None
            self._used[index] = True
            if self._rules.order is Order.STRICT:
                self._position = index + 1
            return self._entries[index]

    def next_by_order(self, tool: str) -> CassetteEntry:
        """Give the next entry, whatever tool was called: the guide's own rule.

        Raises:
            CassetteExhausted: there is none.
        """
        with self._lock:
            self._calls += 1
            if self._position >= len(self._entries):
                raise self._exhausted(tool)
            self._used[self._position] = True
            self._position += 1
            return self._entries[self._position - 1]

    def refusal(self, tool: str, input_data: JsonValue) -> CassetteMismatch:
        """Give the error of a call that has no entry, with the nearest one field by field."""
        with self._lock:
            strict = self._rules.order is Order.STRICT
            if all(self._used) or (strict and self._position >= len(self._entries)):
                return self._exhausted(tool)
            counted = self._rules.matcher.counted(input_data)
            if strict:
                entry: CassetteEntry | None = self._entries[self._position]
                expected = f"entry {self._position + 1} of {len(self._entries)} is expected"
            else:
                left = [
                    each for each, used in zip(self._entries, self._used, strict=True) if not used
                ]
                entry = nearest(left[:MOST_COMPARED], tool, counted, self._rules.matcher)
                expected = "no unused entry fits; the nearest is"
            return CassetteMismatch(self._message(tool, input_data, expected, entry))

    def _index(self, tool: str, input_data: JsonValue) -> int | None:
        if self._rules.order is Order.STRICT:
            return self._strict_index(tool, input_data)
        fitting = self._fitting(tool, input_data)
        unused = next((index for index in fitting if not self._used[index]), None)
        if unused is not None or not self._rules.allow_repeats:
            return unused
        return fitting[-1] if fitting else None

    def _strict_index(self, tool: str, input_data: JsonValue) -> int | None:
        here = self._position
        key = self._rules.matcher.key(tool, input_data)
        if here < len(self._entries) and self._fits(here, tool, input_data, key):
            return here
        repeats = self._rules.allow_repeats and here > 0
        return here - 1 if repeats and self._fits(here - 1, tool, input_data, key) else None

    def _fitting(self, tool: str, input_data: JsonValue) -> list[int]:
        """Give the entries that fit: those without secrets by their key, the few others each."""
        key = self._rules.matcher.key(tool, input_data)
        hidden = (i for i in self._with_secrets if not self._used[i] or self._rules.allow_repeats)
        found = next((i for i in hidden if self._fits(i, tool, input_data, key)), None)
        return self._by_key.get(key, []) if found is None else [*self._by_key.get(key, []), found]

    def _fits(self, index: int, tool: str, input_data: JsonValue, key: str) -> bool:
        matcher, entry = self._rules.matcher, self._entries[index]
        if entry.request_tool != tool:
            return False
        if index not in self._with_secrets:
            return self._keys[index] == key
        given = self._pairs.scrubbed(matcher.counted(input_data))
        counted = matcher.counted(entry.request_input)
        if matcher.loose_key(tool, given) != matcher.loose_key(tool, counted):
            return False
        return self._pairs.agree(given, counted)

    def _exhausted(self, tool: str) -> CassetteExhausted:
        return CassetteExhausted(
            f"cassette {self._name!r} is exhausted: {len(self._entries)} calls are recorded, and "
            f"call {self._calls} is {tool!r}; record it anew with mode 'rewrite' if that is right"
        )

    def _message(
        self, tool: str, input_data: JsonValue, expected: str, entry: CassetteEntry | None
    ) -> str:
        made = f"{tool}({shown(without_secrets(input_data))})"
        lines = [f"cassette {self._name!r}, call {self._calls}: {made} is not what was recorded"]
        if entry is not None:
            recorded = shown(without_secrets(entry.request_input))
            lines.append(f"  {expected}: {entry.request_tool}({recorded})")
            counted = self._rules.matcher.counted(input_data)
            differences = mismatch_text(entry, tool, counted, self._rules.matcher)
            lines += [f"  {line}" for line in differences]
        lines.append("  record it anew with mode 'rewrite' if the call is right")
        return "\n".join(lines)
