"""Contract files named on the command line."""

import sys
from pathlib import Path
from typing import Final

import click

from client_sdk.cli.faults import sentence_of
from client_sdk.contract.document import DEFAULT_LIMITS, JsonValue, parse_untrusted
from client_sdk.contract.errors import ContractError, DocumentTooLarge
from client_sdk.contract.model import Contract
from client_sdk.contract.reading import parse_contract

STANDARD_INPUT: Final = Path("-")
_PATTERN = "*.contract.json"


def contract_files(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every named file, and every `*.contract.json` under a named folder, sorted, each once.

    `-` is the standard input. Raises click.UsageError when a place does not exist or a folder holds
    no contract: checking nothing must never look like success.
    """
    found: dict[Path, Path] = {}
    for place in places:
        try:
            inside = _inside(place)
        except OSError as error:
            raise click.UsageError(f"{place} cannot be read: {error.strerror}") from error
        found |= {file.resolve(): file for file in inside if file.resolve() not in found}
    return tuple(found.values())


def read_contract(file: Path) -> Contract:
    """The contract in a file; raises click.ClickException naming the file and all its faults."""
    return contract_and_bytes(file)[0]


def contract_and_bytes(file: Path) -> tuple[Contract, bytes]:
    """The contract in a file and the bytes it was read from, which a stream gives only once."""
    try:
        content = read_document(file)
        return parse_contract(content), content
    except ContractError as error:
        raise _named(file, error) from error


def read_json(file: Path) -> JsonValue:
    """Any strict JSON in a file; raises click.ClickException naming the file and its fault."""
    try:
        return parse_untrusted(read_document(file))
    except ContractError as error:
        raise _named(file, error) from error


def read_document(file: Path) -> bytes:
    """The file's bytes, of `-` those of the standard input; refuses more than the size limit."""
    limit = DEFAULT_LIMITS.max_bytes
    try:
        if file == STANDARD_INPUT:
            content = sys.stdin.buffer.read(limit + 1)
        else:
            with file.open("rb") as opened:
                content = opened.read(limit + 1)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > limit:
        raise DocumentTooLarge(f"{file} has more than {limit} bytes, which is the limit")
    return content


def _inside(place: Path) -> list[Path]:
    if place == STANDARD_INPUT:
        return [place]
    if place.is_dir():
        inside = sorted(file for file in place.rglob(_PATTERN) if file.is_file())
        if not inside:
            raise click.UsageError(f"{place} holds no {_PATTERN}: nothing to check")
        return inside
    if not place.exists():
        raise click.UsageError(f"{place} does not exist")
    return [place]


def _named(file: Path, error: ContractError) -> click.ClickException:
    sentence = sentence_of(error)
    return click.ClickException(sentence if str(file) in sentence else f"{file}: {sentence}")
