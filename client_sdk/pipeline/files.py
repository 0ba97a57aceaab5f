"""The files of a pipeline, written whole or not at all; nothing of the user's is overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from client_sdk.errors import SettingsFault
from client_sdk.pipeline.stage import Project, Stage
from client_sdk.pipeline.workflow import ACTION_FOLDER, action_text, workflow_text

WORKFLOW: Final = ".github/workflows/tallystick.yml"
ACTION: Final = f"{ACTION_FOLDER}/action.yml"
REQUIREMENTS: Final = "requirements-ci.in"
ENV_EXAMPLE: Final = ".env.example"
IGNORE: Final = ".gitignore"

_REQUIREMENTS_TEXT: Final = """\
# What the pipeline needs. Lock it with hashes, and commit both files:
#   uv pip compile --generate-hashes requirements-ci.in -o requirements-ci.txt
mypy
pytest
ruff
tallystick
"""

_ENV_TEXT: Final = """\
# Copy to .env, which git ignores. One key per place, never shared between them:
#   here              a sandbox key of your own, in .env
#   pull requests     none: recordings are played back
#   main, sandbox     GREENHELIX_SANDBOX_KEY, a repository secret with capped test funds
#   staging           GREENHELIX_STAGING_KEY, a secret of the environment "staging", capped too
#   production        GREENHELIX_PROD_KEY, a secret of the environment "production", with approval
GREENHELIX_API_KEY=
TEST_MODE=playback
CHAOS_SEED=42
TARGET_ENV=local
AGENT_ID={agent_id}
TALLY_BROKER_URL=http://127.0.0.1:8700
"""


def files_of(project: Project, stages: Iterable[Stage]) -> Mapping[str, str]:
    """Give the text of each file, by its path in the repository."""
    return {
        WORKFLOW: workflow_text(project, stages),
        ACTION: action_text(),
        REQUIREMENTS: _REQUIREMENTS_TEXT,
        ENV_EXAMPLE: _ENV_TEXT.format(agent_id=project.agent_id),
    }


def write_files(folder: Path, files: Mapping[str, str], *, force: bool = False) -> tuple[str, ...]:
    """Write the files that are not there yet, keep `.env` out of git, and name what was written.

    Raises:
        SettingsFault: a file is there with another content, and `force` is not set, or a folder
            stands in its place; nothing was written. Or the disk does not take a file.
    """
    try:
        return _written(folder, files, force=force)
    except OSError as error:
        raise SettingsFault(f"{error.filename} cannot be written: {error.strerror}") from error


def _written(folder: Path, files: Mapping[str, str], *, force: bool) -> tuple[str, ...]:
    changed = [name for name, text in files.items() if _differs(folder / name, text)]
    known = [name for name in changed if (folder / name).exists()]
    if known and not force:
        raise SettingsFault(
            f"{', '.join(known)} would be overwritten: compare with --dry-run, then use --force"
        )
    for name in changed:
        _replace(folder / name, files[name].encode())
    ignored = _ignore_env(folder / IGNORE)
    return (*changed, IGNORE) if ignored else tuple(changed)


def _differs(file: Path, text: str) -> bool:
    return not file.exists() or file.read_bytes() != text.encode()


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    written.write_bytes(content)
    written.replace(file)


def _ignore_env(file: Path) -> bool:
    text = file.read_bytes() if file.exists() else b""  # names of files have no one encoding
    if b".env" in text.split():
        return False
    line_end = b"" if not text or text.endswith(b"\n") else b"\n"
    _replace(file, text + line_end + b".env\n")
    return True
