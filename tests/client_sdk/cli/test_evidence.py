"""`tally evidence`, what environments demand, and what the gate says about it (issue 4 point 9)."""

import json

import pytest

from client_sdk.broker_client import BrokerClient
from client_sdk.contract.canonical import digest_of
from client_sdk.exchange.evidence import Evidence, EvidenceKind, Outcome
from client_sdk.settings import BrokerAddress

SHOP = ("-p", "abuse", "-v", "1")
PRODUCTION = ("--environment", "production")
PRINTED = ("id", "kind", "verdict", "participant", "version", "digest", "payload", "created_at")


@pytest.fixture
def written(tmp_path):
    def write(document, name="evidence.json"):
        file = tmp_path / name
        file.write_text(json.dumps(document))
        return file

    return write


@pytest.fixture
def shop(team, written):
    """`abuse@1` is known, and `production` exists."""
    contract = {
        "consumer": "abuse",
        "producer": "target",
        "tools": [{"tool_name": "quote", "version": "1", "input_schema": {}, "output_schema": {}}],
    }
    team("publish", written(contract, "one.contract.json"), "--version", "1")
    team("environments", "create", "production")
    return team


def a_record(verdict="pass", **members):
    return Evidence("chaos", Outcome(verdict), "abuse", "1", **members).to_json()


def test_a_record_of_a_tool_is_published_as_it_is(shop, written):
    record = a_record(numbers={"injections": 12}, seed=7)

    said = shop("evidence", "publish", written(record), "-o", "json")

    assert said.code == 0
    assert said.json["created"]
    assert set(said.json["evidence"]) == set(PRINTED)
    assert said.json["evidence"]["digest"] == record["digest"]
    assert said.json["evidence"]["payload"]["numbers"] == {"injections": 12}


def test_the_same_record_again_changes_nothing(shop, written):
    shop("evidence", "publish", written(a_record()))

    again = shop("evidence", "publish", written(a_record()))

    assert again.code == 0
    assert "known already" in again.out
    assert len(shop("evidence", "list", "-o", "json").json["items"]) == 1


def test_any_object_is_a_payload_when_the_options_say_the_rest(shop, written):
    file = written({"score": 3})
    about = ("--kind", "load-test", "--verdict", "fail")

    said = shop("evidence", "publish", file, *SHOP, *about, "-o", "json")

    assert said.json["evidence"]["payload"] == {"score": 3}
    assert said.json["evidence"]["verdict"] == "fail"


def test_a_verdict_is_never_made_up(shop, written):
    said = shop("evidence", "publish", written({"score": 3}), *SHOP, "--kind", "chaos")

    assert said.code == 2
    assert "give --verdict" in said.err


def test_an_option_replaces_what_the_record_says_and_its_digest(shop, written):
    about = ("--version", "2", "-o", "json")

    said = shop("evidence", "publish", written(a_record()), *about)

    found = said.json["evidence"]
    rest = {name: found[name] for name in ("kind", "verdict", "participant", "version", "payload")}
    assert found["version"] == "2"
    assert found["digest"] == digest_of(rest)
    assert "never seen before" in said.json["notices"][0]["text"]


def test_the_build_at_hand_does_not_replace_the_version_of_a_record(shop, written, monkeypatch):
    monkeypatch.setenv("TALLY_VERSION", "9")

    of_record = shop("evidence", "publish", written(a_record()), "-o", "json")
    about = ("-p", "abuse", "-k", "chaos", "--verdict", "pass", "-o", "json")
    of_payload = shop("evidence", "publish", written({}), *about)

    assert of_record.json["evidence"]["version"] == "1"
    assert of_payload.json["evidence"]["version"] == "9"


def test_a_record_that_was_changed_after_it_was_written_is_refused(shop, written):
    said = shop("evidence", "publish", written({**a_record("fail"), "verdict": "pass"}))

    assert said.code == 5
    assert "evidence-invalid" in said.err


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([1], "no JSON object"),
        ({**a_record(), "commit": "abc"}, "a record has only"),
    ],
)
def test_a_file_that_is_no_evidence_is_refused(shop, written, document, words):
    said = shop("evidence", "publish", written(document))

    assert said.code == 2
    assert words in said.err


def test_a_file_that_is_not_there_is_a_usage_error(shop, tmp_path):
    assert shop("evidence", "publish", tmp_path / "none.json").code == 2


