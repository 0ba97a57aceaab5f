"""Every shell and Python block of the documentation runs, page by page, as a reader would."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(?P<kind>shell|python)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
# The ports that pages name; each run takes free ones, so that pages can run side by side.
PORTS = ("8700", "8701")


def blocks_of(page):
    return [(found["kind"], found["code"]) for found in BLOCK.finditer(page.read_text("utf-8"))]


WITH_BLOCKS = [page for page in PAGES if blocks_of(page)]


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_the_page_runs(page, tmp_path):
    script = as_script(page)
    for port in PORTS:
        script = script.replace(port, str(free_port()))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_the_readme_has_a_walk_through_that_runs():
    assert ROOT / "README.md" in WITH_BLOCKS


def as_script(page):
    """One shell session for the whole page; what it starts ends with it."""
    parts = ["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"]
    for kind, code in blocks_of(page):
        parts.append(code if kind == "shell" else f"python - <<'PYTHON_BLOCK'\n{code}PYTHON_BLOCK")
    return "\n".join(parts)


def environment():
    taken = ("TALLY_", "PACT_", "GITHUB_", "CI_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(taken)}
    commands = str(Path(sys.executable).parent)
    assert shutil.which("tally", path=commands), "tally is not installed beside this Python"
    return {**kept, "PATH": f"{commands}{os.pathsep}{kept['PATH']}"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
