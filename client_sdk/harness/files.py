"""Cassettes as files: read with patience, written whole, for the owner only, one at a time."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from client_sdk.contract.document import dumps, parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.values import JsonObject, JsonValue, Limits, is_number
from client_sdk.harness.encoding import file_value, holds_floats, value_from_file, with_floats
from client_sdk.harness.entry import NO_STATUS, CassetteEntry, error_for_file, error_from_file
from client_sdk.harness.errors import CassetteError, CassetteInvalid

FORMAT_VERSION: Final = 2
GUIDE_FORMAT: Final = 1  # a file without `format_version`: the guide's own, with no typed values
# An answer may be 64 levels deep, and stands some levels deep in the file.
LIMITS: Final = Limits(max_bytes=64 * 1024 * 1024, max_depth=80, max_values=5_000_000)
FLOATS: Final = "float"  # what a client in this process answers; over HTTP they are Decimals
OWNER_ONLY: Final = 0o600


def document_from_entries(
    name: str, entries: list[CassetteEntry], metadata: JsonObject
) -> JsonObject:
    """Give the document of a cassette, ready to be written."""
    return {
        "entries": [_entry_for_file(entry) for entry in entries],
        "format_version": FORMAT_VERSION,
        "metadata": file_value(metadata, "metadata"),
        "name": name,
    }


def text_of(document: JsonObject) -> str:
    """Write a document so that a review shows what changed: sorted, one member a line."""
    return dumps(_sorted(document), indent=2) + "\n"


def readable_text_of(document: JsonObject, name: str) -> str:
    """Write a document that can be read again.

    Raises:
        CassetteError: it is too large, too deep or holds too long a number.
    """
    text = text_of(document)
    try:
        parse_untrusted(text.encode("utf-8"), limits=LIMITS)
    except (ContractError, UnicodeEncodeError) as error:
        raise CassetteError(
            f"cassette {name!r} was not saved, for nobody could read it again: {error}"
        ) from error
    return text


def read_document(path: Path) -> JsonObject:
    """Read the JSON object in a file.

    Raises:
        FileNotFoundError: there is no such file.
        CassetteInvalid: it is no strict JSON object.
    """
    try:
        document = parse_untrusted(path.read_bytes(), limits=LIMITS)
    except ContractError as error:
        raise CassetteInvalid(f"{path} is no cassette: {error}") from error
    except IsADirectoryError as error:
        raise CassetteInvalid(f"{path} is a folder, and a cassette is a file") from error
    if not isinstance(document, dict):
        raise CassetteInvalid(f"{path} is no cassette: it holds no JSON object")
    return document


def version_of(document: JsonObject, source: str) -> int:
    """Give the format of a document.

    Raises:
        CassetteInvalid: it is of a later format than this version knows, or of none.
    """
    version = document.get("format_version", GUIDE_FORMAT)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise CassetteInvalid(f"{source}: format_version is a whole number, not {version!r}")
    if version > FORMAT_VERSION:
        raise CassetteInvalid(
            f"{source} has the format {version}, and this version knows up to {FORMAT_VERSION}: "
            "upgrade tallystick"
        )
    return version


def entries_from_document(document: JsonObject, source: str) -> list[CassetteEntry]:
    """Read the entries; members that are not known are passed over, optional ones may be missing.

    Raises:
        CassetteInvalid: an entry lacks what playback needs; the message names it.
    """
    typed = version_of(document, source) > GUIDE_FORMAT
    entries = document.get("entries")
    if not isinstance(entries, list):
        raise CassetteInvalid(f"{source} is no cassette: it has no list of entries")
    return [
        _entry_from_file(entry, f"{source}: entry {number}", typed=typed)
        for number, entry in enumerate(entries, start=1)
    ]


def fingerprint_of(path: Path) -> str | None:
    """Give the digest of what stands in a file, or None when there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def write_whole(path: Path, text: str) -> None:
    """Put the text into the file at once, readable by its owner only; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:50]}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).chmod(OWNER_ONLY)
        Path(partial).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(partial).unlink()
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes from writing the same cassette meanwhile.

    Raises:
        CassetteError: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f".{path.name}.lock")
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY)
    except FileExistsError:
        raise CassetteError(
            f"{path} is being written by another process: give each test its own cassette "
            f"(or delete {lock.name} if that process is gone)"
        ) from None
    try:
        os.close(handle)
        yield
    finally:
        lock.unlink(missing_ok=True)


def _entry_for_file(entry: CassetteEntry) -> JsonObject:
    written: JsonObject = {
        "latency_ms": entry.latency_ms,
        "request_input": entry.request_input,
        "request_tool": entry.request_tool,
        "response_body": file_value(entry.response_body),
        "response_headers": dict(entry.response_headers),
        "response_status": entry.response_status,
        "timestamp": entry.timestamp,
    }
    if holds_floats(entry.response_body):
        written["response_numbers"] = FLOATS
    if entry.response_fault is not None:
        written["response_fault"] = entry.response_fault
    if entry.error is not None:
        written["error"] = error_for_file(entry.error)
    return written


def _entry_from_file(value: JsonValue, place: str, *, typed: bool) -> CassetteEntry:
    if not isinstance(value, dict) or not isinstance(value.get("request_tool"), str):
        raise CassetteInvalid(f"{place} has no request_tool: record the cassette anew")
    error = value.get("error")
    status = value.get("response_status", NO_STATUS if error else None)
    if not isinstance(status, int) or isinstance(status, bool):
        raise CassetteInvalid(f"{place} has no response_status: record the cassette anew")
    body, fault = value.get("response_body"), value.get("response_fault")
    headers = value.get("response_headers")
    return CassetteEntry(
        str(value["request_tool"]),
        value.get("request_input", {}),
        status,
        _body(value, place) if typed else body,
        {key: str(each) for key, each in headers.items()} if isinstance(headers, dict) else {},
        _float(value.get("timestamp")),
        _float(value.get("latency_ms")),
        response_fault=fault if isinstance(fault, str) else None,
        error=error_from_file(error) if isinstance(error, dict) else None,
    )


def _body(entry: JsonObject, place: str) -> Any:  # noqa: ANN401 - any answer
    try:
        body = value_from_file(entry.get("response_body"))
        return with_floats(body) if entry.get("response_numbers") == FLOATS else body
    except ValueError as error:
        raise CassetteInvalid(f"{place} has a body that cannot be read: {error}") from error


def _float(value: JsonValue) -> float:
    return float(value) if is_number(value) else 0.0


def _sorted(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(each) for each in value]
    return value
