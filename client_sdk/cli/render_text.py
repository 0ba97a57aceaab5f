"""Tables for a terminal and Markdown for a job summary."""

import io
import sys
import textwrap
from dataclasses import replace
from typing import Final

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.text import is_terminal, printable

_NARROWEST: Final = 10  # letters a column, or the cells of a row stand below each other
_UNNAMED: Final = frozenset(("finding",))  # a sentence needs no name in front
_UNWRAPPED: Final = frozenset(("witness", "again with"))  # made to be copied


def table(answer: Answer) -> str:
    """Aligned columns; coloured and framed only when stdout is a terminal."""
    blocks = [printable(answer.headline)] if answer.headline else []
    blocks += [_titled(each, _drawn(each)) for each in answer.tables]
    blocks += [printable(line) for line in answer.tail]
    return "\n".join(blocks)


def markdown(answer: Answer) -> str:
    """A headline and one pipe table each; cells are escaped, so no name can break a row."""
    blocks = [f"**{_cell(answer.headline)}**"] if answer.headline else []
    blocks += ["\n".join(_markdown_lines(each)) for each in answer.tables]
    blocks += [_said(line) for line in answer.tail]
    return "\n\n".join(blocks)


def _drawn(each: Table) -> str:
    if each.below:
        return _stacked(each)
    return _framed(each) if is_terminal(sys.stdout) else _aligned(each)


def _titled(each: Table, body: str) -> str:
    return f"\n{each.title}\n{body}" if each.title else body


def _aligned(each: Table) -> str:
    if not each.rows:
        return each.empty
    rows = [tuple(column.upper() for column in each.columns), *map(_clean_row, each.rows)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(each.columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _stacked(each: Table) -> str:
    """One block a row: the short cells on its first line, each long one named below."""
    blocks = []
    for row in map(_clean_row, each.rows):
        cells = list(zip(each.columns, row, strict=True))
        short = [cell for column, cell in cells if column not in each.below and cell]
        long = [(column, cell) for column, cell in cells if column in each.below and cell]
        lines = ["  ".join(short)]
        lines += [_indented(column, cell) for column, cell in long]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) or each.empty


def _indented(column: str, cell: str) -> str:
    text = cell if column in _UNNAMED else f"{column}: {cell}"
    if column in _UNWRAPPED:
        return "    " + text
    return textwrap.fill(text, 96, initial_indent="    ", subsequent_indent="    ")


def _framed(each: Table) -> str:
    from rich import box  # noqa: PLC0415 - only a terminal pays for rich
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not each.rows:
        return each.empty
    console = Console(file=io.StringIO(), force_terminal=True)
    if console.width < _NARROWEST * len(each.columns):
        return _stacked(replace(each, below=each.columns[1:]))
    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in each.columns:  # folded, never cut: half a version is another version
        drawn.add_column(column, overflow="fold")
    for row in each.rows:
        drawn.add_row(*(Text(cell) for cell in _clean_row(row)))
    with console.capture() as captured:
        console.print(drawn)
    return captured.get().rstrip()


def _clean_row(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(printable(cell).replace("\n", " ") for cell in row)


def _markdown_lines(each: Table) -> list[str]:
    lines = [f"### {_cell(each.title)}", ""] if each.title else []
    if not each.rows:
        return [*lines, f"_{_cell(each.empty)}_"]
    lines.append("| " + " | ".join(map(_cell, each.columns)) + " |")
    lines.append("|" + " --- |" * len(each.columns))
    for row in each.rows:
        cells = (
            _code(cell) if column in _UNWRAPPED else _cell(cell)
            for column, cell in zip(each.columns, row, strict=True)
        )
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _said(line: str) -> str:
    """A line and, where one follows, the command that helps."""
    head, _, command = line.partition("\n")
    return f"{_cell(head)}\n  {_code(command)}" if command.strip() else _cell(head)


def _code(text: str) -> str:
    """A span to copy; a text that could end it is shown as any other."""
    flat = " ".join(printable(text).split())
    if not flat or "`" in flat:
        return _cell(flat)
    return "`" + flat.replace("|", "\\|") + "`"


def _cell(text: str) -> str:
    flat = " ".join(printable(text).split())
    for character in "\\`*_|<>~":
        flat = flat.replace(character, "\\" + character)
    return flat.replace("](", "]\\(")  # else a name could be a link to anywhere
