"""The dialects of JSON Schema that a contract may be written in."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Dialect(StrEnum):
    """A version of JSON Schema; members are in the order of their age."""

    DRAFT4 = "draft4"
    DRAFT6 = "draft6"
    DRAFT7 = "draft7"
    D2019 = "2019-09"
    D2020 = "2020-12"

    @property
    def meta_schema_uri(self) -> str:
        """The URI that names this dialect in `$schema`."""
        return _URIS[self]


DEFAULT_DIALECT: Final = Dialect.D2020

_URIS: Final = {
    Dialect.DRAFT4: "http://json-schema.org/draft-04/schema#",
    Dialect.DRAFT6: "http://json-schema.org/draft-06/schema#",
    Dialect.DRAFT7: "http://json-schema.org/draft-07/schema#",
    Dialect.D2019: "https://json-schema.org/draft/2019-09/schema",
    Dialect.D2020: "https://json-schema.org/draft/2020-12/schema",
}


def dialect_from_uri(text: str) -> Dialect | None:
    """Find the dialect that a meta-schema's URI or a dialect's own name means, or None.

    The empty fragment is optional, and http and https mean the same.
    """
    return _BY_NAME.get(_without_scheme(text))


def _without_scheme(uri: str) -> str:
    return uri.removesuffix("#").removeprefix("https://").removeprefix("http://")


_BY_NAME: Final = {_without_scheme(uri): dialect for dialect, uri in _URIS.items()} | {
    dialect.value: dialect for dialect in Dialect
}
