"""A cassette: recorded calls under a name, as a value and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from client_sdk.contract.values import JsonObject, JsonValue
from client_sdk.exchange import Scrubber
from client_sdk.harness import files
from client_sdk.harness.contracts import contracts_in
from client_sdk.harness.entry import CassetteEntry
from client_sdk.harness.errors import CassetteInvalid
from client_sdk.harness.har import entries_from_har, har_from_entries
from client_sdk.harness.hygiene import check_no_secret, renumbered, scrubbed_entry
from client_sdk.harness.vcr_files import entries_from_vcr
from client_sdk.harness.wire_records import document_from

if TYPE_CHECKING:
    from client_sdk.harness.checking import CassetteCheck
    from client_sdk.harness.comparing import CassetteDiff
    from client_sdk.harness.contracts import OneContract
    from client_sdk.harness.reads import FieldReads


@dataclass
class Cassette:
    """Recorded calls in their order; `metadata` says who recorded them, where and when.

    Example:
        >>> cassette = Cassette("empty")
        >>> cassette.entries.append(CassetteEntry("ping", {}, 200, {"ok": True}))
        >>> len(cassette.entries)
        1
    """

    name: str
    entries: list[CassetteEntry] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)

    def save(self, path: str | Path) -> None:
        """Write the file whole, readable by its owner only; folders are made.

        Raises:
            NotRecordable: something in it still looks like a secret; nothing was written.
            CassetteError: nobody could read it again; nothing was written.
        """
        document = self.document()
        check_no_secret(document)
        files.write_whole(Path(path), files.readable_text_of(document, self.name))

    @classmethod
    def load(cls, path: str | Path) -> Cassette:
        """Read a file of this format or the guide's; what is not known in it is passed over.

        Raises:
            FileNotFoundError: there is no such file.
            CassetteInvalid: it is no cassette, or one of a later format.
        """
        place = Path(path)
        document = files.read_document(place)
        entries = files.entries_from_document(document, str(place))
        name, metadata = document.get("name", place.stem), document.get("metadata")
        if not isinstance(name, str):
            raise CassetteInvalid(f"{place}: the name is text, not {name!r}")
        return cls(name, entries, metadata if isinstance(metadata, dict) else {})

    @classmethod
    def upgrade(cls, path: str | Path) -> bool:
        """Write a file anew in the current format, without secrets; say whether it changed.

        Raises:
            FileNotFoundError: there is no such file.
            CassetteInvalid: it is no cassette, or one of a later format.
            NotRecordable: something in it still looks like a secret; nothing was written.
        """
        place = Path(path)
        before = place.read_bytes()
        cls.load(place).scrubbed(Scrubber()).save(place)
        return place.read_bytes() != before

    def scrubbed(self, scrubber: Scrubber) -> Cassette:
        """Give a copy without credentials, its placeholders numbered in order."""
        entries = renumbered([scrubbed_entry(entry, scrubber) for entry in self.entries])
        metadata = scrubber.scrub(self.metadata)
        return Cassette(self.name, entries, metadata if isinstance(metadata, dict) else {})

    def document(self) -> JsonObject:
        """Give the JSON document that `save` writes."""
        return files.document_from_entries(self.name, self.entries, self.metadata)

    def diff(self, other: Cassette) -> CassetteDiff:
        """Say what changed from this recording to another one."""
        from client_sdk.harness.comparing import diff_of  # noqa: PLC0415 - deepdiff loads slowly

        return diff_of(self, other)

    def verify(self, contracts: OneContract | Iterable[OneContract]) -> CassetteCheck:
        """Check every recorded exchange against the contracts of today.

        Args:
            contracts: Contracts, their documents, files or folders.
        """
        from client_sdk.harness.checking import check_cassette  # noqa: PLC0415 - it needs this class

        return check_cassette(self, contracts_in(contracts))

    def infer_contract(
        self,
        consumer: str,
        producer: str,
        *,
        reads: Mapping[str, FieldReads] | None = None,
        version: str = "1.0",
    ) -> JsonObject:
        """Give the document of the smallest contract that these calls need.

        Args:
            consumer: Who calls.
            producer: Who answers.
            reads: What is read of each tool's answers (`harness.reads`, `ablate(...).reads`);
                None counts every recorded field as read.
            version: The version of each tool's interface.

        Raises:
            CassetteInvalid: nothing was recorded.
        """
        from client_sdk.harness.inference import contract_document  # noqa: PLC0415 - it needs this class

        return contract_document(
            [self], consumer=consumer, producer=producer, reads=reads, version=version
        )

    def to_har(self) -> JsonObject:
        """Give the cassette as an HTTP archive (HAR 1.2)."""
        return har_from_entries(self.entries, self.metadata)

    @classmethod
    def from_har(cls, source: str | Path | Mapping[str, JsonValue], name: str = "") -> Cassette:
        """Read an HTTP archive, from a file or as its parsed JSON.

        Raises:
            CassetteInvalid: it is no HTTP archive.
        """
        document, stem = document_from(source)
        return cls(name or stem, entries_from_har(document), {"source": "har"})

    @classmethod
    def from_vcr(cls, source: str | Path | Mapping[str, JsonValue], name: str = "") -> Cassette:
        """Read a cassette of vcrpy: YAML (with the extra `[vcr]`) or JSON, or its parsed form.

        Raises:
            CassetteInvalid: it is none, or YAML and PyYAML is not installed.
        """
        document, stem = document_from(source)
        return cls(name or stem, entries_from_vcr(document), {"source": "vcr"})
