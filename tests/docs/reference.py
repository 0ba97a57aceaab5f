"""Writes the reference pages from the tables in the code; `--check` says which are out of date."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import yaml

from broker.domain.errors import Refusal
from broker.settings import PREFIX, Settings
from broker.web.problems import PROTOCOL_CODES, status_of
from broker.web.refusals import RequestRefused
from client_sdk.cli.root import tally
from client_sdk.contract.compat.rules import rules_markdown
from client_sdk.contract.errors import ContractError

_REFUSALS = (Refusal, RequestRefused, ContractError)
_OTHERS = frozenset(
    {
        (500, "internal-error", "A bug; the log holds the cause under the `request_id`."),
        (503, "not-ready", "`/health/ready` says that the store does not answer or is behind."),
    }
)
_OVER_HTTP = ("broker.", "client_sdk.contract.errors")

PAGES = Path(__file__).parents[2] / "docs" / "reference"
OPENAPI = Path(__file__).parents[2] / "broker" / "web" / "api" / "openapi.yaml"


_SETTINGS_INTRO = (
    "Read from the environment; all faults are reported at once. A value may stand in a file "
    "instead: the same name with `_FILE`."
)
_PROBLEMS_INTRO = (
    "Every error is `application/problem+json` (RFC 9457) with a stable `code`, a sentence, "
    "all field faults in `errors`, and the `request_id` that the log knows."
)


def cli() -> str:
    """Every command with its options."""
    context = click.Context(tally, info_name="tally")
    parts = ["# Command line\n", inspect.cleandoc(tally.help or "") + "\n"]
    for name in tally.list_commands(context):
        command = tally.get_command(context, name)
        if command is not None:
            parts += _command(command, f"tally {name}")
    return "\n".join(parts)


def rules() -> str:
    """The rule table."""
    return (
        "# Compatibility rules\n\n"
        "What `tally diff` and every publication look for. The severity is that of mode `guide`; "
        "in the other modes a finding is an error when the evidence shows somebody hurt whom the "
        "mode protects ([compatibility](../explanation/compatibility.md)).\n\n" + rules_markdown()
    )


def settings() -> str:
    """Every environment variable of the server."""
    lines = [
        "# Settings of the server",
        "",
        _SETTINGS_INTRO,
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for each in fields(Settings):
        default = "" if each.default in (None, ()) else f"`{each.default}`"
        lines.append(f"| `{PREFIX}{each.name.upper()}` | {default} | {each.metadata['doc']} |")
    return "\n".join(lines) + "\n"


def problems() -> str:
    """Every refusal with its status."""
    lines = [
        "# Problems",
        "",
        _PROBLEMS_INTRO,
        "",
        "| status | code | meaning |",
        "|---|---|---|",
    ]
    leaves = {leaf for root in _REFUSALS for leaf in _leaves(root)}
    causes = {leaf for leaf in leaves if leaf.__module__.startswith(_OVER_HTTP)}
    rows = {
        (status_of(cause.__new__(cause)).value, cause.code, _promise(cause)) for cause in causes
    }
    rows |= _OTHERS
    told = {code for _, code, _ in rows}
    rows |= {
        (status.value, code, f"{status.phrase}.")
        for status, code in PROTOCOL_CODES.items()
        if code not in told
    }
    lines += [f"| {status} | `{code}` | {meaning} |" for status, code, meaning in sorted(rows)]
    return "\n".join(lines) + "\n"


def _leaves(cause: type[Any]) -> list[type[Any]]:
    below = cause.__subclasses__()
    return [leaf for each in below for leaf in _leaves(each)] if below else [cause]


def _promise(cause: type[Any]) -> str:
    return (cause.__doc__ or "").strip().splitlines()[0].replace("|", "\\|")


def http_api() -> str:
    """Every route of the API."""
    described = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))
    lines = [
        "# HTTP API",
        "",
        "The whole description is at `/api/v1/openapi.json` of every broker, to read at `/docs/api`.",
        "",
        described["info"]["description"].strip(),
        "",
        "| method | path | does |",
        "|---|---|---|",
    ]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method in {"get", "put", "post", "patch", "delete"}:
                lines.append(f"| {method.upper()} | `{path}` | {operation.get('summary', '')} |")
    return "\n".join(lines) + "\n"


PAGE_MAKERS: dict[str, Callable[[], str]] = {
    "cli.md": cli,
    "rules.md": rules,
    "settings.md": settings,
    "problems.md": problems,
    "http-api.md": http_api,
}


def out_of_date() -> list[str]:
    """The pages that differ from what the code says."""
    return [
        name
        for name, make in PAGE_MAKERS.items()
        if not (PAGES / name).is_file() or (PAGES / name).read_text(encoding="utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` only compare them."""
    if "--check" not in arguments:
        PAGES.mkdir(parents=True, exist_ok=True)
        for name, make in PAGE_MAKERS.items():
            (PAGES / name).write_text(make(), encoding="utf-8")
        return 0
    stale = out_of_date()
    for name in stale:
        sys.stderr.write(f"docs/reference/{name} is out of date: run ./dev docs\n")
    return 1 if stale else 0


def _command(command: click.Command, name: str) -> list[str]:
    context = click.Context(command, info_name=name, max_content_width=96, terminal_width=96)
    parts = [f"## `{name}`\n"]
    if isinstance(command, click.Group):
        parts.append(inspect.cleandoc(command.help or "") + "\n")
        for each in sorted(command.commands):
            parts += _command(command.commands[each], f"{name} {each}")
        return parts
    return [*parts, "```text\n" + command.get_help(context).strip() + "\n```\n"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
