"""Contracts as they are handed to a harness: values, files, folders, or a callable that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from client_sdk.contract.model import Contract
from client_sdk.contract.reading import parse_contract

Contracts: TypeAlias = (
    "Contract | str | Path | Iterable[Contract | str | Path] | Callable[[], Iterable[Contract]]"
)
PATTERN = "*.contract.json"


def contracts_from(source: Contracts) -> tuple[Contract, ...]:
    """Give the contracts that are meant; a folder means every `*.contract.json` in it.

    Raises:
        ValueError: there is not one: checking nothing must not look like success.
        ContractError: a file is no contract.
    """
    found = tuple(_each(source() if callable(source) else source))
    if not found:
        raise ValueError("contracts names no contract: give one, or leave it out")
    return found


def _each(source: Contract | str | Path | Iterable[Contract | str | Path]) -> Iterable[Contract]:
    if isinstance(source, Contract):
        return [source]
    if isinstance(source, str | Path):
        return [parse_contract(file.read_bytes()) for file in _files(Path(source))]
    return [contract for each in source for contract in _each(each)]


def _files(place: Path) -> list[Path]:
    return sorted(place.rglob(PATTERN)) if place.is_dir() else [place]
