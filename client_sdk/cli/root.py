"""The group `tally`: knows every command by name and imports it only when it is called."""

import io
import sys
from importlib import import_module
from importlib.metadata import entry_points

import click

from client_sdk import __version__
from client_sdk.cli.exits import Exit, run

# Name -> "module:attribute"; the server's commands join through the entry point below.
_COMMANDS: dict[str, str] = {
    "lint": "client_sdk.cli.lint:lint_files",
    "diff": "client_sdk.cli.diff:diff",
    "contains": "client_sdk.cli.contains:contains",
    "rules": "client_sdk.cli.rules:rules",
    "publish": "client_sdk.cli.publish:publish",
    "verify": "client_sdk.cli.verify:verify",
    "can-i-deploy": "client_sdk.cli.can_i_deploy:can_i_deploy",
    "record-deployment": "client_sdk.cli.deployments:record_deployment",
    "record-undeployment": "client_sdk.cli.deployments:record_undeployment",
    "record-release": "client_sdk.cli.deployments:record_release",
    "matrix": "client_sdk.cli.matrix:matrix",
    "participants": "client_sdk.cli.participants:participants",
    "environments": "client_sdk.cli.environments:environments",
    "cassettes": "client_sdk.cli.cassettes:cassettes",
    "mock": "client_sdk.cli.mock:mock",
    "chaos": "client_sdk.cli.chaos:chaos",
    "bench": "client_sdk.cli.bench:bench",
    "canary": "client_sdk.cli.canary:canary",
    "rollback-check": "client_sdk.cli.rollback_check:rollback_check",
    "budget": "client_sdk.cli.budget:budget",
    "evidence": "client_sdk.cli.evidence:evidence",
    "ci": "client_sdk.cli.ci:ci",
    "demo": "client_sdk.cli.demo:demo",
}
_SERVER_COMMANDS = ("serve", "db")
_PLUGINS = "tallystick.commands"


class _Tally(click.Group):
    """A group whose commands load on demand, so that `tally lint` pays for no server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command by name, the server's too."""
        del ctx
        return sorted([*_COMMANDS, *_SERVER_COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; `None` when there is none of that name."""
        del ctx
        if cmd_name in _COMMANDS:
            return _loaded(_COMMANDS[cmd_name])
        if cmd_name in _SERVER_COMMANDS:
            return _server_command(cmd_name)
        return None


@click.command(cls=_Tally)
@click.version_option(__version__, prog_name="tally")
def tally() -> None:
    """Publish contracts, verify producers, and ask whether a version may be deployed.

    Exit codes: 0 yes/pass, 1 no/gate failed, 2 usage, 3 inconclusive or no evidence, 4 broker or
    target unreachable, 5 refused by the broker, 70 internal error, 130 interrupted.
    """


def main() -> None:
    """Run `tally` with the process's arguments and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer letters than we write
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(lambda: tally.main(standalone_mode=False, prog_name="tally")))


def _loaded(place: str) -> click.Command:
    module, _, attribute = place.partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    return command


def _server_command(name: str) -> click.Command:
    for plugin in entry_points(group=_PLUGINS):
        try:
            commands: tuple[click.Command, ...] = plugin.load()
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"`tally {name}` needs the server ({error.name} is not installed): "
                "pip install 'tallystick[broker]'"
            ) from error
        for command in commands:
            if command.name == name:
                return command
    raise click.ClickException(f"`tally {name}` is not installed: pip install 'tallystick[broker]'")


__all__ = ["Exit", "main", "tally"]
