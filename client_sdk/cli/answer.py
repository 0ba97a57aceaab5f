"""What a command found, as one value that every output format renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Format(StrEnum):
    """The formats of `--output`."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain strings under a title; `empty` is said when there are no rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    empty: str = "nothing"
    below: tuple[str, ...] = ()  # columns shown under their row on a terminal: they are long


@dataclass(frozen=True, slots=True)
class Note:
    """One finding for a reader or a code scanner; `level` is `error`, `warning` or `note`."""

    level: str
    rule: str
    message: str
    file: str | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One check for a test report: `failure` when it failed, `skipped` when it did not run."""

    name: str
    group: str
    failure: str | None = None
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a command has to say: `data` is the stable JSON, the rest is for people."""

    data: Any  # JSON of any shape
    headline: str = ""
    tables: tuple[Table, ...] = ()
    notes: tuple[Note, ...] = ()
    cases: tuple[Case, ...] = ()
    tail: tuple[str, ...] = ()
