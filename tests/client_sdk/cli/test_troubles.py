"""What a person reads when a command cannot do what was asked: what, why, and what to do."""

import pytest

from client_sdk.cli.faults import lines_of
from client_sdk.cli.text import counted

NOBODY = "http://127.0.0.1:9"
SHOP = ("-p", "abuse", "-v", "1")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("can-i-deploy",), "Missing option '--participant' / '-p'.\n  see `tally can-i-deploy --help`"),
        (("publish",), "Missing argument 'PLACES...'.\n  see `tally publish --help`"),
        (("nope",), "No such command 'nope'.\n  see `tally --help`"),
        (("participants", "delete", "shop"), "--yes deletes shop without asking"),
    ],
)  # fmt: skip
def test_a_command_line_that_lacks_something_says_what(tally, monkeypatch, arguments, sentence):
    monkeypatch.setenv("TALLY_BROKER_URL", NOBODY)

    said = tally(*arguments)

    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


@pytest.mark.parametrize("command", ["publish", "verify"])
def test_a_refused_file_is_named(tally, tmp_path, command):
    file = tmp_path / "bad.contract.json"
    file.write_text('{"consumer": "a", "consumer": "b"}')
    options = {
        "publish": (file, "--version", "1"),
        "verify": ("--file", file, "--producer", "p", "--base-url", NOBODY),
    }

    said = tally(command, *options[command])

    assert said.code == 2
    assert said.err.startswith(f'tally: {file}: The key "consumer" stands twice')
    assert said.err.splitlines()[1:] == ["  at /consumer"]


def test_a_fault_that_the_sentence_holds_is_not_said_twice():
    faults = [("/a", "is wrong"), ("/b", "is worse"), ("", "is wrong")]

    assert lines_of(faults, beside="at /a: is wrong") == ["  /b: is worse"]


def test_nobody_at_the_address_is_followed_by_what_to_check(tally, contract):
    said = tally("publish", contract, "--version", "1", "--broker-url", NOBODY)

    assert said.code == 4
    assert "cannot be reached: Connection refused\n  check that it runs" in said.err
    assert "Errno" not in said.err


def test_an_unknown_environment_is_followed_by_the_commands_that_help(team, contract):
    team("publish", contract, "--version", "1")

    said = team("can-i-deploy", *SHOP, "--to", "nowhere")

    assert said.code == 5
    assert "`tally environments create NAME` makes one" in said.err


def test_a_version_nobody_knows_has_no_rows_to_show(team, contract):
    team("publish", contract, "--version", "1")
    team("environments", "create", "production")

    said = team("can-i-deploy", "-p", "abuse", "-v", "9", "--to", "production")

    assert said.out.splitlines() == [
        "✗ NO – abuse@9 to production",
        "- abuse has no version '9'. [version-unknown]",
        "    tally publish contracts/ --version 9",
    ]


def test_a_test_report_says_why_a_row_stands_in_the_way(team, contract):
    team("publish", contract, "--version", "1")
    team("environments", "create", "production")

    said = team("can-i-deploy", *SHOP, "--to", "production", "-o", "junit")

    assert 'failures="1"' in said.out
    assert "nothing of target is recorded in production" in said.out


def test_a_dry_run_does_not_claim_to_be_stored_already(team, contract):
    row = team("publish", contract, "--version", "1", "--dry-run").out.splitlines()[1]

    assert "dry run" in row
    assert "same content" not in row


def test_one_participant_is_shown_with_what_is_known_of_it(team, contract):
    team("publish", contract, "--version", "1", "--branch", "main")
    updated = team("participants", "update", "abuse", "--display-name", "Abuse desk")

    assert team("participants", "show", "abuse").out == updated.out
    assert updated.out.splitlines()[1].split("  ")[:2] == ["abuse", "Abuse desk"]


def test_nothing_is_deleted_unless_somebody_says_yes(team, contract):
    team("publish", contract, "--version", "1")

    assert team("participants", "delete", "abuse").code == 2
    assert team("participants", "show", "abuse").code == 0
    assert team("participants", "delete", "abuse", "--yes").code == 0
    assert team("participants", "show", "abuse").code == 5


@pytest.mark.parametrize(("count", "text"), [(1, "1 try"), (2, "2 tries"), (0, "0 errors")])
def test_numbers_go_with_their_words(count, text):
    assert counted(count, "error" if count == 0 else "try") == text
