"""Exit codes, and how every kind of trouble becomes one sentence on stderr."""

import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import click

from client_sdk.cli.faults import lines_of, sentence_of
from client_sdk.cli.text import printable
from client_sdk.contract.errors import ContractError
from client_sdk.errors import BrokerRefused, TallyError, Unreachable
from client_sdk.settings import AddressFault


class Exit(IntEnum):
    """What a pipeline may rely on."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    UNREACHABLE = 4
    REFUSED = 5
    INTERNAL = 70
    INTERRUPTED = 130  # as a shell says it of a program that Ctrl-C ended


def run(command: Callable[[], object]) -> int:
    """Run a click command outside click's own standalone mode; return the exit code."""
    try:
        outcome = command()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - outlives us
        return Exit.OK
    except click.exceptions.Exit as error:
        return error.exit_code
    except KeyboardInterrupt:
        return _say("interrupted", Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - a bug must leave with its own exit code
        return _leave(error)
    return int(outcome) if isinstance(outcome, int) else Exit.OK


def _leave(error: Exception) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return Exit.USAGE
    for cause, sentence, code in _CAUSES:
        if isinstance(error, cause):
            return _say(sentence(error), code)
    return _bug(error)


def _say(sentence: str, code: Exit) -> int:
    click.echo(f"tally: {printable(sentence)}", err=True)
    return code


def _usage(error: click.ClickException) -> str:
    """What click has to say of itself, and where the command is explained."""
    sentence = error.format_message().rstrip()
    context = getattr(error, "ctx", None)
    return f"{sentence}\n  see `{context.command_path} --help`" if context else sentence


def _bug(error: Exception) -> int:
    if os.environ.get("TALLY_DEBUG"):
        traceback.print_exception(error)
    hint = "set TALLY_DEBUG=1 to see where"
    return _say(f"internal error: {type(error).__name__}: {error} ({hint})", Exit.INTERNAL)


def _refusal(error: BrokerRefused) -> str:
    said = f"the broker refused ({error.status} {error.code}): {error.detail}"
    lines = [said, *lines_of(error.faults, beside=error.detail)]
    if error.code in _REMEDIES:
        lines.append(f"  {_REMEDIES[error.code]}")
    if error.request_id:
        lines.append(f"  request id {error.request_id}")
    return "\n".join(lines)


_REMEDIES = {
    "participant-unknown": "`tally participants list` shows who is known; "
    "whoever a contract names is known once `tally publish` was called",
    "environment-unknown": "`tally environments list` shows which there are, "
    "`tally environments create NAME` makes one",
    "environment-exists": "`tally environments list` shows it",
    "still-deployed": "`tally record-undeployment` and `tally record-release --end` take it out",
    "route-unknown": "give the broker's address without /api/v1 and without a page's path; "
    "else it may be older than this command",
    "decision-changed": "ask `tally can-i-deploy` again before you deploy",
}
_LISTENING = "check that it runs, and its address (--broker-url or TALLY_BROKER_URL; --base-url)"


def _unreachable(error: Unreachable) -> str:
    return f"{error}\n  {_LISTENING}"


# First match wins: the more special class stands first.
_CAUSES: tuple[tuple[type[Exception], Callable[[Any], str], Exit], ...] = (
    (click.ClickException, _usage, Exit.USAGE),
    (click.Abort, lambda _: "interrupted", Exit.INTERRUPTED),
    (ContractError, sentence_of, Exit.USAGE),
    (Unreachable, _unreachable, Exit.UNREACHABLE),
    (BrokerRefused, _refusal, Exit.REFUSED),
    (TallyError, str, Exit.USAGE),
    (AddressFault, str, Exit.USAGE),
)
