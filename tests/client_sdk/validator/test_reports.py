"""Reports in every form, cassettes, evidence, and the guide's compliance scenario."""

import json
import threading
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

import pytest

from client_sdk.validator import AgentContract, ContractValidator, ToolContract

SENT = {"properties": {"agent_id": {"type": "string"}}, "required": ["agent_id"]}
TOOL = ToolContract(
    "get_balance", "1.0", SENT, {"balance": {"type": "string"}}, ["balance", "currency"]
)
BROKEN = {"status_code": 200, "body": {"balance": 1, "currency": "USD"}}
SOUND = {"status_code": 200, "body": {"balance": "1.00", "currency": "USD"}}


@dataclass
class Entry:
    request_tool: str
    request_input: object
    response_status: int
    response_body: object


@dataclass
class Recording:
    name: str
    entries: list = field(default_factory=list)


@pytest.fixture
def validator():
    validator = ContractValidator()
    validator.add_contract(AgentContract("buyer", "gateway", [TOOL]))
    return validator


@pytest.fixture
def judged(validator):
    validator.validate_response("get_balance", SOUND)
    validator.validate_response("get_balance", BROKEN)
    return validator


def test_the_report_counts(judged):
    """V9"""
    report = judged.report()

    numbers = {name: report[name] for name in ("total_validations", "total_violations", "errors")}
    assert numbers == {"total_validations": 2, "total_violations": 1, "errors": 1}
    assert (report["passed"], report["reason"], report["warnings"]) == (False, "errors", 0)
    assert report["violations"][0]["path"] == "/balance"
    json.dumps(report)


def test_infos_are_counted(validator):
    """v18"""
    constraint = {"type": "field_equals", "field": "currency", "value": "EUR", "severity": "info"}
    tool = ToolContract("get_balance", "1.0", {}, {}, constraints=[constraint])
    validator.add_contract(AgentContract("auditor", "gateway", [tool]))

    validator.validate_response("get_balance", SOUND)

    report = validator.report()
    assert (report["infos"], report["total_violations"], report["passed"]) == (1, 1, True)


def test_nothing_validated_is_not_a_pass(validator):
    """v1"""
    report = validator.report()

    assert (report["passed"], report["reason"]) == (False, "no_evidence")
    assert 'failures="1"' in validator.report("junit")
    assert "no_evidence" in validator.report("table")


def test_a_table_has_a_line_per_violation(judged):
    lines = judged.report("table").splitlines()

    assert lines[0] == "not passed (errors): 2 validations, 1 errors, 0 warnings, 0 infos"
    assert lines[2].split()[:4] == ["error", "buyer", "get_balance", "/balance"]


def test_names_cannot_break_the_markdown(validator):
    validator.validate_response("get|`<b>\n", SOUND)

    text = validator.report("markdown")

    assert "get\\|\\`\\<b\\>" in text
    assert len(text.splitlines()) == 5


def test_junit_has_a_case_per_validation(judged):
    suite = ET.fromstring(judged.report("junit"))

    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.find("failure") is not None for case in suite] == [False, True]


def test_sarif_has_stable_fingerprints(judged):
    run = json.loads(judged.report("sarif"))["runs"][0]

    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("type", "error")
    judged.reset()
    judged.validate_response("get_balance", BROKEN)
    again = json.loads(judged.report("sarif"))["runs"][0]["results"][0]
    assert result["partialFingerprints"] == again["partialFingerprints"]


def test_an_unknown_format_is_refused(judged):
    with pytest.raises(ValueError, match="'xml' is none of dict, table"):
        judged.report("xml")


def test_a_violation_is_explained(judged):
    """E4"""
    text = judged.explain(judged.violations[0])

    assert "balance should be string, is 1" in text
    assert "Agreed in the contract of buyer, tool get_balance 1.0." in text
    assert "sha256:" in text


def test_an_explanation_needs_no_contract(validator):
    (found,) = validator.validate_response("get_balanse", SOUND)

    assert "load the contract" in validator.explain(found)


