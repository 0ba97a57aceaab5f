"""Reads a folder of contract files: every sound one, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from client_sdk.contract.errors import ContractError
from client_sdk.contract.model import Contract
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.contract.values import DEFAULT_LIMITS, JsonObject

PATTERN: Final = "*.contract.json"


@dataclass(frozen=True, slots=True)
class FolderFault:
    """A file that could not be read as a contract, and why."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class FolderContents:
    """The different contracts of a folder by digest, in the order of their files."""

    contracts: dict[str, Contract]
    faults: tuple[FolderFault, ...] = ()


def read_folder(folder: Path) -> FolderContents:
    """Read every `*.contract.json` below a folder; equal contents count once."""
    contracts: dict[str, Contract] = {}
    faults: list[FolderFault] = []
    for file in sorted(folder.rglob(PATTERN)):
        try:
            contract = parse_contract(_content(file))
        except (ContractError, OSError) as error:
            faults.append(FolderFault(str(file), _sentence(error)))
        else:
            contracts.setdefault(contract.digest, contract)
    return FolderContents(contracts, tuple(faults))


def read_documents(documents: Iterable[JsonObject]) -> FolderContents:
    """Read the contract documents of a broker; each that is none is a fault, by its number."""
    contracts: dict[str, Contract] = {}
    faults: list[FolderFault] = []
    for number, document in enumerate(documents):
        try:
            contract = contract_from_document(document)
        except ContractError as error:
            faults.append(FolderFault(f"document {number} of the broker", str(error)))
        else:
            contracts.setdefault(contract.digest, contract)
    return FolderContents(contracts, tuple(faults))


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(DEFAULT_LIMITS.max_bytes + 1)


def _sentence(error: ContractError | OSError) -> str:
    if isinstance(error, OSError):
        return f"The file cannot be read: {error.strerror}."
    return str(error)
