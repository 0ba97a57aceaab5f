"""`tally cassettes list|diff|verify|scrub|prune|refresh|infer`."""

import json
from pathlib import Path

import pytest

from client_sdk.harness import AgentTestHarness, Cassette, CassetteEntry
from client_sdk.mock import GreenHelixMock, serve

RECENT = {"recorded_at": "2099-01-01T00:00:00Z", "agent_id": "test-a"}
OLD = {"recorded_at": "2020-01-01T00:00:00Z"}
PING = CassetteEntry("ping", {"n": 1}, 200, {"ok": True})
TOOL = {
    "tool_name": "ping",
    "version": "1",
    "input_schema": {"n": {"type": "integer"}},
    "output_schema": {"ok": {"type": "boolean"}},
    "required_output_fields": ["ok"],
}


def a_tape(name="one", *entries, metadata=RECENT, folder="tapes"):
    file = Path(folder) / f"{name}.json"
    Cassette(name, list(entries or (PING,)), dict(metadata)).save(file)
    return file


def a_contract(name="a.contract.json", **members):
    document = {"consumer": "buyer", "producer": "gateway", "tools": [TOOL | members]}
    Path(name).write_text(json.dumps(document))
    return name


def test_the_list_says_what_is_recorded(tally):
    a_tape("one", PING, PING)
    said = tally("cassettes", "list", "tapes", "-o", "json")

    (row,) = said.json["cassettes"]
    assert said.code == 0
    assert (row["file"], row["entries"], row["tools"], row["expired"]) == (
        "tapes/one.json",
        2,
        ["ping"],
        False,
    )


def test_the_default_folder_is_the_harnesses_own(tally):
    a_tape(folder="tests/cassettes")

    assert "tests/cassettes/one.json" in tally("cassettes", "list").out


def test_an_old_recording_fails_the_list_when_asked(tally):
    """H23"""
    a_tape("new")
    a_tape("old", metadata=OLD)
    a_tape("ageless", metadata={})
    said = tally("cassettes", "list", "tapes", "--max-age", "7d", "-o", "json")

    assert said.code == 1
    assert {row["name"]: row["expired"] for row in said.json["cassettes"]} == {
        "new": False,
        "old": True,
        "ageless": True,
    }
    assert tally("cassettes", "list", "tapes").code == 0


@pytest.mark.parametrize("age", ["7", "d", "-1d", "1y", "1.5d", ""])
def test_an_age_that_is_none_is_refused(tally, age):
    a_tape()

    assert tally("cassettes", "list", "tapes", "--max-age", age).code == 2


@pytest.mark.parametrize(
    "command",
    [
        ["list"],
        ["verify", "--contract", "a.contract.json"],
        ["scrub"],
        ["infer", "-c", "a", "-p", "b"],
    ],
)
def test_nothing_to_look_at_is_no_success(tally, command):
    a_contract()
    Path("empty").mkdir()
    for place in ("empty", "nowhere"):
        said = tally("cassettes", command[0], place, *command[1:])
        assert said.code == 2
        assert place in said.err


@pytest.mark.parametrize("content", ["{", "[]", '{"entries": [], "format_version": 99}'])
def test_a_file_that_is_no_cassette_exits_2_and_is_named(tally, content):
    Path("bad.json").write_text(content)
    said = tally("cassettes", "list", "bad.json")

    assert said.code == 2
    assert "bad.json" in said.err


def test_a_diff_says_what_changed(tally):
    old, new = a_tape("old"), a_tape("new", CassetteEntry("ping", {"n": 1}, 200, {"ok": False}))
    said = tally("cassettes", "diff", old, new)

    assert said.code == 1
    assert "/body/ok: true → false" in said.out
    assert tally("cassettes", "diff", old, old).code == 0


def test_a_recording_is_held_against_its_contract(tally):
    a_tape()
    said = tally("cassettes", "verify", "tapes", "--contract", a_contract(), "-o", "json")

    assert (said.code, said.json["outcome"]) == (0, "pass")


def test_a_recording_that_breaks_a_contract_exits_1_and_says_where(tally):
    a_tape()
    contract = a_contract(required_output_fields=["ok", "more"])
    said = tally("cassettes", "verify", "tapes", "--contract", contract)

    assert said.code == 1
    assert "buyer: more is missing" in said.out
    junit = tally("cassettes", "verify", "tapes", "--contract", contract, "-o", "junit").out
    sarif = tally("cassettes", "verify", "tapes", "--contract", contract, "-o", "sarif").json
    assert 'failures="1"' in junit
    assert sarif["runs"][0]["results"][0]["ruleId"] == "required"


def test_a_recording_that_no_contract_covers_exits_3(tally):
    a_tape()
    said = tally("cassettes", "verify", "tapes", "--contract", a_contract(tool_name="other"))

    assert said.code == 3
    assert "no contract covers the tool 'ping'" in said.out


@pytest.mark.parametrize("options", [[], ["--contract", "a.contract.json", "--producer", "gateway"],
                                     ["--contract", "a.contract.json", "--consumer", "nobody"],
                                     ["--contract", "a.contract.json", "--publish"]])  # fmt: skip
def test_what_to_check_against_is_said_once(tally, options):
    a_contract()
    a_tape()

    assert tally("cassettes", "verify", "tapes", *options).code == 2


