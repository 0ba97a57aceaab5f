"""What the kernel publishes as data: the schema of contract files, and digest test vectors."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import cast

from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.values import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class DigestVector:
    """One vector: the bytes as received, their canonical form, and the digest of the contract."""

    name: str
    received: str
    canonical: str
    digest: str


def contract_file_schema() -> JsonObject:
    """Give the JSON Schema (2020-12) of contract files, for editors.

    It knows the form of a file. Names, patterns, references and examples are judged by `lint`.
    """
    return cast("JsonObject", _read("contract.schema.json"))


def digest_vectors() -> tuple[DigestVector, ...]:
    """Give the vectors that every implementation of the digest must reproduce."""
    data = cast("dict[str, list[dict[str, str]]]", _read("vectors/digests.json"))
    return tuple(DigestVector(**vector) for vector in data["vectors"])


def _read(name: str) -> JsonValue:
    return parse_untrusted(files("client_sdk.contract").joinpath(name).read_bytes())