def test_evidence_is_listed_newest_first_and_by_version(shop, written):
    for number, verdict in (("1", "pass"), ("2", "fail")):
        about = ("--version", number, "--verdict", verdict)
        shop("evidence", "publish", written(a_record()), *about)

    listed = shop("evidence", "list", "-p", "abuse", "-o", "json").json["items"]
    one = shop("evidence", "list", "-p", "abuse", "-v", "1")

    assert [each["version"] for each in listed] == ["2", "1"]
    assert "pass" in one.out
    assert "fail" not in one.out


def test_an_environment_demands_evidence_from_its_creation_on(shop):
    created = shop(
        "environments", "create", "live", "--require-evidence", "chaos", "-o", "json"
    ).json["environment"]

    assert created["required_evidence"] == ["chaos"]
    assert "chaos" in shop("environments", "list").out


def test_what_an_environment_demands_is_replaced_and_taken_back(shop):
    more = ("--require-evidence", "chaos", "--require-evidence", "benchmark", "-o", "json")

    changed = shop("environments", "update", "production", *more).json["environment"]
    none = shop("environments", "update", "production", "--require-no-evidence", "-o", "json")

    assert changed["required_evidence"] == ["benchmark", "chaos"]
    assert none.json["environment"]["required_evidence"] == []


@pytest.mark.parametrize(
    "options",
    [(), ("--require-evidence", "chaos", "--require-no-evidence")],
)
def test_a_change_that_makes_no_sense_is_not_sent(shop, options):
    assert shop("environments", "update", "production", *options).code == 2


def test_the_gate_names_the_missing_evidence_and_the_command_that_publishes_it(shop):
    shop("environments", "update", "production", "--require-evidence", "chaos")

    said = shop("can-i-deploy", "-p", "target", "-v", "1", *PRODUCTION)
    gate = shop("can-i-deploy", *SHOP, *PRODUCTION)

    assert (said.code, gate.code) == (1, 1)
    assert "evidence-missing" in gate.out
    assert "tally evidence publish FILE --participant abuse --version 1 --kind chaos" in gate.out


def test_a_report_for_a_test_runner_is_not_green_when_evidence_failed(shop, written):
    """E0.4: a gate that says no must not leave a report in which every case passed."""
    shop("environments", "update", "production", "--require-evidence", "chaos")
    shop("evidence", "publish", written(a_record("fail")))

    junit = shop("can-i-deploy", *SHOP, *PRODUCTION, "--ignore", "target", "-o", "junit")

    assert junit.code == 1
    assert "evidence-failed" in junit.out
    assert "<failure" in junit.out


def test_a_report_about_a_version_nobody_knows_is_not_green(shop):
    """E0.4: no row and no demand failed, and the answer still is no."""
    junit = shop("can-i-deploy", "-p", "abuse", "-v", "9", *PRODUCTION, "-o", "junit")

    assert junit.code == 1
    assert "<failure" in junit.out
    assert "has no version" in junit.out


def test_a_bound_nobody_measured_is_no_failure_in_a_report(shop, written, broker_url):
    tool = {"tool_name": "quote", "version": "1", "input_schema": {}, "output_schema": {}}
    contract = {
        "consumer": "abuse",
        "producer": "target",
        "tools": [{**tool, "expectations": {"max_bytes": 9}}],
    }
    shop("publish", written(contract, "two.contract.json"), "--version", "2")
    client = BrokerClient(BrokerAddress(broker_url))
    passed = {"tool_name": "quote", "outcome": "passed"}
    about = {"consumer": "abuse", "consumer_version": "2", "tools": [passed]}
    client.record_verification({"producer": "target", "version": "1", **about})
    shop("record-deployment", "-p", "target", "-v", "1", *PRODUCTION)

    junit = shop("can-i-deploy", "-p", "abuse", "-v", "2", *PRODUCTION, "-o", "junit")
    table = shop("can-i-deploy", "-p", "abuse", "-v", "2", *PRODUCTION)

    assert junit.code == 0
    assert "<failure" not in junit.out
    assert "expectation-unmeasured" in table.out


def test_evidence_that_passed_is_listed_with_the_decision(shop, written):
    shop("environments", "update", "production", "--require-evidence", "chaos")
    shop("evidence", "publish", written(a_record()))

    said = shop("can-i-deploy", *SHOP, *PRODUCTION, "--ignore", "target")

    assert said.code == 0
    assert "Evidence looked at" in said.out
    assert EvidenceKind.CHAOS in said.out
