"""Tables for a terminal and Markdown for a job summary."""

import io
import sys

from client_sdk.cli.answer import Answer, Table
from client_sdk.cli.text import printable


def table(answer: Answer) -> str:
    """Aligned columns; coloured and framed only when stdout is a terminal."""
    blocks = [printable(answer.headline)] if answer.headline else []
    draw = _framed if sys.stdout.isatty() else _aligned
    blocks += [_titled(each, draw(each)) for each in answer.tables]
    blocks += [printable(line) for line in answer.tail]
    return "\n".join(blocks)


def markdown(answer: Answer) -> str:
    """A headline and one pipe table each; cells are escaped, so no name can break a row."""
    blocks = [f"**{_cell(answer.headline)}**"] if answer.headline else []
    blocks += ["\n".join(_markdown_lines(each)) for each in answer.tables]
    blocks += [_cell(line) for line in answer.tail]
    return "\n\n".join(blocks)


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


def _framed(each: Table) -> str:
    from rich import box  # noqa: PLC0415 - only a terminal pays for rich
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if not each.rows:
        return each.empty
    drawn = RichTable(*each.columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in each.rows:
        drawn.add_row(*(Text(cell) for cell in _clean_row(row)))
    console = Console(file=io.StringIO(), force_terminal=True)
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
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in each.rows]
    return lines


def _cell(text: str) -> str:
    flat = " ".join(printable(text).split())
    for character in "\\`*_|<>":
        flat = flat.replace(character, "\\" + character)
    return flat
