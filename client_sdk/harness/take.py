"""One run of a test with a cassette: what it plays, what it records, and what is saved of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from client_sdk.contract.values import JsonValue
from client_sdk.exchange import Result, Scrubber
from client_sdk.harness import files
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteError, NoCassette
from client_sdk.harness.hygiene import (
    check_no_secret,
    highest_token,
    renumbered,
    scrubbed_entry,
)
from client_sdk.harness.modes import Mode
from client_sdk.harness.player import Player

if TYPE_CHECKING:
    from client_sdk.harness.comparing import CassetteDiff

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lived:
    """What a call for real came to: its record, and the answer or the error for the caller."""

    entry: CassetteEntry
    result: Result | None = None
    raised: Exception | None = None

    def given(self) -> Result:
        """Give the answer, or raise the error, as the client gave or raised it."""
        if self.raised is not None:
            raise self.raised
        if self.result is None:
            raise NoCassette("a call came to neither an answer nor an error")
        return self.result


@dataclass(frozen=True, slots=True)
class Call:
    """One call under way: its tool, its input on the wire, and how to make it for real."""

    tool: str
    input: JsonValue
    live: Callable[[], Lived]


@dataclass(frozen=True, slots=True)
class Saving:
    """Where a recording goes and what is taken out of it first."""

    path: Path
    scrubber: Scrubber | None
    named_secrets: tuple[str, ...] = ()
    found: str | None = None
    """The digest of the file when the run began, or None when there was none."""


@dataclass
class Take:
    """A running cassette; `mode` is what it really does: `once` has become play or record."""

    cassette: Cassette
    mode: Mode
    player: Player | None = None
    saving: Saving | None = None
    complaints: list[Exception] = field(default_factory=list)
    """What went wrong while it played, also when the test swallowed it."""
    _slots: list[tuple[int, CassetteEntry | None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def records(self) -> bool:
        """Whether calls are kept."""
        return self.saving is not None

    def record(self, call: Call) -> Lived:
        """Make the call and keep what it came to, in the order in which calls began."""
        position = self.player.position if self.player else 0
        with self._lock:
            slot = len(self._slots)
            self._slots.append((position, None))
        if self.player and self.mode is Mode.ALL:
            self.player.find(call.tool, call.input)  # its old entry is replaced
        lived = call.live()
        with self._lock:
            self._slots[slot] = (position, lived.entry)
        return lived

    def save(self) -> CassetteDiff | None:
        """Write what was recorded, without secrets; give what changed in a file that was there.

        Raises:
            NotRecordable: something still looks like a secret; nothing was written.
            CassetteError: another process wrote the file meanwhile, or nobody could read it again;
                nothing was written.
        """
        saving = self.saving
        if saving is None:
            return None
        saved = Cassette(self.cassette.name, self._entries(saving), self.cassette.metadata)
        document = saved.document()
        check_no_secret(document, saving.named_secrets)
        with files.locked(saving.path):
            if files.fingerprint_of(saving.path) != saving.found:
                raise CassetteError(
                    f"{saving.path} was written by somebody else while it was recorded: give each "
                    "test its own cassette"
                )
            changed = self._changed(saving, saved)
            files.write_whole(saving.path, files.readable_text_of(document, saved.name))
        return changed

    def _changed(self, saving: Saving, saved: Cassette) -> CassetteDiff | None:
        if saving.found is None:
            return None
        changed = Cassette.load(saving.path).diff(saved)
        for line in changed.lines():
            LOG.warning("cassette %r: %s", saved.name, line)
        return changed

    def _entries(self, saving: Saving) -> list[CassetteEntry]:
        kept = self._kept()
        recorded = [(place, entry) for place, entry in self._slots if entry is not None]
        fresh = [entry for _, entry in recorded]
        if saving.scrubber is not None:
            fresh = [scrubbed_entry(entry, saving.scrubber) for entry in fresh]
        fresh = renumbered(fresh, after=highest_token(kept))
        if self.mode is Mode.NEW_EPISODES:
            return _inserted(kept, [place for place, _ in recorded], fresh)
        return [*fresh, *kept]

    def _kept(self) -> list[CassetteEntry]:
        """Give the old entries that stay: all, those that were not called anew, or none."""
        if self.mode is Mode.NEW_EPISODES:
            return self.cassette.entries
        if self.mode is Mode.ALL and self.player is not None:
            return self.player.unused
        return []


def _inserted(
    kept: list[CassetteEntry], places: list[int], fresh: list[CassetteEntry]
) -> list[CassetteEntry]:
    """Put new entries where they were called, so that the order can be played again."""
    merged = list(kept)
    for place, entry in reversed(list(zip(places, fresh, strict=True))):
        merged.insert(place, entry)
    return merged
