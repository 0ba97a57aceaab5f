"""`tally canary`, `rollback-check` and `budget` as a shell sees them, with real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
import requests

from client_sdk.cli.canary_plan import gates_of
from client_sdk.cli.processes import server
from client_sdk.mock import GreenHelixMock

SOON = (
    *("--weight", "50", "--step", "100", "--step-seconds", "0.5", "--poll", "0.1"),
    *("--min-requests", "5", "--seed", "1"),
)
BUYER = {
    "consumer": "buyer-agent",
    "producer": "gateway",
    "tools": [
        {
            "tool_name": "get_balance",
            "version": "1.0",
            "input_schema": {"agent_id": {"type": "string"}},
            "output_schema": {"balance": {"type": "string"}},
            "required_output_fields": ["balance"],
            "examples": [{"name": "a wallet", "input": {"agent_id": "test-a"}}],
        }
    ],
}
FAST = (*SOON, "--error-rate", "0.3")


@contextmanager
def gateway(*behaviours):
    """`tally mock serve` as a process; gives its address."""
    command = [sys.executable, "-m", "client_sdk.mock", "--port", "0"]
    for each in behaviours:
        command += ["--behaviour", each]
    with server(command, "listens on ") as running:
        yield running.url


@contextmanager
def canary_run(*arguments):
    """`tally canary run` as a process; gives it and the address of its proxy."""
    command = [sys.executable, "-m", "client_sdk.cli", "canary", "run", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet()
    )
    try:
        line = process.stderr.readline()
        while line and "listens on" not in line:
            line = process.stderr.readline()
        assert line, "it did not start"
        yield process, line.split("listens on ")[1].strip()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def quiet():
    taken = ("TALLY_", "PACT_", "GITHUB_", "CI_", "GREENHELIX_", "AGENT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(taken)}


def callers(url, process, tool="get_balance"):
    """Call through the proxy until its process has ended."""

    def call():
        with requests.Session() as session:
            while process.poll() is None:
                try:
                    session.post(f"{url}/v1/{tool}", json={"agent_id": "test-a"}, timeout=5)
                except requests.RequestException:
                    return

    threads = [threading.Thread(target=call) for _ in range(2)]
    for each in threads:
        each.start()
    return threads


def ended(process, threads):
    out, _ = process.communicate(timeout=60)
    for each in threads:
        each.join(timeout=10)
    return process.returncode, out


def test_a_canary_that_is_no_worse_gets_every_caller(tmp_path):
    """Issue 4 point 6: between two processes."""
    state = tmp_path / "canary.json"
    with gateway() as stable, gateway() as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(state), "-o", "json")
        with canary_run(*wiring, *FAST) as (process, url):
            code, out = ended(process, callers(url, process))

    assert (code, json.loads(out)["final_state"]) == (0, "promoted")
    assert not state.with_name("canary.json.control").exists()


def test_a_faulty_canary_is_rolled_back(tmp_path):
    state = tmp_path / "canary.json"
    with gateway() as stable, gateway("server-error") as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(state), "-o", "json")
        with canary_run(*wiring, *SOON) as (process, url):
            code, out = ended(process, callers(url, process))

    said = json.loads(out)
    assert (code, said["final_state"]) == (1, "rolled_back")
    assert said["rollback_reason"].startswith("errors: 100.00% on the canary")


def test_a_canary_that_breaks_a_contract_is_rolled_back_with_the_consumers_name(tmp_path):
    """E6: every status is 200."""
    state, contract = tmp_path / "canary.json", tmp_path / "buyer.contract.json"
    contract.write_text(json.dumps(BUYER))
    with gateway() as stable, gateway("amount-as-number") as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(state))
        with canary_run(*wiring, *FAST, "--contract", str(contract), "-o", "json") as (
            process,
            url,
        ):
            code, out = ended(process, callers(url, process))

    reason = json.loads(out)["rollback_reason"]
    assert code == 1
    assert reason.startswith("get_balance breaks the contract of buyer-agent: ")


def test_an_operator_moves_a_canary_that_runs(tmp_path, tally):
    state = tmp_path / "canary.json"
    slow = ("--weight", "5", "--step", "50", "--step", "100", "--poll", "0.1", "--seed", "1")
    with gateway() as stable, gateway() as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(state))
        with canary_run(*wiring, *slow) as (process, url):
            first = tally("canary", "status", "--state", state, "-o", "json").json
            second = tally("canary", "promote", "--state", state, "-o", "json").json
            third = tally(
                "canary", "rollback", "--state", state, "--reason", "a hunch", "-o", "json"
            )
            code, out = ended(process, [])

    assert (first["state"], first["weight"], first["url"]) == ("running", 5, url)
    assert (second["state"], second["weight"]) == ("running", 50)
    assert (third.code, third.json["rollback_reason"]) == (0, "a hunch")
    assert code == 1
    assert "rolled_back at 0 %" in out


def test_a_stopped_run_goes_on_where_it_was(tmp_path, tally):
    """E6 `store`: SIGTERM leaves a running canary behind, and its state in the file."""
    state = tmp_path / "canary.json"
    with gateway() as stable, gateway() as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(state), "--poll", "0.1")
        with canary_run(*wiring, "--seed", "1") as (process, _):
            tally("canary", "promote", "--state", state)
            process.send_signal(signal.SIGTERM)
            code, _ = ended(process, [])
        between = tally("canary", "status", "--state", state, "-o", "json")
        with canary_run(*wiring, "--seed", "1"):
            after = tally("canary", "status", "--state", state, "-o", "json").json

    assert code == 3
    assert (between.code, between.json["state"], between.json["weight"]) == (0, "running", 25)
    assert (after["state"], after["weight"]) == ("running", 25)


def test_a_canary_that_does_not_run_can_be_rolled_back_but_not_promoted(tmp_path, tally):
    """The gates could not be asked."""
    state = tmp_path / "canary.json"
    with gateway() as stable, gateway() as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(state), "--poll", "0.1")
        with canary_run(*wiring) as (process, _):
            process.send_signal(signal.SIGTERM)
            ended(process, [])
    promoted = tally("canary", "promote", "--state", state)
    back = tally("canary", "rollback", "--state", state, "-o", "json")
    status = tally("canary", "status", "--state", state)

    assert (promoted.code, "start it again with `tally canary run`" in promoted.err) == (1, True)
    assert (back.code, back.json["state"]) == (0, "rolled_back")
    assert status.code == 1


def test_a_gate_that_does_not_answer_lets_nobody_through(tmp_path, tally):
    """Fail closed: no broker, no canary."""
    said = tally(
        *("canary", "run", "--stable", "http://127.0.0.1:1", "--canary", "http://127.0.0.1:2"),
        *("--state", tmp_path / "canary.json", "-p", "gateway", "-v", "2", "-e", "production"),
        *("--broker-url", "http://127.0.0.1:1"),
    )

    assert said.code == 3
    assert "can_i_deploy failed" in said.err


class Broker:
    """Answers can-i-deploy as it is told."""

    def __init__(self, decision, *reasons):
        self.decision = {"decision": decision, "reasons": [{"message": each} for each in reasons]}
        self.asked = []

    def can_i_deploy(self, query):
        self.asked.append(dict(query))
        return self.decision


@pytest.mark.parametrize("decision", ["yes", "no", "unknown"])
def test_the_gate_gives_the_decision_and_its_reasons(decision):
    """E6: the canary asks the contract matrix."""
    broker = Broker(decision, "buyer@1 was not verified")
    plan = {"participant": "gateway", "version": "2", "environment": "production"}
    (gate,) = gates_of(broker, plan)
    opinion = gate(25)

    assert broker.asked == [plan]
    assert opinion.answer == decision
    assert opinion.reason == f"can-i-deploy says {decision}: buyer@1 was not verified"


def test_the_broker_is_asked_and_given_the_evidence(tmp_path, tally, broker_url):
    """Decision 8, E6."""
    there = ("--broker-url", broker_url)
    (tmp_path / "buyer.contract.json").write_text(json.dumps(BUYER))
    tally("environments", "create", "production", *there)
    tally("publish", "buyer.contract.json", "--version", "1", "--branch", "main", *there)
    with gateway() as stable, gateway() as canary:
        wiring = ("--stable", stable, "--canary", canary, "--state", str(tmp_path / "canary.json"))
        proven = ("-p", "gateway", "-v", "2", "--base-url", canary, "--only", "examples")
        assert tally("verify", *proven, "--publish", *there).code == 0
        asked = ("-p", "gateway", "-v", "2", "-e", "production", *there)
        with canary_run(*wiring, *FAST, *asked, "--publish", "-o", "json") as (process, url):
            code, out = ended(process, callers(url, process))
        listed = tally(
            "evidence", "list", "-p", "gateway", "--broker-url", broker_url, "-o", "json"
        )

    assert (code, json.loads(out)["final_state"]) == (0, "promoted")
    assert [each["kind"] for each in listed.json["items"]] == ["canary"]


def test_two_proxies_do_not_share_a_state(tmp_path, tally):
    state = tmp_path / "canary.json"
    wiring = ("--stable", "http://127.0.0.1:1", "--canary", "http://127.0.0.1:2", "--state", state)
    with canary_run(*map(str, wiring), "--poll", "0.1"):
        said = tally("canary", "run", *wiring, "--poll", "0.1")

    assert (said.code, "a proxy runs for" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--weight", "0"), "initial_weight_pct"),
        (("--step", "50", "--step", "20"), "promotion_steps"),
        (("--alpha", "2"), "alpha"),
        (("-p", "gateway"), "--participant and --environment"),
        (("--publish",), "--publish needs --participant"),
        (("--contract", "nowhere"), "nowhere does not exist"),
        (("--header", "no colon"), "is not NAME: VALUE"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(tally, options, named):
    said = tally("canary", "run", "--stable", "http://h", "--canary", "http://i", *options)

    assert said.code == 2
    assert named in said.err


@pytest.mark.parametrize("name", ["--stable", "--canary", "--port"])
def test_a_run_that_cannot_begin_leaves_no_state(tmp_path, tally, name):
    """It said "start", and the file held a canary that ran."""
    state = tmp_path / "canary.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        given = {
            "--stable": "http://127.0.0.1:9",
            "--canary": "http://127.0.0.1:9",
            "--port": "0",
            name: str(taken.getsockname()[1]),
        }
        options = [word for pair in given.items() for word in pair]
        said = tally("canary", "run", *options, "--state", str(state))

    assert said.code == 2
    assert "start at" not in said.err
    assert not state.exists()


def test_a_state_that_is_not_there_is_a_usage_error(tally):
    said = tally("canary", "status", "--state", "nowhere.json")

    assert (said.code, "nowhere.json does not exist" in said.err) == (2, True)


@pytest.fixture
def agent():
    mock = GreenHelixMock()
    mock.set_trust_score("test-a", "0.9")
    mock.set_balance("test-a", "50.00")
    mock.execute("submit_metrics", {"agent_id": "test-a", "requests": 100, "errors": 1})
    with mock.serve() as running:
        yield mock, ("--base-url", running.url, "--agent-id", "test-a")


def test_rollback_check_exits_with_the_verdict(tally, agent):
    """P8, p4."""
    mock, who = agent
    codes = [tally("rollback-check", *who).code]
    mock.execute("submit_metrics", {"agent_id": "test-a", "requests": 100, "errors": 50})
    bad = tally("rollback-check", *who, "-o", "json")
    unknown = tally("rollback-check", *who, "--least-requests", "1000", "-o", "json")
    codes += [
        bad.code,
        unknown.code,
        tally("rollback-check", "--base-url", "http://127.0.0.1:1", "--agent-id", "a").code,
    ]

    assert codes == [0, 1, 3, 4]
    assert bad.json["decision"] == "rollback"
    assert [each["name"] for each in bad.json["criteria"]] == [
        "identity",
        "trust",
        "errors",
        "balance",
    ]


def test_rollback_check_compares_with_a_snapshot(tally, agent):
    """p4."""
    mock, who = agent
    taken = tally("rollback-check", *who, "--take-snapshot", "before.json")
    mock.set_balance("test-a", "20.00")
    fallen = tally("rollback-check", *who, "--snapshot", "before.json", "-o", "json")
    missing = tally("rollback-check", *who, "--snapshot", "nowhere.json")

    assert (taken.code, fallen.code, missing.code) == (0, 1, 2)
    assert "20.00 after 50.00" in fallen.out


def test_a_snapshot_of_nothing_is_not_written(tally, tmp_path):
    said = tally(
        *("rollback-check", "--base-url", "http://127.0.0.1:1", "--agent-id", "a"),
        *("--take-snapshot", "before.json"),
    )

    assert said.code == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", ["table", "json", "markdown", "junit", "sarif", "github"])
def test_rollback_check_says_it_in_every_format(tally, agent, output):
    assert tally("rollback-check", *agent[1], "-o", output).code == 0


def test_budget_set_caps_the_agent_on_the_gateway(tally, agent):
    """P7, p2."""
    mock, who = agent
    said = tally("budget", "set", *who, "-o", "json")
    over = {"payer": "test-a", "payee": "test-b", "amount": "1.01"}

    assert (said.code, said.json["daily"], said.json["monthly"]) == (0, "5.00", "50.00")
    assert mock.execute("create_escrow", over).status_code == 403


def test_budget_set_fails_when_the_gateway_does_not_set_it(tally, agent):
    mock, who = agent
    mock.inject_error(500, tool="set_budget_cap")

    assert tally("budget", "set", *who).code == 1
    assert tally("budget", "set", *who, "--daily", "much").code == 2


def test_budget_check_says_whether_a_run_is_covered(tally, agent):
    mock, who = agent
    codes = [
        tally("budget", "check", *who, "--needs", needs).code for needs in ("50.00", "50.01", "x")
    ]
    mock.inject_error(500, tool="get_balance")
    codes.append(tally("budget", "check", *who).code)

    assert codes == [0, 1, 2, 3]


def test_each_environment_has_a_key_of_its_own(tally, monkeypatch):
    """P6: test money is capped with the sandbox key, production watched with its own."""
    monkeypatch.setenv("GREENHELIX_SANDBOX_KEY", "sandbox-key")
    monkeypatch.setenv("GREENHELIX_PROD_KEY", "prod-key")
    codes = []
    for key in ("sandbox-key", "prod-key"):
        with GreenHelixMock().serve(key=key) as running:
            who = ("--base-url", running.url, "--agent-id", "test-a")
            codes.append(tally("budget", "set", *who).code)
            checked = tally("rollback-check", *who, "-o", "json").json
            codes.append("404" in checked["criteria"][0]["reason"])

    assert codes == [0, False, 1, True]


@pytest.mark.parametrize("amount", ["1_000", "nan", "-1", "1e99", "ten"])
def test_an_amount_that_no_ledger_knows_is_a_usage_error(tally, amount):
    """Decision 4, p4: what only Python reads is no amount."""
    who = ("--base-url", "http://127.0.0.1:1", "--agent-id", "a")
    checked = tally("rollback-check", *who, "--least-balance", amount)
    covered = tally("budget", "check", *who, "--needs", amount)

    assert (checked.code, covered.code) == (2, 2)
    assert "--least-balance" in checked.err
    assert "--needs" in covered.err


@pytest.mark.parametrize("written", ["NaN", "1_000"])
def test_a_damaged_snapshot_is_a_usage_error(tally, tmp_path, written):
    """p4: it ended in an internal error."""
    saved = {"taken_at": 0, "trust": written, "balance": None}
    (tmp_path / "before.json").write_text(json.dumps(saved))
    who = ("--base-url", "http://127.0.0.1:1", "--agent-id", "a")
    said = tally("rollback-check", *who, "--snapshot", "before.json")

    assert said.code == 2
    assert "which is no decimal" in said.err


@pytest.mark.parametrize("seconds", ["nan", "inf"])
def test_a_watch_of_no_length_is_a_usage_error(tally, seconds):
    """k9: with NaN there was no watch."""
    arms = ("--stable", "http://127.0.0.1:1", "--canary", "http://127.0.0.1:2")
    said = tally("canary", "run", *arms, "--watch-seconds", seconds)

    assert (said.code, "--watch-seconds" in said.err) == (2, True)
