"""Credentials out, stable placeholders in: the same secret becomes the same placeholder.

A credential is known by the name it goes under, by the prefix its issuer gave it, by looking
random, or because the caller named it. Better one harmless value hidden than one secret shown.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2
from typing import Final

from client_sdk.contract.values import JsonValue

SECRET_NAMES: Final = re.compile(
    r"authorization|cookie|passw|secret|token|apikey|accesskey|privatekey|credential|signature"
    r"|^auth$|^pwd$|^pin$|^session(id)?$"
)
# What a name like "token" is also used for, and what is no credential then.
HARMLESS_NAMES: Final = re.compile(
    r"^(max|min|num|total|prompt|completion|input|output|page|next|cached)tokens?$"
    r"|tokens?(count|limit|type|used|usage)$|^tokens$"
)
KNOWN_SECRETS: Final = re.compile(
    r"\b(?:sk|pk|rk)[_-](?:live|test|proj|ant)?[_-]?[A-Za-z0-9_-]{16,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}"
    r"|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{30,}"
    r"|\bwhsec_[A-Za-z0-9+/=]{16,}|\b(?:npm|pypi|hf|tally|dop_v1|shpat|SG)[_.-][A-Za-z0-9_.-]{20,}"
    r"|\beyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?"
)
SCHEMES: Final = re.compile(
    r"\b(Bearer|Basic|Digest|Negotiate|ApiKey)\s+([^\s,;\"']{4,})", re.IGNORECASE
)
QUERY_PARAMETERS: Final = re.compile(r"([?&;]([A-Za-z0-9_.%-]{1,60})=)([^&#\s\"']+)")
USER_INFO: Final = re.compile(r"(://)([^/\s@:]{1,200}:[^/\s@]{1,200})(@)")
RANDOM_LOOKING: Final = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
LEAST_ENTROPY: Final = 4.2  # bits per character; hexadecimal digits have at most 4
SHORTEST_SECRET: Final = 4  # a shorter one named by the caller would eat ordinary text


class Scrubber:
    """Replaces credentials in values, texts and header fields; one numbering per scrubber.

    Example:
        >>> scrubber = Scrubber(["hunter22"])
        >>> scrubber.scrub({"api_key": "abc", "note": "use hunter22"})
        {'api_key': '⟨secret:1⟩', 'note': 'use ⟨secret:2⟩'}
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        self._named = sorted(known, key=len, reverse=True)
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    @classmethod
    def default(cls) -> Scrubber:
        """Give a scrubber that knows no secret beforehand."""
        return cls()

    def scrub(self, value: JsonValue, *, name: str = "") -> JsonValue:
        """Give the value without credentials; `name` is the member it stands under."""
        if name and is_secret_name(name) and value is not None and not isinstance(value, bool):
            return self._hidden_under_name(value)
        if isinstance(value, str):
            return self.scrub_text(value)
        if isinstance(value, list):
            return [self.scrub(item, name=name) for item in value]
        if isinstance(value, dict):
            return {
                self.scrub_text(key): self.scrub(member, name=key) for key, member in value.items()
            }
        return value

    def scrub_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Give the header fields without credentials; a scheme such as `Bearer` stays."""
        return {name: self._header(name, value) for name, value in headers.items()}

    def scrub_text(self, text: str) -> str:
        """Give a text without the credentials that can be recognised in it."""
        for secret in self._named:
            if secret in text:
                text = text.replace(secret, self.placeholder(secret))
        text = SCHEMES.sub(lambda found: f"{found[1]} {self.placeholder(found[2])}", text)
        text = USER_INFO.sub(lambda found: f"://{self.placeholder(found[2])}@", text)
        text = QUERY_PARAMETERS.sub(self._parameter, text)
        text = KNOWN_SECRETS.sub(lambda found: self.placeholder(found[0]), text)
        return RANDOM_LOOKING.sub(self._if_random, text)

    def placeholder(self, secret: str) -> str:
        """Give the placeholder of a secret; one that is a placeholder already stays itself."""
        if secret.startswith("⟨secret:"):
            return secret
        with self._lock:
            number = self._numbers.setdefault(secret, len(self._numbers) + 1)
        return f"⟨secret:{number}⟩"

    def _hidden_under_name(self, value: JsonValue) -> JsonValue:
        if isinstance(value, list):
            return [self._hidden_under_name(item) for item in value]
        if isinstance(value, dict):
            return {key: self._hidden_under_name(member) for key, member in value.items()}
        return self.placeholder(str(value))

    def _header(self, name: str, value: str) -> str:
        if not is_secret_name(name):
            return self.scrub_text(value)
        scheme = SCHEMES.fullmatch(value)
        if scheme is not None:
            return f"{scheme[1]} {self.placeholder(scheme[2])}"
        return self.placeholder(value)

    def _parameter(self, found: re.Match[str]) -> str:
        return found[1] + self.placeholder(found[3]) if is_secret_name(found[2]) else found[0]

    def _if_random(self, found: re.Match[str]) -> str:
        return self.placeholder(found[0]) if looks_random(found[0]) else found[0]


def is_secret_name(name: str) -> bool:
    """Say whether a member, header or parameter of this name holds a credential."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return SECRET_NAMES.search(plain) is not None and HARMLESS_NAMES.search(plain) is None


def looks_random(text: str) -> bool:
    """Say whether a word has the look of a generated key: mixed, and little repetition."""
    kinds = sum(
        any(test(char) for char in text) for test in (str.isdigit, str.islower, str.isupper)
    )
    counts = Counter(text)
    entropy = -sum(n / len(text) * log2(n / len(text)) for n in counts.values())
    return kinds == 3 and entropy >= LEAST_ENTROPY  # noqa: PLR2004 - digits, small and capital
