"""What must not stand in a cassette: credentials, and anything that came from production."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from client_sdk.contract.pointer import join
from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Scrubber
from client_sdk.exchange.scrubber import is_secret_name
from client_sdk.harness.encoding import BYTES, copied
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import NotRecordable

TOKEN: Final = re.compile(r"⟨secret:([0-9]+)⟩")
SHOWN_PLACES: Final = 5
DUMMY_KEY: Final = "test-key"
SHORTEST_KEY: Final = 8  # a shorter one would hide ordinary words of the cassette
SEPARATORS: Final = re.compile(r"[^a-z0-9]+")
PRODUCTION_WORDS: Final = frozenset({"live", "prod", "production", "prd"})
PUBLIC_WORDS: Final = frozenset({"api", "gateway", "www"})
SAFE_WORDS: Final = frozenset(
    {"sandbox", "staging", "stage", "stg", "test", "testing", "tests", "dev", "develop", "qa",
     "uat", "preprod", "ci", "demo", "mock", "local", "localhost", "preview", "example",
     "invalid", "internal"}
)  # fmt: skip


def scrubbed_entry(entry: CassetteEntry, scrubber: Scrubber) -> CassetteEntry:
    """Give the entry without credentials; the entry itself stays as it is."""
    error = entry.error
    return replace(
        entry,
        request_input=scrubber.scrub(entry.request_input),
        response_body=scrubber.scrub(copied(entry.response_body)),
        response_headers=scrubber.scrub_headers(entry.response_headers),
        error=error and replace(error, message=scrubber.scrub_text(error.message)),
    )


def renumbered(entries: Sequence[CassetteEntry], *, after: int = 0) -> list[CassetteEntry]:
    """Number the placeholders in the order in which they stand, so that a review diff is small."""
    numbers: dict[str, str] = {}

    def token(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"⟨secret:{after + len(numbers) + 1}⟩")

    return [_with_tokens(entry, token) for entry in entries]


def highest_token(entries: Sequence[CassetteEntry]) -> int:
    """Give the highest number that a placeholder in these entries has, or 0."""
    texts = (text for entry in entries for _, text in _texts(_parts(entry), ""))
    return max((int(found[1]) for text in texts for found in TOKEN.finditer(text)), default=0)


def secrets_left(value: JsonValue, named: Sequence[str] = ()) -> list[str]:
    """Give the JSON Pointers at which something still looks like a credential."""
    scanner = Scrubber(named)
    return sorted(set(_suspects(value, "", scanner)))


def check_no_secret(value: JsonObject, named: Sequence[str] = ()) -> None:
    """Make sure that nothing in a cassette looks like a credential.

    Raises:
        NotRecordable: something does; the message says where, never what.
    """
    places = secrets_left(value, named)
    if places:
        more = len(places) - SHOWN_PLACES
        shown = ", ".join(places[:SHOWN_PLACES]) + (f" and {more} more" if more > 0 else "")
        raise NotRecordable(
            f"the cassette was not saved: at {shown} stands what looks like a secret; name it in "
            "scrub=Scrubber([...]), or take it out of what the test sends"
        )


def secrets_of(api_key: str | None) -> tuple[str, ...]:
    """Give what must be hidden of a key: nothing of the dummy one."""
    if not api_key or api_key == DUMMY_KEY or len(api_key) < SHORTEST_KEY:
        return ()
    return (api_key,)


def check_recordable(
    api_key: str | None, base_url: str | None, trusted: Sequence[str] = ()
) -> None:
    """Make sure that neither the key nor the host looks like production.

    Raises:
        NotRecordable: one does; the message says which, and never shows the key.
    """
    if api_key and PRODUCTION_WORDS & _words(api_key):
        raise NotRecordable(
            "the API key looks like one of production: record with a key of the sandbox"
        )
    host = (urlsplit(base_url).hostname or "") if base_url else ""
    if host and host not in trusted and _is_production_host(host):
        raise NotRecordable(
            f"{host} looks like production: record against a sandbox, "
            f"or vouch for it with trusted_hosts=[{host!r}]"
        )


def _is_production_host(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        words = _words(host)
    if PRODUCTION_WORDS & words:
        return True
    return "." in host and bool(PUBLIC_WORDS & words) and not SAFE_WORDS & words


def _words(text: str) -> set[str]:
    return {word.rstrip("0123456789") for word in SEPARATORS.split(text.lower())}


def _with_tokens(entry: CassetteEntry, token: Any) -> CassetteEntry:  # noqa: ANN401 - a re callback
    """Walk in the order of the file, where members are sorted."""
    parts = _parts(entry)
    renamed = {name: _renamed(parts[name], token) for name in sorted(parts)}
    error = entry.error
    return replace(
        entry,
        request_input=renamed["request_input"],
        response_body=renamed["response_body"],
        response_headers=renamed["response_headers"],
        error=error and replace(error, message=renamed["error"]),
    )


def _renamed(value: Any, token: Any) -> Any:  # noqa: ANN401 - any answer
    if isinstance(value, str):
        return TOKEN.sub(token, value)
    if isinstance(value, list):
        return [_renamed(each, token) for each in value]
    if isinstance(value, dict):
        return {TOKEN.sub(token, key): _renamed(value[key], token) for key in sorted(value)}
    return value


def _parts(entry: CassetteEntry) -> dict[str, Any]:
    return {
        "error": entry.error.message if entry.error else "",
        "request_input": entry.request_input,
        "response_body": entry.response_body,
        "response_headers": entry.response_headers,
    }


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any answer
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ((pointer, key), *_texts(each, join(pointer, key)))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, join(pointer, index))


def _suspects(value: JsonValue, pointer: str, scanner: Scrubber) -> Iterator[str]:
    """Give the places at which a scrubber would still change something."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key != BYTES:  # base64 looks random by nature
                yield from _member_suspects(key, each, join(pointer, key), scanner)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _suspects(each, join(pointer, index), scanner)
    elif isinstance(value, str) and scanner.scrub_text(value) != value:
        yield pointer


def _member_suspects(key: str, value: JsonValue, place: str, scanner: Scrubber) -> Iterator[str]:
    is_hidden = isinstance(value, str) and TOKEN.search(value) is not None
    if scanner.scrub_text(key) != key:
        yield place
    if is_secret_name(key) and not is_hidden and scanner.scrub(value, name=key) != value:
        yield place
    yield from _suspects(value, place, scanner)
