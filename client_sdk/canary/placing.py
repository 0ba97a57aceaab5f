"""Where a caller stands: the same key always at the same place, so that weights only add keys."""

from __future__ import annotations

import threading
from hashlib import blake2b
from typing import Final

from client_sdk.canary.config import CanaryConfig
from client_sdk.contract.values import JsonValue

BITS: Final = 53  # what a double holds exactly
LONGEST_SALT: Final = 16


class Places:
    """Gives every caller a place between 0 and 1; below the weight stands the canary's share."""

    def __init__(self, config: CanaryConfig) -> None:
        names = f"{config.seed}\0{config.stable_agent_id}\0{config.canary_agent_id}"
        self._salt = blake2b(names.encode(), digest_size=LONGEST_SALT).digest()
        self._sticky = config.sticky_key
        self._lock = threading.Lock()
        self.calls = 0

    def key_of(self, tool: str, input_data: JsonValue) -> str | None:
        """Give the key that the configuration finds in a call, or None."""
        if self._sticky is None:
            return None
        if callable(self._sticky):
            return self._sticky(tool, input_data)
        found = input_data.get(self._sticky) if isinstance(input_data, dict) else None
        return None if found is None else str(found)

    def place(self, key: str | None) -> float:
        """Give the place of a key; without one, of this call alone."""
        if key is not None:  # a caller may be known by a number, whatever the annotation says
            return self._hashed(b"key", str(key))
        with self._lock:
            self.calls += 1
            number = self.calls
        return self._hashed(b"call", str(number))

    def _hashed(self, kind: bytes, text: str) -> float:
        content = text.encode("utf-8", "surrogatepass")
        digest = blake2b(content, digest_size=8, salt=self._salt, person=kind).digest()
        return (int.from_bytes(digest, "big") >> (64 - BITS)) / (1 << BITS)
