"""Contracts as they are handed to a harness: values, files, folders, or a callable that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from client_sdk.contract.model import Contract
from client_sdk.contract.reading import parse_contract
from client_sdk.exchange.contracts import AnyContract, kernel_contract

PATTERN = "*.contract.json"


OneContract: TypeAlias = "AnyContract | str | Path"
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
    if isinstance(source, str | Path):
        return [parse_contract(file.read_bytes()) for file in _files(Path(source))]
    if isinstance(source, Iterable) and not isinstance(source, Mapping):
        return [contract for each in source for contract in contracts_in(each)]
    return [kernel_contract(source)]


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob(PATTERN)) if place.is_dir() else [place]
