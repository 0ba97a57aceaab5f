"""Stages as a GitHub workflow: least privilege, pinned actions, secrets in single steps only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from client_sdk.pipeline.stage import Project, Stage, Step

# Pinned by commit: a tag can be moved to other code, a commit cannot.
CHECKOUT: Final = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"
SETUP_PYTHON: Final = "actions/setup-python@0b93645e9fea7318ecaed2b359559ac225c90a2b # v5.3.0"
UPLOAD: Final = "actions/upload-artifact@b4b15b8c7c6ac21ea08fcf65892d2ee8f75cf882 # v4.4.3"
DOWNLOAD: Final = "actions/download-artifact@fa0a91b85d4f404e444e00e005971372dc801d16 # v4.1.8"
ACTION_FOLDER: Final = ".github/actions/tallystick"
ON_MAIN: Final = "github.ref == 'refs/heads/main' && github.event_name == 'push'"
_BUILD_URL: Final = (
    "${{ github.server_url }}/${{ github.repository }}/actions/runs/${{ github.run_id }}"
)

_HEAD: Final = """\
# Written by `tally ci init`. The stages, in order: {names}.
# A job sees a secret only in the step that uses it; playback jobs see none.
name: tallystick

on:
  push:
    branches: [main]
  pull_request:
    branches: [main]

permissions:
  contents: read

concurrency:
  group: tallystick-${{{{ github.ref }}}}
  # a deployment that has begun is never cut off by the next push
  cancel-in-progress: ${{{{ github.event_name == 'pull_request' }}}}

env:
  PYTHON_VERSION: {python}
  PARTICIPANT: {participant}
  AGENT_ID: {agent_id}
  VERSION: ${{{{ github.sha }}}}
  BRANCH: ${{{{ github.head_ref || github.ref_name }}}}
  BUILD_URL: {build_url}
  TALLY_BROKER_URL: ${{{{ vars.TALLY_BROKER_URL }}}}

jobs:
"""


def workflow_text(project: Project, stages: Iterable[Stage]) -> str:
    """Give the workflow file of a project, ready to be committed."""
    listed = list(stages)
    head = _HEAD.format(
        names=" → ".join(stage.name for stage in listed),
        python=_quoted(project.python),
        participant=_quoted(project.participant),
        agent_id=_quoted(project.agent_id),
        build_url=_BUILD_URL,
    )
    return head + "\n".join(_job(stage) for stage in listed)


def action_text() -> str:
    """Give the composite action that every job begins with: Python and the hashed requirements."""
    return f"""\
# Written by `tally ci init`.
name: tallystick
description: Python, the project's locked requirements and the command line tally
inputs:
  python-version:
    description: The Python to run with
    required: true
runs:
  using: composite
  steps:
    - uses: {SETUP_PYTHON}
      with:
        python-version: ${{{{ inputs.python-version }}}}
        cache: pip
        cache-dependency-path: requirements-ci.txt
    - shell: bash
      run: python -m pip install --requirement requirements-ci.txt
"""


def _job(stage: Stage) -> str:
    lines = [f"  {stage.name}:", f"    # {stage.purpose}", "    runs-on: ubuntu-latest"]
    if stage.needs:
        lines.append(f"    needs: [{', '.join(stage.needs)}]")
    if stage.main_only:
        lines.append(f"    if: {ON_MAIN}")
    if stage.environment:
        lines.append(f"    environment: {stage.environment}")
        lines += ["    concurrency:", f"      group: deploy-{stage.environment}"]
    lines.append(f"    timeout-minutes: {stage.timeout_minutes}")
    lines += ["    steps:", f"      - uses: {CHECKOUT}", "        with:"]
    lines += ["          persist-credentials: false", f"      - uses: ./{ACTION_FOLDER}"]
    lines += ["        with:", "          python-version: ${{ env.PYTHON_VERSION }}"]
    if stage.reports_of:
        lines += [f"      - uses: {DOWNLOAD}", "        with:"]
        lines += [f"          name: reports-{stage.reports_of}", "          path: reports/"]
    for step in stage.steps:
        lines += _step(step)
    return "\n".join([*lines, *_report(stage)]) + "\n"


def _step(step: Step) -> list[str]:
    lines = [f"      - name: {_quoted(step.name)}"]
    env = {name: _quoted(value) for name, value in step.env.items()}
    env |= {name: f"${{{{ vars.{variable} }}}}" for name, variable in step.variables.items()}
    env |= {name: f"${{{{ secrets.{secret} }}}}" for name, secret in step.secrets.items()}
    if env:
        lines.append("        env:")
        lines += [f"          {name}: {value}" for name, value in env.items()]
    lines.append("        run: |")
    lines += [f"          {line}".rstrip() for line in step.run.strip().splitlines()]
    return lines


def _report(stage: Stage) -> list[str]:
    return [
        "      - name: keep the reports",
        "        if: always()",
        f"        uses: {UPLOAD}",
        "        with:",
        f"          name: reports-{stage.name}",
        "          path: reports/",
        "          if-no-files-found: ignore",
    ]


def _quoted(text: str) -> str:
    """A JSON string is a YAML string too, whatever it holds."""
    return json.dumps(text)
