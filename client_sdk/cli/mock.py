"""`tally mock`: the sandbox as a process of its own."""

from __future__ import annotations

import click

from client_sdk.cli.exits import Exit
from client_sdk.mock.__main__ import main
from client_sdk.mock.behaviours import BEHAVIOURS


@click.group("mock")
def mock() -> None:
    """A gateway to test against: escrow, wallets and balances over real HTTP on loopback."""


@mock.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: a free one."
)
@click.option("--key", help="Ask callers for this bearer key [TALLY_SANDBOX_KEY].")
@click.option(
    "--behaviour",
    "behaviours",
    multiple=True,
    type=click.Choice(sorted(BEHAVIOURS)),
    help="Break the build in this way; repeat for several.",
)
def serve(port: int, key: str | None, behaviours: tuple[str, ...]) -> int:
    """Serve the sandbox until Ctrl-C; the first line says its address.

    `POST /v1` takes {"tool", "input"}, `POST /v1/TOOL` the input; `POST /_state` sets a provider
    state up, so it is what `tally verify --state-url` wants.
    """
    arguments = ["--port", str(port)]
    arguments += ["--key", key] if key else []
    for behaviour in behaviours:
        arguments += ["--behaviour", behaviour]
    return Exit(main(arguments))
