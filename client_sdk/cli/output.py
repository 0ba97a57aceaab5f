"""Writes an answer in the format the caller chose, to stdout or whole into a file."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from client_sdk.cli.answer import Answer, Format
from client_sdk.cli.render_reports import github, junit, sarif
from client_sdk.cli.render_text import markdown, table
from client_sdk.cli.text import encodable
from client_sdk.contract.document import dumps


def write(answer: Answer, chosen: Format, file: Path | None = None) -> None:
    """Render `answer` to stdout, or into `file` (folders are made, the file is replaced whole)."""
    text = encodable(_RENDERERS[chosen](answer))
    if file is None:
        _print(text)
        return
    if not file.name:
        raise click.UsageError("--output-file names no file")
    try:
        _replace(file, text + "\n")
    except OSError as error:
        raise click.UsageError(
            f"--output-file {file} cannot be written: {error.strerror}"
        ) from error


def _print(text: str) -> None:
    """Print it; a reader who has gone away changes nothing of the verdict."""
    try:
        click.echo(text)
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - outlives us
        if not isinstance(error, BrokenPipeError):
            raise click.ClickException(f"the output cannot be written: {error.strerror}") from error


def _replace(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(file)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _json(answer: Answer) -> str:
    return dumps(answer.data, indent=2)


_RENDERERS: dict[Format, Callable[[Answer], str]] = {
    Format.TABLE: table,
    Format.JSON: _json,
    Format.MARKDOWN: markdown,
    Format.JUNIT: junit,
    Format.SARIF: sarif,
    Format.GITHUB: github,
}
