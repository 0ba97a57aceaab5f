"""The main story: a change breaks, is flagged with a witness, is stopped, is fixed, is deployed."""

import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey
CONTRACTS = Path(__file__).parents[2] / "contracts" / "demo" / "buyer-agent-v2"


def publish(team, version, *options):
    file = CONTRACTS / f"{version}.contract.json"
    return team.tally("publish", file, "--version", version, "--output", "json", *options)


def can_deploy(team, participant, version):
    return team.tally(
        *("can-i-deploy", "--participant", participant, "--version", version),
        *("--environment", "production", "--output", "json"),
    )


def test_a_breaking_change_is_flagged_stopped_fixed_and_deployed(team, verify):
    # a consumer publishes, a producer verifies, both go to production
    assert team.tally("environments", "create", "production", "--production").code == 0
    first = publish(team, "2.1.0", "--branch", "main")
    assert first.code == 0, first.err
    assert first.json["publications"][0]["created"] is True
    assert can_deploy(team, "buyer-agent-v2", "2.1.0").code == 1
    passed = verify("1.5.0")
    assert passed.code == 0, passed.out
    assert deploy(team, "gateway", "1.5.0").code == 0
    yes = can_deploy(team, "buyer-agent-v2", "2.1.0")
    assert (yes.code, yes.json["decision"]) == (0, "yes")
    assert deploy(team, "buyer-agent-v2", "2.1.0").code == 0

    # the next version breaks: flagged with a value that a reader can try
    second = publish(team, "2.2.0", "--branch", "feat/numbers")
    report = second.json["publications"][0]["report"]
    errors = {
        finding["id"]: finding for finding in report["findings"] if finding["severity"] == "error"
    }
    assert report["against"]["version"] == "2.1.0"
    assert set(errors) == {"input-required-added", "output-type-changed"}
    assert isinstance(errors["output-type-changed"]["witness"]["amount"], int | float)
    assert "memo" not in errors["input-required-added"]["witness"]

    # the producer's next build does not satisfy what runs in production
    failed = verify("1.6.0", "rename-status")
    assert failed.code == 1
    violations = [
        violation
        for contract in failed.json["contracts"]
        for tool in contract["tools"]
        for violation in tool["violations"]
    ]
    assert any("status" in violation["message"] for violation in violations)
    no = can_deploy(team, "gateway", "1.6.0")
    assert (no.code, no.json["decision"]) == (1, "no")
    assert no.json["rows"][0]["outcome"] == "failed"
    assert no.json["reasons"][0]["code"]

    # fixed, verified, deployed
    assert verify("1.6.1").code == 0
    fixed = can_deploy(team, "gateway", "1.6.1")
    assert (fixed.code, fixed.json["decision"]) == (0, "yes")
    assert deploy(team, "gateway", "1.6.1").code == 0

    # and the matrix shows it
    rows = team.tally("matrix", "--environment", "production", "--output", "json").json["rows"]
    assert [
        (row["consumer"]["version"], row["producer"]["version"], row["outcome"]) for row in rows
    ] == [("2.1.0", "1.6.1", "verified")]
    assert "verified" in fetched(f"{team.broker_url}/integrations/buyer-agent-v2/gateway")


def test_a_decision_that_no_longer_holds_stops_the_deployment(team, verify):
    team.tally("environments", "create", "production", "--production")
    publish(team, "2.1.0", "--branch", "main")
    verify("1.5.0")
    deploy(team, "gateway", "1.5.0")
    decided = can_deploy(team, "buyer-agent-v2", "2.1.0").json["as_of"]
    verify("1.5.0", "rename-status")  # the same build fails when it is run again
    refused = team.tally(
        *("record-deployment", "--participant", "buyer-agent-v2", "--version", "2.1.0"),
        *("--environment", "production", "--expect-as-of", decided),
    )
    assert refused.code == 5
    assert "409" in refused.err


def deploy(team, participant, version):
    return team.tally(
        *("record-deployment", "--participant", participant, "--version", version),
        *("--environment", "production"),
    )


def fetched(url):
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()