def test_the_brokers_contracts_are_asked_and_the_result_is_published(team):
    """Evidence of kind cassettes"""
    a_tape()
    assert team("publish", a_contract(), "--version", "1", "--branch", "main").code == 0
    said = team(
        "cassettes",
        "verify",
        "tapes",
        "-p",
        "gateway",
        "--publish",
        "--participant",
        "buyer",
        "-v",
        "1",
    )

    assert said.code == 0, said.err
    listed = team("evidence", "list", "--participant", "buyer", "-o", "json").json["items"]
    assert [(each["kind"], each["verdict"], each["version"]) for each in listed] == [
        ("cassettes", "pass", "1")
    ]


def test_scrubbing_takes_secrets_out_and_is_done_once(tally):
    """h9"""
    file = Path("tapes/one.json")
    file.parent.mkdir()
    entry = {
        "request_tool": "log_in",
        "request_input": {"password": "hunter22"},
        "response_status": 200,
        "response_body": {},
    }
    file.write_text(json.dumps({"name": "one", "metadata": {}, "entries": [entry]}))

    dry = tally("cassettes", "scrub", "tapes", "--dry-run")
    assert dry.code == 1
    assert "/entries/0/request_input/password" in dry.out
    assert "hunter22" in file.read_text()
    assert tally("cassettes", "scrub", "tapes").code == 0
    assert "hunter22" not in file.read_text()
    assert tally("cassettes", "scrub", "tapes", "--dry-run").code == 0


@pytest.mark.parametrize("used", ["kept", "tapes/kept.json", "{here}/tapes/kept.json"])
def test_pruning_deletes_what_no_test_uses(tally, used):
    kept, orphan = a_tape("kept"), a_tape("orphan")
    Path("used.txt").write_text(used.format(here=Path.cwd().resolve()) + "\n")

    dry = tally("cassettes", "prune", "tapes", "--used", "used.txt", "--dry-run", "-o", "json")
    assert (dry.code, dry.json["deleted"], orphan.exists()) == (1, ["tapes/orphan.json"], True)
    assert tally("cassettes", "prune", "tapes", "--used", "used.txt").code == 0
    assert (kept.exists(), orphan.exists()) == (True, False)


def test_an_empty_list_of_use_deletes_nothing(tally):
    file = a_tape()
    Path("used.txt").write_text("\n")

    assert tally("cassettes", "prune", "tapes", "--used", "used.txt").code == 2
    assert file.exists()


@pytest.fixture
def recorded(tmp_path):
    """A flow in which the id of one answer goes into the next call, recorded over a socket."""
    with serve(GreenHelixMock()) as running:
        running.mock.set_balance("test-a", "100.00")
        harness = AgentTestHarness("test-key", "test-a", running.url, tmp_path / "tapes", "record")
        with harness, harness.cassette("pay"):
            sent = {"payer": "test-a", "payee": "test-b", "amount": "5.00"}
            escrow = harness.execute("create_escrow", sent).body["escrow_id"]
            harness.execute("release_escrow", {"escrow_id": escrow})
            harness.request("GET", "/health")
    return tmp_path / "tapes" / "pay.json"


def test_a_recording_is_refreshed_with_the_ids_of_today(tally, recorded):
    with serve(GreenHelixMock()) as running:
        running.mock.set_balance("test-a", "50.00")
        running.mock.set_balance("test-c", "50.00")
        running.mock.execute(
            "create_escrow", {"payer": "test-c", "payee": "test-b", "amount": "1.00"}
        )
        dry = tally(
            "cassettes", "refresh", "tapes", "--base-url", running.url, "--dry-run", "-o", "json"
        )
        before = recorded.read_bytes()
        said = tally("cassettes", "refresh", "tapes", "--base-url", running.url)

    assert dry.code == 1, dry.err
    assert said.code == 0, said.err
    assert before != recorded.read_bytes()
    fresh = Cassette.load(recorded).entries
    assert [entry.response_status for entry in fresh] == [200, 200, 200]
    assert fresh[1].request_input["escrow_id"] == fresh[0].response_body["escrow_id"]
    assert dry.json["cassettes"][0]["changes"]


def test_a_target_that_is_not_there_leaves_the_recording(tally, recorded):
    before = recorded.read_bytes()
    said = tally("cassettes", "refresh", "tapes", "--base-url", "http://127.0.0.1:9")

    assert said.code == 4
    assert recorded.read_bytes() == before


def test_a_call_with_a_secret_cannot_be_made_again(tally):
    a_tape("one", CassetteEntry("log_in", {"password": "⟨secret:1⟩"}, 200))
    said = tally("cassettes", "refresh", "tapes", "--base-url", "http://127.0.0.1:9")

    assert said.code == 2
    assert "record it by its test" in said.err


def test_a_production_target_is_refused(tally):
    """H22"""
    a_tape()

    assert tally("cassettes", "refresh", "tapes", "--base-url", "https://api.shop.com").code == 2


def test_a_contract_is_inferred_and_is_one(tally):
    a_tape()
    assert (
        tally(
            "cassettes",
            "infer",
            "tapes",
            "-c",
            "buyer",
            "-p",
            "gateway",
            "--output-file",
            "b.contract.json",
        ).code
        == 0
    )

    assert tally("lint", "b.contract.json").code == 0
    assert tally("cassettes", "verify", "tapes", "--contract", "b.contract.json").code == 0
    assert (
        json.loads(tally("cassettes", "infer", "tapes", "-c", "buyer", "-p", "gateway").out)[
            "tools"
        ][0]["tool_name"]
        == "ping"
    )
