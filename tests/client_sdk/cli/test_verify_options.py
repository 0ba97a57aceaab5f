"""Options of `tally verify` that cannot be meant, and results that are shown whatever happens."""

from xml.etree import ElementTree as ET

import pytest
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
