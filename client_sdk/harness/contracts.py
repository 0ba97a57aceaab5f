"""Contracts as they are handed to a harness: values, files, folders, or a callable that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

from client_sdk.contract.model import Contract
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.contract.values import JsonValue

PATTERN = "*.contract.json"


class AlsoContract(Protocol):
    """A contract in another form, such as the validator's `AgentContract`."""

    def to_kernel(self) -> Contract:
        """Give the contract as the kernel reads it."""
        ...


OneContract: TypeAlias = "Contract | AlsoContract | Mapping[str, JsonValue] | str | Path"
Contracts: TypeAlias = "OneContract | Iterable[OneContract] | Callable[[], Iterable[OneContract]]"


def contracts_from(source: Contracts) -> tuple[Contract, ...]:
    """Give the contracts that are meant; a folder means every `*.contract.json` in it.

    Raises:
        ValueError: there is not one: checking nothing must not look like success.
        TypeError: something is no contract, nor a place of one.
        ContractError: a file or a document is no contract.
    """
    found = tuple(contracts_in(source() if callable(source) else source))
    if not found:
        raise ValueError("contracts names no contract: give one, or leave it out")
    return found


def contracts_in(source: OneContract | Iterable[OneContract]) -> list[Contract]:
    """Give the contracts that are meant; an empty list gives none."""
    if isinstance(source, Contract):
        return [source]
    if isinstance(source, str | Path):
        return [parse_contract(file.read_bytes()) for file in _files(Path(source))]
    if isinstance(source, Mapping):
        return [contract_from_document(dict(source))]
    if hasattr(source, "to_kernel"):
        return [source.to_kernel()]
    if not isinstance(source, Iterable):
        raise TypeError(f"contracts: {source!r} is no contract, nor a file or folder of them")
    return [contract for each in source for contract in contracts_in(each)]


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob(PATTERN)) if place.is_dir() else [place]
