"""A team around one broker, on each kind of database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journeys.processes import Said, Team, broker_process, gateway_process


@pytest.fixture
def team(database_url: str, tmp_path: Path) -> Iterator[Team]:
    with broker_process(database_url) as running:
        yield Team(running.url, tmp_path)


@pytest.fixture
def verify(team: Team) -> Callable[..., Said]:
    """Run one gateway build and verify it with the command line."""

    def run(version: str, *behaviours: str, options: tuple[str, ...] = ()) -> Said:
        with gateway_process(*behaviours) as gateway:
            return team.tally(
                *("verify", "--producer", "gateway", "--base-url", gateway.url),
                *("--version", version, "--branch", "main"),
                *("--state-url", f"{gateway.url}/_state", "--samples", "8"),
                *("--publish", "--output", "json", *options),
            )

    return run