def test_reset_forgets_what_was_found_and_keeps_the_contracts(judged):
    """E4"""
    judged.reset()

    assert judged.report()["total_validations"] == 0
    assert len(judged.contracts) == 1


def test_a_cassette_is_judged_entry_by_entry(validator):
    """E4, V11: anything with entries."""
    sound, broken = SOUND["body"], BROKEN["body"]
    recording = Recording(
        "wallet",
        [
            Entry("get_balance", {"agent_id": "test-a"}, 200, sound),
            Entry("get_balance", {}, 200, broken),
            Entry("get_wallet", {}, 200, {}),
        ],
    )

    found = validator.validate_cassette(recording)

    assert [(each.location, each.rule) for each in found] == [
        ("cassette wallet, entry 1", "required"),
        ("cassette wallet, entry 1", "type"),
        ("cassette wallet, entry 2", "unmatched"),
    ]
    assert validator.report()["total_validations"] == 2


def test_an_empty_cassette_is_no_evidence(validator):
    (found,) = validator.validate_cassette(Recording("empty"))

    assert (found.rule, found.location) == ("no_entries", "cassette empty")
    assert not validator.report()["passed"]


def test_evidence_says_what_was_judged_by_what(judged):
    """V12, decision 8"""
    record = judged.evidence("gateway", "2.0.0", commit="abc").to_json()

    assert (record["kind"], record["verdict"]) == ("contract", "fail")
    assert record["payload"]["numbers"]["errors"] == 1
    assert record["payload"]["inputs"] == {"contract 0": judged.contracts[0].digest}


def test_evidence_of_nothing_is_inconclusive(validator):
    assert validator.evidence("gateway", "2.0.0").to_json()["verdict"] == "inconclusive"
    validator.validate_response("get_balance", SOUND)
    assert validator.evidence("gateway", "2.0.0").to_json()["verdict"] == "pass"


def test_threads_lose_nothing(validator):
    def work():
        for _ in range(50):
            validator.validate_response("get_balance", BROKEN)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert validator.report()["total_validations"] == 200
    assert validator.report()["errors"] == 200


def test_warnings_are_told_and_fail_no_case():
    validator = ContractValidator(on_unmatched="warn")
    validator.validate_response("get_balance", SOUND)

    suite = ET.fromstring(validator.report("junit"))

    assert [case.find("system-out") is not None for case in suite] == [True, False]
    level = json.loads(validator.report("sarif"))["runs"][0]["results"][0]["level"]
    assert level == "warning"


def test_a_file_that_could_not_be_read_is_a_case_of_its_own(tmp_path):
    (tmp_path / "bad.contract.json").write_text("{")
    validator = ContractValidator(tmp_path)
    validator.load_contracts()

    unread, nothing = ET.fromstring(validator.report("junit")).iter("failure")
    assert "bad.contract.json is no contract" in unread.get("message")
    assert nothing.get("message") == "nothing was validated"
    assert "Seen in" in validator.explain(validator.violations[0])


def test_what_is_listed_of_endless_traffic_has_a_bound(validator, monkeypatch):
    """Every call still counts, and every violation is told."""
    monkeypatch.setattr("client_sdk.validator.record.MOST_LISTED", 3)
    for _ in range(5):
        validator.validate_response("get_balance", SOUND)
    validator.validate_response("get_balance", BROKEN)

    assert validator.report()["total_validations"] == 6
    assert validator.report("junit").count("<testcase") == 4
    assert validator.report()["errors"] == 1


def test_an_explanation_names_the_version_that_was_broken():
    """v13, v17: the first contract of the consumer was named, whatever its version."""
    tools = [ToolContract("pay", each, {}, {"a": {"type": "integer"}}) for each in ("1.0", "2.0")]
    contracts = [AgentContract("buyer", "gateway", [tool]) for tool in tools]
    validator = ContractValidator()
    for each in contracts:
        validator.add_contract(each)
    found = validator.validate_response("pay", {"status_code": 200, "body": {"a": "x"}})

    assert [each.version for each in found] == ["2.0"]
    assert contracts[1].to_kernel().digest in validator.explain(found[0])
