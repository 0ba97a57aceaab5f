"""Options of `tally verify` that cannot be meant, and results that are shown whatever happens."""

import json
import re
import shlex
import socket
import sys
from xml.etree import ElementTree as ET

import pytest
from abuse_cases import sound_contract, sound_tool
from producers import producer


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--base-url", "http://x:99999"), "the target address"),
        (("--deadline", "0"), "--deadline"),
        (("--deadline", "nan"), "nan is no number of seconds"),
        (("--consumer", ""), "'--consumer': it is empty"),
        (("--state-url", "localhost/_state"), "the state address"),
        (("--state-command", " "), "--state-command names no command"),
        (("--environment", "production"), "--environment says nothing of files"),
        (("--consumer", "somebody-else"), "none of these files is a contract of somebody-else"),
        (("--header", "X-Env: test", "--mcp-command", "server"), "--header goes with an address"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(tally, contract, options, said):
    place = () if {"--base-url", "--mcp-command"} & set(options) else ("--base-url", "http://x")
    answer = tally("verify", "--producer", "target", "--file", contract, *place, *options)

    assert answer.code == 2
    assert said in answer.err


def test_a_result_that_the_broker_does_not_take_is_shown_all_the_same(tally, contract):
    with producer(body=b'{"id": 1}') as (url, _):
        said = tally(
            *("verify", "--producer", "target", "--base-url", url, "--file", contract),
            *("--publish", "--version", "1", "--broker-url", "http://127.0.0.1:1"),
            *("--output", "json"),
        )

    assert (said.code, said.json["outcome"]) == (4, "failed")
    assert "Connection refused" in said.err


def test_a_report_of_nothing_is_no_green_report(team, contract):
    team("publish", contract, "--version", "1")
    team("environments", "create", "empty")
    where = ("--base-url", "http://x", "--environment", "empty")
    said = team("verify", "--producer", "target", *where, "--output", "junit")

    case = ET.fromstring(said.out).find("testsuite/testcase/skipped")
    assert said.code == 3
    assert "nothing to verify" in case.get("message")


@pytest.mark.parametrize("kind", ["--state-url", "--state-command"])
def test_no_state_hook_waits_beyond_the_deadline(tally, tmp_path, kind):
    example = {"name": "x", "provider_state": "rich", "input": {}}
    file = tmp_path / "one.contract.json"
    file.write_text(json.dumps(sound_contract(tools=[sound_tool(examples=[example])])))
    with producer(body=b"{}") as (url, seen), socket.create_server(("127.0.0.1", 0)) as silent:
        hooks = {
            "--state-url": f"http://127.0.0.1:{silent.getsockname()[1]}",
            "--state-command": shlex.join([sys.executable, "-c", "import time; time.sleep(600)"]),
        }
        said = tally(
            *("verify", "--producer", "target", "--base-url", url, "--file", file),
            *("--deadline", "1.5", kind, hooks[kind], "--output", "json"),
        )

    assert (said.code, seen) == (3, [])
    note = said.json["contracts"][0]["checks"][0]["note"]
    assert re.search(r"within (1\.[0-9]+|0\.[0-9]+) s", note), note  # what was left of it
