"""Contract files named on the command line."""

from pathlib import Path

import click

from client_sdk.cli.faults import sentence_of
from client_sdk.contract.document import DEFAULT_LIMITS
from client_sdk.contract.errors import ContractError, DocumentTooLarge
from client_sdk.contract.model import Contract
from client_sdk.contract.reading import parse_contract

_PATTERN = "*.contract.json"


def contract_files(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every named file, and every `*.contract.json` under a named folder, sorted, each once.

    Raises click.UsageError when a place does not exist or a folder holds no contract: checking
    nothing must never look like success.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            inside = sorted(place.rglob(_PATTERN))
            if not inside:
                raise click.UsageError(f"{place} holds no {_PATTERN}: nothing to check")
            found.update(dict.fromkeys(inside))
        elif place.is_file():
            found[place] = None
        else:
            raise click.UsageError(f"{place} does not exist")
    return tuple(found)


def read_contract(file: Path) -> Contract:
    """The contract in a file; raises click.ClickException naming the file and all its faults."""
    try:
        return parse_contract(read_document(file))
    except ContractError as error:
        raise click.ClickException(f"{file}: {sentence_of(error)}") from error


def read_document(file: Path) -> bytes:
    """The file's bytes; refuses one over the size limit before it is read."""
    try:
        size = file.stat().st_size
        if size > DEFAULT_LIMITS.max_bytes:
            raise DocumentTooLarge(
                f"{file} has {size} bytes; the limit is {DEFAULT_LIMITS.max_bytes}"
            )
        return file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
