"""Where a controller keeps itself, so that one that crashed goes on where it was."""

from __future__ import annotations

import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from client_sdk.contract.document import Limits, dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.errors import SettingsFault

LIMITS: Final = Limits(max_bytes=256 * 1024 * 1024, max_values=20_000_000)


class Store(Protocol):
    """Keeps one JSON object."""

    def load(self) -> JsonObject | None:
        """Give what was saved last, or None."""
        ...

    def save(self, state: JsonObject) -> None:
        """Keep the state in place of the one before."""
        ...


class FileStore:
    """A JSON file that only its owner reads, replaced whole: a crash leaves the old or the new."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def load(self) -> JsonObject | None:
        """Give what was saved last, or None when there is no file.

        Raises:
            SettingsFault: the file cannot be read, or is not what a controller writes.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SettingsFault(f"{self.path} cannot be read: {error.strerror}") from error
        try:
            state = parse_untrusted(content, limits=LIMITS)
        except ContractError as error:
            raise SettingsFault(f"{self.path} is no saved canary: {error}") from error
        if not isinstance(state, dict):
            raise SettingsFault(f"{self.path} is no saved canary: it holds no JSON object")
        return {name: _as_saved(value) for name, value in state.items()}

    def save(self, state: JsonObject) -> None:
        """Write the file beside the old one and put it in its place."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=self.path.name, dir=self.path.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(dumps(state))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise


def store_of(given: Store | str | Path | None) -> Store | None:
    """Give the store that is meant; a path means a file."""
    return FileStore(given) if isinstance(given, str | Path) else given


def _as_saved(value: JsonValue) -> JsonValue:
    """Measurements were written as doubles and are read back as such; nothing here is money."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_as_saved(item) for item in value]
    if isinstance(value, dict):
        return {name: _as_saved(member) for name, member in value.items()}
    return value
