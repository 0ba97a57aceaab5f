"""Cassette files named on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from client_sdk.harness import Cassette


@dataclass(frozen=True, slots=True)
class Tape:
    """A cassette and the file it stands in."""

    file: Path
    cassette: Cassette


def cassette_files(places: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every named file, and every `*.json` under a named folder, sorted, each once.

    Raises click.UsageError when a place does not exist or a folder holds no cassette: checking
    nothing must never look like success.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            inside = [each for each in sorted(place.rglob("*.json")) if each.is_file()]
            if not inside:
                raise click.UsageError(f"{place} holds no cassette (*.json): nothing to do")
            found.update(dict.fromkeys(inside))
        elif place.is_file():
            found[place] = None
        else:
            raise click.UsageError(f"{place} does not exist")
    return tuple(found)


def load_tapes(places: tuple[Path, ...]) -> tuple[Tape, ...]:
    """Every cassette of these places, read."""
    return tuple(Tape(file, Cassette.load(file)) for file in cassette_files(places))
