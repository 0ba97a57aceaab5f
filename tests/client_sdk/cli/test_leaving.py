"""How the process leaves: interrupted, with nobody reading, with a full disk, with no arguments."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from abuse_cases import sound_contract

from client_sdk.cli.exits import Exit, run


def started(*arguments, stdout=subprocess.PIPE):
    return subprocess.Popen(
        [sys.executable, "-m", "client_sdk.cli", *map(str, arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )


def left(process):
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


@pytest.fixture
def files(tmp_path):
    good, bad = tmp_path / "good.contract.json", tmp_path / "bad.contract.json"
    good.write_text(json.dumps(sound_contract()))
    bad.write_text(json.dumps({**sound_contract(), "tools": []}))
    return {"good": good, "bad": bad}


def test_an_interrupted_question_is_neither_a_yes_nor_a_no():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = started("matrix", "--broker-url", f"http://127.0.0.1:{silent.getsockname()[1]}")
        asking, _ = silent.accept()
        asking.recv(1)
        process.send_signal(signal.SIGINT)
        code, out, err = left(process)
        asking.close()

    assert (code, out) == (130, "")
    assert err.strip() == "tally: interrupted"


def test_an_interrupt_outside_a_command_is_no_internal_error(capsys):
    def interrupted():
        raise KeyboardInterrupt

    assert run(interrupted) == Exit.INTERRUPTED
    assert capsys.readouterr().err == "tally: interrupted\n"


@pytest.mark.parametrize(("which", "code"), [("good", 0), ("bad", 1)])
def test_a_reader_who_went_away_changes_nothing_of_the_verdict(files, which, code):
    reading, writing = os.pipe()
    os.close(reading)
    process = started("lint", files[which], stdout=writing)
    os.close(writing)

    assert left(process) == (code, None, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_full_disk_is_no_internal_error(files):
    with Path("/dev/full").open("w") as full:
        code, _, err = left(started("lint", files["good"], stdout=full))

    assert (code, err) == (2, "tally: the output cannot be written: No space left on device\n")


def test_without_a_command_the_help_is_given_as_it_is(tally):
    said = tally()
    assert (said.code, said.err.partition("\n")[0]) == (
        2,
        "Usage: tally [OPTIONS] COMMAND [ARGS]...",
    )


def test_a_terminal_that_knows_few_letters_gets_the_others_escaped():
    told = subprocess.run(
        [sys.executable, "-m", "client_sdk.cli", "rules"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )

    assert (told.returncode, told.stderr) == (0, b"")
    assert b"\\u2013" in told.stdout
