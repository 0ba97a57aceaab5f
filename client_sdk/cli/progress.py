"""A progress bar on stderr, and only when stderr is a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from client_sdk.cli.text import is_terminal, printable, shortened

_WIDTH = 30


@contextlib.contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """Give a function that draws `done` of `total` and what is being done; cleans up after."""
    if not is_terminal(sys.stderr):
        yield lambda *_: None
        return

    def draw(done: int, total: int, label: str) -> None:
        filled = _WIDTH * done // max(total, 1)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        text = f"\r{title} {bar} {done}/{total} {shortened(printable(label), 30)}\x1b[K"
        sys.stderr.write(text)
        sys.stderr.flush()

    try:
        yield draw
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
