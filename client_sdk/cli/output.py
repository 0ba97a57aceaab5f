"""Writes an answer in the format the caller chose, to stdout or whole into a file."""

from collections.abc import Callable
from pathlib import Path

import click

from client_sdk.cli.answer import Answer, Format
from client_sdk.cli.render_reports import github, junit, sarif
from client_sdk.cli.render_text import markdown, table
from client_sdk.contract.document import dumps


def write(answer: Answer, chosen: Format, file: Path | None = None) -> None:
    """Render `answer` to stdout, or into `file` (folders are made, the file is replaced whole)."""
    text = _RENDERERS[chosen](answer)
    if file is None:
        click.echo(text)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(file)


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
