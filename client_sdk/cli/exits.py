"""Exit codes, and how every kind of trouble becomes one sentence on stderr."""

import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import click

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


def run(command: Callable[[], object]) -> int:
    """Run a click command outside click's own standalone mode; return the exit code."""
    try:
        outcome = command()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - outlives us
        return Exit.OK
    except click.exceptions.Exit as error:
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - a bug must leave with its own exit code
        return _leave(error)
    return int(outcome) if isinstance(outcome, int) else Exit.OK


def _leave(error: Exception) -> int:
    for cause, sentence, code in _CAUSES:
        if isinstance(error, cause):
            return _say(sentence(error), code)
    return _bug(error)


def _say(sentence: str, code: Exit) -> int:
    click.echo(f"tally: {printable(sentence)}", err=True)
    return code


def _bug(error: Exception) -> int:
    if os.environ.get("TALLY_DEBUG"):
        traceback.print_exception(error)
    hint = "set TALLY_DEBUG=1 to see where"
    return _say(f"internal error: {type(error).__name__}: {error} ({hint})", Exit.INTERNAL)


def _sentence_with_faults(error: ContractError) -> str:
    lines = [str(error)]
    lines += [f"  {fault.pointer or '/'}: {fault.message}" for fault in error.faults]
    return "\n".join(lines)


def _refusal(error: BrokerRefused) -> str:
    lines = [f"the broker refused ({error.status} {error.code}): {error.detail}"]
    lines += [f"  {place or '/'}: {message}" for place, message in error.faults]
    if error.request_id:
        lines.append(f"  request id {error.request_id}")
    return "\n".join(lines)


# First match wins: the more special class stands first.
_CAUSES: tuple[tuple[type[Exception], Callable[[Any], str], Exit], ...] = (
    (click.ClickException, click.ClickException.format_message, Exit.USAGE),
    (click.Abort, lambda _: "interrupted", Exit.FAILED),
    (ContractError, _sentence_with_faults, Exit.USAGE),
    (Unreachable, str, Exit.UNREACHABLE),
    (BrokerRefused, _refusal, Exit.REFUSED),
    (TallyError, str, Exit.USAGE),
    (AddressFault, str, Exit.USAGE),
)
