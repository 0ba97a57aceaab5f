"""Mocks named on the command line: a contract or offer file, or an object in a module."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from client_sdk.cli.faults import sentence_of
from client_sdk.cli.files import read_document
from client_sdk.contract.document import parse_untrusted
from client_sdk.contract.errors import ContractError
from client_sdk.contract.offers import offer_from_document
from client_sdk.contract.reading import contract_from_document
from client_sdk.mock import GreenHelixMock, ToolMock


def mock_of_source(source: str | None, *, seed: int) -> ToolMock:
    """The mock that an option names; the guide's gateway when it names none.

    Raises click.UsageError when the module has no such mock.
    """
    if source is None:
        return GreenHelixMock(seed=seed)
    module, colon, name = source.partition(":")
    if not colon or Path(source).is_file():
        return mock_of_file(Path(source), seed=seed)
    return _mock_in(module, name)


def mock_of_file(file: Path, *, seed: int) -> ToolMock:
    """A mock that answers what the contract or the offer in a file allows.

    Raises click.ClickException naming the file and all its faults.
    """
    try:
        document = parse_untrusted(read_document(file))
        is_contract = isinstance(document, dict) and "consumer" in document
        read = contract_from_document if is_contract else offer_from_document
        return ToolMock.from_contract(read(document), seed=seed)
    except ContractError as error:
        raise click.ClickException(f"{file}: {sentence_of(error)}") from error


def _mock_in(module: str, name: str) -> ToolMock:
    """The mock that a module holds under a name, or that the function of that name gives."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise click.UsageError(f"--mock-from {module}:{name}: {error}") from error
    made = found if isinstance(found, ToolMock) else found()
    if not isinstance(made, ToolMock):
        raise click.UsageError(f"--mock-from {module}:{name} gives no ToolMock but {made!r}")
    return made
