import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from client_sdk.chaos import ChaosConfig, ChaosInjector, FirstN, Ramp
from client_sdk.cli.exits import Exit
from client_sdk.mock import GreenHelixMock, serve

CONTRACTS = Path(__file__).parents[3] / "contracts"
CONTRACT = CONTRACTS / "buyer-agent-v2--gateway.contract.json"
CALL = {"tool": "get_balance", "input": {"agent_id": "test-a"}, "times": 4}


def written(path, base_url, *configs, calls=(CALL,)):
    chaos = ChaosInjector(GreenHelixMock(), 42)
    for config in configs or [ChaosConfig("wrong_status", schedule=FirstN(2), id="broken")]:
        chaos.add_chaos(config)
    path.write_text(json.dumps(chaos.to_experiment(base_url, calls)), "utf-8")
    return path


@pytest.fixture(scope="module")
def gateway():
    with serve(GreenHelixMock()) as running:
        yield running.url


def test_an_experiment_that_holds_exits_0_and_writes_its_journal(tally, tmp_path, gateway):
    said = tally("chaos", "run", written(tmp_path / "e.json", gateway), "--journal", "out/j.json")

    assert said.code == Exit.OK
    assert "pass (completed)" in said.out
    journal = json.loads((tmp_path / "out/j.json").read_text("utf-8"))
    assert (journal["status"], journal["deviated"], journal["seed"]) == ("completed", False, 42)
    assert journal["run"][0]["output"]["injections"] == 2


def test_an_experiment_that_shows_nothing_exits_3(tally, tmp_path, gateway):
    file = written(tmp_path / "e.json", gateway, ChaosConfig("latency", probability=0))

    said = tally("chaos", "run", file)

    assert said.code == Exit.INCONCLUSIVE
    assert "inconclusive" in said.out


def test_an_experiment_that_deviates_exits_1(tally, tmp_path, gateway):
    """The probe spends what it looks at: the second look differs."""
    deposit = {"tool": "create_wallet", "input": {"agent_id": "test-once"}}
    file = written(tmp_path / "e.json", gateway, ChaosConfig("wrong_status"), calls=(deposit,))

    assert tally("chaos", "run", file).code == Exit.FAILED


@pytest.mark.parametrize("output", ["json", "markdown", "junit", "github"])
def test_a_run_is_said_in_every_format(tally, tmp_path, gateway, output):
    said = tally("chaos", "run", written(tmp_path / "e.json", gateway), "--output", output)

    assert said.code == Exit.OK
    assert said.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1"),
        ("{}", "an object with a title"),
        ('{"title": "t"}', "has no steady state"),
    ],
)
def test_a_file_that_is_no_experiment_exits_2(tally, tmp_path, content, message):
    (tmp_path / "e.json").write_text(content, "utf-8")

    said = tally("chaos", "run", tmp_path / "e.json")

    assert said.code == Exit.USAGE
    assert message in said.err
    assert not (tmp_path / "journal.json").exists()


def test_a_replay_shows_which_calls_a_seed_strikes(tally, tmp_path):
    file = written(tmp_path / "e.json", "http://127.0.0.1:1")

    said = tally("chaos", "replay", file)

    assert said.code == Exit.OK
    assert "Seed 42 strikes 2 of 4 decisions" in said.out
    assert "broken" in said.out


def test_a_replay_takes_another_seed_and_more_calls(tally, tmp_path):
    file = written(tmp_path / "e.json", "http://127.0.0.1:1", ChaosConfig("latency", 0.3, id="x"))

    def struck(*options):
        said = tally("chaos", "replay", file, "--calls", 50, "--output", "json", *options)
        return [each["call_number"] for each in said.json["decisions"] if each["strikes"]]

    assert struck("--seed", 1) == struck("--seed", 1)
    assert struck("--seed", 1) != struck("--seed", 2)


def test_numbers_with_a_point_are_read_from_files(tally, tmp_path):
    ramp = ChaosConfig("latency", 0.5, jitter_ms=0.5, schedule=Ramp(4, start=0.25))

    said = tally("chaos", "replay", written(tmp_path / "e.json", "http://127.0.0.1:1", ramp))

    assert said.code in {Exit.OK, Exit.INCONCLUSIVE}
    assert "of 4 decisions" in said.out


@pytest.mark.parametrize("times", ["many", None, 0, -3, 10**9, 1.5, True])
def test_calls_that_cannot_be_made_so_often_are_refused(tally, tmp_path, times):
    """E7"""
    call = {"tool": "get_balance", "times": times}
    file = written(tmp_path / "e.json", "http://127.0.0.1:9", calls=[call])

    said = tally("chaos", "replay", file)

    assert said.code == Exit.USAGE
    assert "must be a whole number from 1 to 10000" in said.err


def test_a_replay_reads_a_journal_too(tally, tmp_path, gateway):
    tally("chaos", "run", written(tmp_path / "e.json", gateway))

    assert tally("chaos", "replay", "journal.json").code == Exit.OK


def test_a_seed_that_strikes_nothing_exits_3(tally, tmp_path):
    file = written(tmp_path / "e.json", "http://127.0.0.1:1", ChaosConfig("latency", 0))

    assert tally("chaos", "replay", file).code == Exit.INCONCLUSIVE


def test_a_run_is_published_as_evidence(team, tmp_path, gateway):
    """E0: principle 7"""
    assert team("publish", CONTRACT, "--version", "1").code == Exit.OK
    about = ("--publish", "--participant", "gateway", "--version", "1.0")

    said = team("chaos", "run", written(tmp_path / "e.json", gateway), *about)

    assert said.code == Exit.OK, said.err
    assert "recorded as evidence about gateway 1.0" in said.out
    (item,) = team("evidence", "list", "-p", "gateway", "-o", "json").json["items"]
    assert (item["kind"], item["verdict"]) == ("chaos", "pass")


def test_evidence_is_about_somebody(tally, tmp_path, gateway):
    said = tally("chaos", "run", written(tmp_path / "e.json", gateway), "--publish")

    assert said.code == Exit.USAGE
    assert "--publish needs --participant and --version" in said.err


def test_a_misspelt_toxic_exits_2_with_the_right_one(tally):
    said = tally("chaos", "proxy", "--upstream", "http://127.0.0.1:1", "--toxic", "latencey")

    assert said.code == Exit.USAGE
    assert "did you mean 'latency'" in said.err


def test_an_upstream_over_tls_exits_2(tally):
    assert tally("chaos", "proxy", "--upstream", "https://x").code == Exit.USAGE


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_proxy_breaks_calls_until_it_is_told_to_stop(gateway, how):
    command = [sys.executable, "-m", "client_sdk.cli", "chaos", "proxy", "--upstream", gateway]
    process = subprocess.Popen(
        [*command, "--toxic", "garbage", "--seed", "7"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        first = process.stdout.readline()
        assert first.endswith(f"breaks the way to {gateway}, seed 7\n")
        with pytest.raises(requests.ConnectionError):
            requests.get(first.split()[0], timeout=2)
        process.send_signal(how)
        rest, _ = process.communicate(timeout=10)
    finally:
        process.kill()
        process.stdout.close()
    assert (process.returncode, rest) == (0, "1 connection: garbage on 1\n")
