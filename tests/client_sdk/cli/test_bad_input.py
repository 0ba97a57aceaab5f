"""What the broker refuses, the command line refuses too: the same words, before anything is sent."""

import json

import abuse_cases
import pytest

from client_sdk.contract.errors import ContractError
from client_sdk.contract.reading import parse_contract

NOBODY = "http://127.0.0.1:9"
HOSTILE = [
    case
    for case in abuse_cases.corpus("documents", "contracts", "schemas", "patterns")
    if case.is_contract
    and not case.id.startswith("contracts/address-differs")
    and len(case.body) < 50_000
]
SAMPLE = HOSTILE[::6]


def refusal(body):
    with pytest.raises(ContractError) as caught:
        parse_contract(body)
    return caught.value


def written(tmp_path, body):
    file = tmp_path / "bad.contract.json"
    file.write_bytes(body)
    return file


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.id)
def test_a_hostile_file_is_refused_before_a_broker_is_asked(tally, tmp_path, case):
    file = written(tmp_path, case.body)

    said = tally("publish", file, "--version", "1", "--broker-url", NOBODY)

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("tally: ")
    assert "\x1b" not in said.err
    assert "Traceback" not in said.err
    first = refusal(case.body).faults[0]
    assert first.pointer in said.err or not first.pointer.isprintable()


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case.id)
def test_lint_names_the_fault_the_broker_would_name(tally, tmp_path, case):
    file = written(tmp_path, case.body)

    said = tally("lint", file, "--output", "json")

    assert said.code in {1, 2}
    assert "\x1b" not in said.out
    refused = {(fault.code, fault.pointer) for fault in refusal(case.body).faults}
    found = {(fault["code"], fault["pointer"]) for fault in said.json["files"][0]["faults"]}
    assert refused <= found


def test_a_file_that_is_no_json_is_a_usage_error_for_lint(tally, tmp_path):
    assert tally("lint", written(tmp_path, b'{"consumer": NaN}')).code == 2


@pytest.mark.parametrize("case", SAMPLE[::5], ids=lambda case: case.id)
def test_diff_refuses_either_file(tally, tmp_path, case):
    sound = tmp_path / "sound.contract.json"
    sound.write_text(json.dumps(abuse_cases.sound_contract()))
    bad = written(tmp_path, case.body)

    assert [tally("diff", *pair).code for pair in ((sound, bad), (bad, sound))] == [2, 2]


def test_a_file_over_the_limit_is_not_read(tally, tmp_path):
    file = written(tmp_path, b" " * (2 * 2**20 + 1))

    said = tally("publish", file, "--version", "1", "--broker-url", NOBODY)

    assert said.code == 2
    assert "2097152" in said.err


def test_what_only_the_broker_can_refuse_exits_5_with_its_words(team, tmp_path):
    file = written(tmp_path, json.dumps(abuse_cases.sound_contract()).encode())
    assert team("publish", file, "--version", "1").code == 0
    file.write_text(
        json.dumps(
            abuse_cases.sound_contract(tools=[abuse_cases.sound_tool(description="another")])
        )
    )

    said = team("publish", file, "--version", "1")

    assert said.code == 5
    assert "409 content-conflict" in said.err
    assert "request id" in said.err


@pytest.mark.parametrize("version", ["-", "a b", "1\n", "1\x1b[31m", "\u202e1"])
def test_a_version_outside_the_grammar_exits_5_without_forging_the_terminal(
    team, tmp_path, version
):
    file = written(tmp_path, json.dumps(abuse_cases.sound_contract()).encode())

    said = team("publish", file, f"--version={version}")

    assert said.code == 5
    assert "name-invalid" in said.err
    assert "\x1b" not in said.err
    assert "\u202e" not in said.err


def test_nobody_listening_exits_4(tally, tmp_path):
    file = written(tmp_path, json.dumps(abuse_cases.sound_contract()).encode())

    said = tally("publish", file, "--version", "1", "--broker-url", NOBODY)

    assert said.code == 4
    assert "127.0.0.1:9" in said.err
