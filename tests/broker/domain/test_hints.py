"""Every hint is a command that `tally` itself would take."""

import shlex

import click
import pytest

from broker.domain import hints
from broker.domain.can_i_deploy import AmongThemselves, ToEnvironment, ToMain
from broker.domain.matrix import MatrixRow, RowOutcome
from broker.domain.participant import VersionRef
from client_sdk.cli.root import tally

SHOP = VersionRef("web shop", "1")


def a_row(producer_version):
    return MatrixRow(SHOP, "pricing", producer_version, "sha256:0", RowOutcome.UNKNOWN)


@pytest.mark.parametrize(
    "hint",
    [
        hints.hint_to_publish(SHOP),
        hints.hint_to_verify(a_row("2")),
        hints.hint_to_verify(a_row(None)),
        hints.hint_to_place("web shop", ToEnvironment("production")),
        hints.hint_to_place("web shop", ToMain()),
        hints.hint_to_place("web shop", AmongThemselves()),
        hints.hint_to_publish_evidence(SHOP, "chaos"),
        hints.hint_to_ask_again(SHOP),
    ],
)
def test_a_hint_is_a_command_with_known_options_and_none_missing(hint):
    program, name, *arguments = shlex.split(hint)

    command = tally.get_command(None, name)
    if isinstance(command, click.Group):
        command, arguments = command.commands[arguments[0]], arguments[1:]

    assert program == "tally"
    assert command.make_context(name, arguments).params


def test_a_result_that_would_resolve_a_row_is_recorded():
    assert hints.hint_to_verify(a_row("2")).endswith("--base-url URL --publish")
