"""Commands that a shell reads as they are meant."""

import shlex

from broker.web.dashboard.view_models.commands import (
    call_command,
    deploy_command,
    diff_command,
    tally_command,
)


def test_a_call_survives_quotes_of_every_kind():
    given = {"note": 'it\'s "$HOME" `x`'}
    words = shlex.split(call_command("pay", given))
    assert words[-1] == '{"tool": "pay", "input": {"note": "it\'s \\"$HOME\\" `x`"}}'


def test_a_comparison_names_both_versions():
    command = diff_command("http://b", ("a b", "c"), ("1+2", "3"))
    assert command == "curl -sS 'http://b/api/v1/contracts/a%20b/c/diff?from=1%2B2&to=3'"


def test_several_versions_are_asked_about_together():
    command = deploy_command((("a", "1"), ("b", "2")), None, "http://b")
    assert command == (
        "tally can-i-deploy --participant a --version 1 --participant b --version 2 "
        "--to-main --broker-url http://b"
    )


def test_a_command_leaves_out_what_is_not_wanted_and_quotes_what_has_blanks():
    command = tally_command(
        "http://b", "matrix", consumer="a b", environment=None, branch="", dry_run=True
    )
    assert command == "tally matrix --consumer 'a b' --dry-run --broker-url http://b"
