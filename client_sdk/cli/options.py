"""Options that many commands share, and the values they turn into."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from client_sdk.broker_client import BrokerClient
from client_sdk.cli.answer import Answer, Format
from client_sdk.cli.output import write
from client_sdk.settings import broker_address

_Command = TypeVar("_Command", bound=Callable[..., object])

VERSION_VARIABLES = ["TALLY_VERSION", "GITHUB_SHA", "CI_COMMIT_SHA"]
BRANCH_VARIABLES = ["TALLY_BRANCH", "GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"]
BUILD_VARIABLES = ["TALLY_BUILD_URL", "CI_JOB_URL"]


def broker_options(command: _Command) -> _Command:
    """Add --broker-url, --token and --token-file."""
    for option in (
        click.option(
            "--token-file", type=click.Path(path_type=Path), help="File that holds the token."
        ),
        click.option("--token", help="Bearer token; better in TALLY_TOKEN or --token-file."),
        click.option("--broker-url", "-b", help="The broker's address [TALLY_BROKER_URL]."),
    ):
        command = option(command)
    return command


def output_options(command: _Command) -> _Command:
    """Add --output and --output-file."""
    for option in (
        click.option(
            "--output-file",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Write the output there.",
        ),
        click.option(
            "--output",
            "-o",
            type=click.Choice([each.value for each in Format]),
            default=Format.TABLE.value,
            show_default=True,
            help="How to say it.",
        ),
    ):
        command = option(command)
    return command


def broker_client(
    broker_url: str | None, token: str | None, token_file: Path | None
) -> BrokerClient:
    """The broker the options and the environment name."""
    return BrokerClient(broker_address(url=broker_url, token=token, token_file=token_file))


def say(answer: Answer, output: str, output_file: Path | None) -> None:
    """Write the answer as the output options ask."""
    write(answer, Format(output), output_file)
