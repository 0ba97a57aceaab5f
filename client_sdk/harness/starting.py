"""How a cassette begins: which file, how old it may be, and what its mode comes to."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from client_sdk.clock import Clock, timestamp_of
from client_sdk.contract.values import JsonValue, is_number
from client_sdk.exchange import Scrubber
from client_sdk.harness import files
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.errors import CassetteExpired, CassetteExpiredWarning
from client_sdk.harness.modes import Mode, OnExpired, Order
from client_sdk.harness.names import cassette_file
from client_sdk.harness.player import Player, PlayRules
from client_sdk.harness.take import Saving, Take

LOG: Final = logging.getLogger(__name__)
CLOCK_SKEW: Final = 86_400  # seconds that the clocks of two machines may differ


@dataclass(frozen=True, slots=True)
class Expiry:
    """How many seconds old a recording may be (None: any age), and what happens to an older one."""

    max_age: float | None
    on_expired: OnExpired
    clock: Clock

    def is_over(self, cassette: Cassette) -> bool:
        """Say whether a recording is too old; one of unknown age, or of the future, is."""
        if self.max_age is None:
            return False
        recorded = recorded_at(cassette)
        age = None if recorded is None else self.clock.time() - recorded
        return age is None or not -CLOCK_SKEW <= age <= self.max_age


@dataclass(frozen=True, slots=True)
class Starting:
    """Everything a harness knows about its cassettes before the first call."""

    folder: Path
    rules: PlayRules
    expiry: Expiry
    metadata: Mapping[str, JsonValue]
    scrubber: Scrubber | None
    named_secrets: tuple[str, ...] = ()
    overwrite: bool = False

    def take(self, chosen: str | Cassette, mode: Mode) -> Take:
        """Begin with a cassette by its name, or with one that is in memory and only plays.

        Raises:
            FileNotFoundError: there is nothing to play; the message names file and remedy.
            FileExistsError: there is a recording, which `record` does not replace.
            ValueError: the name cannot be a file's, or a cassette in memory is to be recorded.
            CassetteInvalid: the file is no cassette.
            CassetteExpired: it is too old and that is an error.
        """
        if isinstance(chosen, Cassette):
            if mode not in {Mode.PLAYBACK, Mode.ONCE}:
                raise ValueError(f"a cassette in memory only plays; in mode {mode!r} give its name")
            return self._playing(chosen, None)
        path = cassette_file(self.folder, chosen)
        exists = path.is_file()
        match mode:
            case Mode.RECORD if exists and not self.overwrite:
                raise FileExistsError(
                    f"{path} is recorded already: mode 'rewrite' (TEST_MODE=rewrite) replaces it"
                )
            case Mode.PLAYBACK if not exists:
                raise FileNotFoundError(
                    f"there is no cassette {path}: record it with mode 'record' (TEST_MODE=record)"
                )
            case Mode.PLAYBACK:
                return self._playing(Cassette.load(path), path)
            case Mode.ONCE if exists:
                return self._playing(Cassette.load(path), path)
            case Mode.NEW_EPISODES | Mode.ALL if exists:
                return self._continuing(Cassette.load(path), path, mode)
            case _:
                real = Mode.REWRITE if mode is Mode.REWRITE else Mode.RECORD
                return self._recording(chosen, path, real)

    def _playing(self, cassette: Cassette, path: Path | None) -> Take:
        if self.expiry.is_over(cassette) and self._on_expired(cassette) and path is not None:
            return self._recording(cassette.name, path, Mode.REWRITE)
        return Take(cassette, Mode.PLAYBACK, Player(cassette.name, cassette.entries, self.rules))

    def _continuing(self, cassette: Cassette, path: Path, mode: Mode) -> Take:
        rules = replace(self.rules, order=Order.ANY) if mode is Mode.ALL else self.rules
        if mode is Mode.ALL:
            cassette.metadata = dict(self._fresh_metadata())
        elif self.expiry.is_over(cassette) and self._on_expired(cassette):
            return self._recording(cassette.name, path, Mode.REWRITE)
        player = Player(cassette.name, cassette.entries, rules)
        return Take(cassette, mode, player, self._saving(path))

    def _recording(self, name: str, path: Path, mode: Mode) -> Take:
        cassette = Cassette(name, [], self._fresh_metadata())
        return Take(cassette, mode, None, self._saving(path))

    def _saving(self, path: Path) -> Saving:
        return Saving(path, self.scrubber, self.named_secrets, files.fingerprint_of(path))

    def _fresh_metadata(self) -> dict[str, JsonValue]:
        return {**self.metadata, "recorded_at": timestamp_of(self.expiry.clock)}

    def _on_expired(self, cassette: Cassette) -> bool:
        """Say whether the cassette is to be recorded anew."""
        sentence = (
            f"cassette {cassette.name!r} is older than {self.expiry.max_age:g} s, or does not say "
            "how old it is: record it anew with mode 'rewrite'"
        )
        if self.expiry.on_expired is OnExpired.ERROR:
            raise CassetteExpired(sentence)
        if self.expiry.on_expired is OnExpired.WARN:
            warnings.warn(sentence, CassetteExpiredWarning, stacklevel=2)
            LOG.warning("%s", sentence)
        return self.expiry.on_expired is OnExpired.RECORD


def recorded_at(cassette: Cassette) -> float | None:
    """Give when a cassette was recorded, in seconds since the epoch, or None if it does not say.

    Its metadata say it, else its newest entry does: an entry that nobody calls any more must not
    keep a cassette old for ever.
    """
    stamp = cassette.metadata.get("recorded_at")
    if is_number(stamp):
        return float(stamp)
    if isinstance(stamp, str):
        try:
            moment = datetime.fromisoformat(stamp)
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return max((entry.timestamp for entry in cassette.entries), default=0.0) or None
