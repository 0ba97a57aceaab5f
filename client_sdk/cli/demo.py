"""`tally demo`: a believable world in a broker of its own, seeded over HTTP and served."""

import os
import shlex
import shutil
import signal
import sys
from pathlib import Path

import click

from client_sdk.broker_client import BrokerClient
from client_sdk.cli.demo_world import seed
from client_sdk.cli.exits import Exit
from client_sdk.cli.processes import Server, free_port, server
from client_sdk.settings import BrokerAddress

_ANNOUNCEMENT = "Serving on "
_SERVE = (sys.executable, "-m", "client_sdk.cli", "serve", "--log-level", "warning")
_TRY = """Ask it something, in another terminal:
  export TALLY_BROKER_URL={url}
  {tally} can-i-deploy --participant gateway --version 1.6.0-rc.1 --environment staging
  {tally} matrix --consumer buyer-agent-v2

Ctrl-C stops it."""


@click.command("demo")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8700,
    show_default=True,
    help="Or the next free.",
)
@click.option(
    "--database",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path(".dev/demo.db"),
    show_default=True,
    help="Where the demo keeps its data.",
)
@click.option("--fresh", is_flag=True, help="Begin with an empty database.")
@click.option("--once", is_flag=True, help="Seed, say what is there, and stop.")
def demo(port: int, database: Path, fresh: bool, once: bool) -> int:
    """Start a broker with a small world: four consumers, two producers, three environments.

    Verification results in it are real: each gateway build runs as a process and is called.
    Running it again changes nothing.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(Exit.OK))  # so that the broker ends too
    database.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        _forget(database)
    free = free_port(port)
    if free != port:
        click.echo(f"port {port} is taken: the next free one is used", err=True)
    command = [*_SERVE, "--port", str(free)]
    with server(
        command, _ANNOUNCEMENT, _environ(database), otherwise=[*_SERVE, "--port", "0"]
    ) as broker:
        client = BrokerClient(BrokerAddress(broker.url))
        seed(client, say=lambda line: click.echo(f"  {line}", err=True))
        if not once:
            _serve(broker)
    return Exit.OK


def _serve(broker: Server) -> None:
    click.echo(f"\nTallystick is at {broker.url}\n\n{_TRY.format(url=broker.url, tally=_tally())}")
    try:
        broker.wait()
    except KeyboardInterrupt:
        broker.stop(signal.SIGINT)


def _tally() -> str:
    """How this program is called: by its name, or by its place when no PATH leads there."""
    beside = Path(sys.executable).with_name("tally")
    return "tally" if shutil.which("tally") or not beside.exists() else shlex.quote(str(beside))


def _environ(database: Path) -> dict[str, str]:
    """This process's environment, without settings of a broker that is not the demo's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TALLY_")}
    return {**kept, "TALLY_DATABASE_URL": f"sqlite:///{database.resolve()}"}


def _forget(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
