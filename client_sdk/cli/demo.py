"""`tally demo`: a believable world in a broker of its own, seeded over HTTP and served."""

import os
import signal
import sys
from pathlib import Path

import click

from client_sdk.broker_client import BrokerClient
from client_sdk.cli.demo_world import seed
from client_sdk.cli.exits import Exit
from client_sdk.cli.processes import Server, server
from client_sdk.settings import BrokerAddress

_ANNOUNCEMENT = "Serving on "


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
    """Start a broker with a small world: two consumers, two producers, three environments.

    Verification results in it are real: each gateway build runs as a process and is called.
    Running it again changes nothing.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(Exit.OK))  # so that the broker ends too
    database.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        _forget(database)
    environ = {**os.environ, "TALLY_DATABASE_URL": f"sqlite:///{database.resolve()}"}
    arguments = [
        sys.executable,
        "-m",
        "client_sdk.cli",
        "serve",
        "--log-level",
        "warning",
        "--port",
    ]
    with server(
        [*arguments, str(port)], _ANNOUNCEMENT, environ, otherwise=[*arguments, "0"]
    ) as broker:
        client = BrokerClient(BrokerAddress(broker.url))
        seed(client, say=lambda line: click.echo(f"  {line}", err=True))
        if not once:
            _serve(broker)
    return Exit.OK


def _serve(broker: Server) -> None:
    click.echo(f"\nTallystick is at {broker.url}\nCtrl-C stops it.")
    try:
        broker.wait()
    except KeyboardInterrupt:
        broker.stop(signal.SIGINT)


def _forget(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
