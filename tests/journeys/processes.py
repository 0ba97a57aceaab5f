"""A team's machines as processes: a broker, gateway builds, and the command line."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client_sdk.cli.processes import Server, server


@dataclass(frozen=True)
class Said:
    """What one command of `tally` said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Team:
    """Everybody who talks to one broker."""

    broker_url: str
    folder: Path

    def tally(self, *arguments: object) -> Said:
        """Run the real command line, as a pipeline does."""
        done = subprocess.run(
            [sys.executable, "-m", "client_sdk.cli", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env={**clean_environ(), "TALLY_BROKER_URL": self.broker_url},
            timeout=120,
        )
        return Said(done.returncode, done.stdout, done.stderr)


def clean_environ() -> dict[str, str]:
    """This process's environment without what would answer for a missing option."""
    taken = ("TALLY_", "PACT_", "GITHUB_", "CI_")
    return {name: value for name, value in os.environ.items() if not name.startswith(taken)}


@contextlib.contextmanager
def broker_process(database_url: str) -> Iterator[Server]:
    """A broker on a port of its own."""
    command = [sys.executable, "-m", "client_sdk.cli", "serve", "--port", "0"]
    environ = {**clean_environ(), "TALLY_DATABASE_URL": database_url}
    with server(command, "Serving on ", environ) as running:
        yield running


@contextlib.contextmanager
def gateway_process(*behaviours: str) -> Iterator[Server]:
    """A build of the gateway, with the faults it is given."""
    command = [sys.executable, "-m", "client_sdk.mock", "--port", "0"]
    for behaviour in behaviours:
        command += ["--behaviour", behaviour]
    with server(command, "listens on ") as running:
        yield running
