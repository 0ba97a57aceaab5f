"""Files on the command line: named twice, standing in no folder, streamed, or written in vain."""

import io
import os
import threading
from types import SimpleNamespace

import pytest


def pipe_into(monkeypatch, content):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def test_a_file_named_in_two_ways_is_checked_once(tally, contract):
    said = tally("lint", contract, contract.name, contract.parent, "--output", "json")
    assert [each["file"] for each in said.json["files"]] == [str(contract)]


def test_a_file_named_in_two_ways_is_published_once(team, contract):
    said = team("publish", contract, contract.name, "--version", "1", "--output", "json")
    assert (said.code, len(said.json["publications"])) == (0, 1)


@pytest.mark.parametrize("command", [("lint",), ("publish", "--version", "1")])
def test_a_dash_is_the_standard_input(team, contract, monkeypatch, command):
    pipe_into(monkeypatch, contract.read_bytes())
    assert team(*command, "-").code == 0


def test_a_schema_may_come_from_the_standard_input(tally, tmp_path, monkeypatch):
    (tmp_path / "wide.json").write_text("{}")
    pipe_into(monkeypatch, b'{"type": "string"}')
    assert tally("contains", "-", "wide.json").code == 0


def test_a_pipe_is_read_once_and_published_as_it_came(team, contract, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_bytes, args=(contract.read_bytes(),))
    writing.start()

    said = team("publish", pipe, "--version", "1")
    writing.join()

    assert said.code == 0


def test_a_stream_without_end_is_refused_at_the_limit(tally):
    said = tally("lint", "/dev/zero")
    assert said.code == 2
    assert "/dev/zero has more than 2097152 bytes" in said.out


def test_a_folder_with_a_contracts_name_is_no_contract(tally, contract):
    (contract.parent / "old.contract.json").mkdir()
    said = tally("lint", contract.parent, "--output", "json")
    assert (said.code, len(said.json["files"])) == (0, 1)


def test_a_name_no_system_knows_is_a_usage_error(tally):
    said = tally("lint", "n" * 300)
    assert said.code == 2
    assert "File name too long" in said.err


@pytest.mark.parametrize("command", ["diff", "contains"])
@pytest.mark.parametrize("place", [0, 1])
def test_of_two_files_the_one_at_fault_is_named(tally, contract, tmp_path, command, place):
    (tmp_path / "broken.json").write_bytes(b"\xef\xbb\xbf{}")
    files = [contract, contract]
    files[place] = tmp_path / "broken.json"

    said = tally(command, *files)

    assert said.code == 2
    assert "broken.json: A byte order mark stands at byte 0" in said.err


@pytest.mark.parametrize("target", ["one.contract.json/report", ""])
def test_an_output_file_that_cannot_be_written_is_a_usage_error(tally, contract, target):
    said = tally("lint", contract, "--output-file", target)

    assert said.code == 2
    assert "--output-file" in said.err
    assert [each.name for each in contract.parent.iterdir()] == [contract.name]
