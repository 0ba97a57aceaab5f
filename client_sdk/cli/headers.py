"""Header fields named on the command line, and the token of the target."""

from __future__ import annotations

import os

import click

from client_sdk.settings import is_token


def headers_of(lines: tuple[str, ...]) -> dict[str, str]:
    """Read `NAME: VALUE` lines; TALLY_TARGET_TOKEN adds a bearer token where none is given.

    Raises click.UsageError for a line of another form and for what no header can carry; neither
    value nor token is shown.
    """
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not name:
            raise click.UsageError("a --header is not NAME: VALUE (not shown: it may be a secret)")
        if not _is_sendable(name + value):
            raise click.UsageError(f"--header {name!r} has a character no header may have")
        headers[name] = value
    token = os.environ.get("TALLY_TARGET_TOKEN")
    if token and not is_token(token):
        raise click.UsageError("TALLY_TARGET_TOKEN has a character no header may have")
    if token and "authorization" not in {name.lower() for name in headers}:
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _is_sendable(text: str) -> bool:
    return text.isascii() and text.isprintable()
