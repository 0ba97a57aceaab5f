"""Debian's Chromium, driven by playwright, that talks to loopback and to nobody else."""

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

FLAGS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


def chromium() -> str:
    """The browser to drive; a missing one is an error, never a skip."""
    for name in (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise RuntimeError("no Chromium: install chromium-headless-shell, or set CHROMIUM")


@contextlib.contextmanager
def page() -> Iterator[Page]:
    """One fresh window."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        window = browser.new_page(viewport={"width": 1280, "height": 900})
        yield window
        browser.close()
