"""Verifications over HTTP: what must be verified, and what was found."""

import pytest
from web_client import on_memory_and_file

from broker.storage import tool_results

pytestmark = on_memory_and_file

VIOLATION = {
    "field": "id",
    "expected": "string",
    "actual": {"deep": [1, None]},
    "severity": "error",
    "message": "is no string",
    "path": "/id",
}


def test_a_result_is_recorded_tool_by_tool(api):
    digest = api.publish("shop", "1", "pay", "pay", "refund")

    answer = api.post_verification(
        producer="pay",
        version="7",
        branch="main",
        build_url="https://ci.example/7",
        verifier={"name": "tally", "version": "1.2"},
        contract_digest=digest,
        tools=[
            {"tool_name": "pay", "outcome": "passed", "checks": 12, "coverage": "examples"},
            {"tool_name": "refund", "outcome": "failed", "violations": [VIOLATION]},
        ],
    )

    assert answer.status_code == 201
    found = answer.json["verification"]
    assert answer.headers["Location"] == f"/api/v1/verifications/{found['id']}"
    assert (found["number"], found["outcome"], found["consumer"]) == (1, "failed", "shop")
    assert found["tools"][0]["checks"] == 12
    assert found["tools"][1]["violations"] == [VIOLATION]
    assert (found["tools"][1]["checks"], found["tools"][1]["coverage"]) == (1, "sampled")
    assert api.get(f"/verifications/{found['id']}").json == answer.json
    assert api.get("/participants/pay/versions/7").json["version"]["branches"] == ["main"]


def test_a_contract_is_named_by_its_consumer_version_too(api):
    api.publish("shop", "1", "pay")

    answer = api.post_verification(
        producer="pay",
        version="7",
        consumer="shop",
        consumer_version="1",
        tools=[{"tool_name": "pay", "outcome": "not_tested", "checks": 0}],
    )

    assert answer.json["verification"]["outcome"] == "not_tested"


@pytest.mark.parametrize(
    "naming", [{}, {"consumer": "shop"}, {"consumer_version": "1"}, {"contract_digest": "sha256:x"}]
)
def test_a_result_without_a_contract_is_refused(api, naming):
    answer = api.post_verification(producer="pay", version="7", tools=[], **naming)

    assert (answer.status_code, answer.json["code"]) == (422, "body-invalid")


@pytest.mark.parametrize(
    "tools",
    [
        [],
        [{"tool_name": "refund", "outcome": "passed"}],
        [{"tool_name": "pay", "outcome": "passed"}] * 2,
    ],
)
def test_every_tool_is_reported_once(api, tools):
    digest = api.publish("shop", "1", "pay")

    answer = api.post_verification(producer="pay", version="7", contract_digest=digest, tools=tools)

    assert (answer.status_code, answer.json["code"]) == (422, "tools-not-reported")
    assert answer.json["errors"]
    assert api.get("/verifications").json["items"] == []


def test_results_are_listed_newest_first(api):
    digest = api.publish("shop", "1", "pay")
    for version in ("1", "2", "3"):
        api.verify("pay", version, digest)

    page = api.get("/verifications", producer="pay", limit=2).json

    assert [each["version"] for each in page["items"]] == ["3", "2"]
    assert api.get("/verifications", cursor=page["next"]).json["items"][0]["version"] == "1"


def test_a_producer_learns_what_it_must_verify(api):
    api.publish("shop", "1", "pay", branch="main")

    found = api.get("/producers/pay/contracts-to-verify", branch="main").json["contracts"]

    assert [(each["consumer"], each["versions"]) for each in found] == [("shop", ["1"])]
    assert found[0]["pending"] is True
    assert found[0]["contract"]["producer"] == "pay"


def test_an_unknown_verification_is_a_404(api):
    assert api.get("/verifications/7").json["code"] == "verification-unknown"


def test_violations_that_are_left_out_are_said_to_be(api, monkeypatch, kept_in):
    monkeypatch.setattr(tool_results, "MOST_VIOLATIONS", 100)
    digest = api.publish("shop", "1", "pay")
    found = {"field": "id", "expected": 1, "actual": "x" * 100, "severity": "error", "message": "m"}
    failed = [{"tool_name": "pay", "outcome": "failed", "violations": [found]}]
    for version in ("1", "2"):
        api.post_verification(producer="pay", version=version, contract_digest=digest, tools=failed)

    newest, older = api.get("/contracts/shop/pay/versions/1").json["verifications"]

    assert newest["tools"][0]["violations"] == [found]
    if kept_in == "sqlite":
        assert older["tools"][0]["violations_left_out"] is True
    assert api.get(f"/verifications/{older['id']}").json["verification"]["tools"][0]["violations"]
