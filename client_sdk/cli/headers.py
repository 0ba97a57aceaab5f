"""Header fields named on the command line, and the token of the target."""

from __future__ import annotations

import os

import click


def headers_of(lines: tuple[str, ...]) -> dict[str, str]:
    """Read `NAME: VALUE` lines; TALLY_TARGET_TOKEN adds a bearer token where none is given.

    Raises click.UsageError for a line of another form.
    """
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise click.UsageError(f"--header {line!r} is not NAME: VALUE")
        headers[name.strip()] = value.strip()
    token = os.environ.get("TALLY_TARGET_TOKEN")
    if token and "authorization" not in {name.lower() for name in headers}:
        headers["Authorization"] = f"Bearer {token}"
    return headers
