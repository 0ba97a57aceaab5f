"""Debian's Chromium, driven by playwright; one browser for all tests of a process."""

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


def executable() -> str:
    """The browser to drive; a missing one is an error, never a skip."""
    for name in (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise RuntimeError("no Chromium: install chromium-headless-shell, or set CHROMIUM")


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running browser. Only one may be open in a thread: playwright keeps a loop in it."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=flags)
        yield running
        running.close()
