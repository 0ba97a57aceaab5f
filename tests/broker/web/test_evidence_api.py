"""Evidence over HTTP, and environments that demand it (issue 4 point 9)."""

import pytest
from web_client import on_every_store

from client_sdk.contract.canonical import digest_of
from client_sdk.exchange.evidence import Evidence, Outcome

pytestmark = on_every_store

RECORD = {
    "kind": "chaos",
    "verdict": "pass",
    "participant": "shop",
    "version": "1",
    "payload": {"numbers": {"injections": 12}},
}


@pytest.fixture
def shop(api):
    """`shop@1` fits `pay@1`; both run in production."""
    api.environment("production")
    digest = api.publish("shop", "1", "pay")
    api.verify("pay", "1", digest)
    api.deploy("pay", "1")
    return api


def send(api, **members):
    return api.send("POST", "/evidence", {**RECORD, **members})


def test_evidence_is_published_once_and_read_back(shop):
    created, again = send(shop), send(shop)

    found = created.json["evidence"]
    assert (created.status_code, again.status_code) == (201, 200)
    assert (created.json["created"], again.json["created"]) == (True, False)
    assert again.json["evidence"] == found
    assert RECORD.items() <= found.items()
    assert found["digest"] == digest_of(RECORD)
    assert created.headers["Location"] == f"/api/v1/evidence/{found['id']}"
    assert shop.get(f"/evidence/{found['id']}").json == {"evidence": found}


def test_a_record_of_the_kit_is_taken_as_it_is(shop):
    record = Evidence("benchmark", Outcome.PASS, "shop", "1", seed=3, commit="abc").to_json()

    answer = shop.send("POST", "/evidence", record)

    assert answer.status_code == 201
    assert record.items() <= answer.json["evidence"].items()


def test_a_digest_that_is_not_that_of_the_rest_is_unprocessable(shop):
    answer = send(shop, digest="sha256:" + "0" * 64)

    assert (answer.status_code, answer.json["code"]) == (422, "evidence-invalid")
    assert answer.json["errors"][0]["pointer"] == "/digest"
    assert shop.get("/evidence").json["items"] == []


def test_an_unknown_participant_is_not_found_and_an_unseen_version_created(shop):
    assert send(shop, participant="nobody").status_code == 404

    answer = send(shop, version="2")

    assert answer.status_code == 201
    assert "never seen before" in answer.json["notices"][0]["text"]
    assert shop.get("/participants/shop/versions/2").status_code == 200


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"verdict": "passed"}, "/verdict"),
        ({"kind": "Chaos Run"}, "/kind"),
        ({"payload": []}, "/payload"),
        ({"payload": None}, "/payload"),
        ({"digest": "abc"}, "/digest"),
        ({"version": ""}, "/version"),
        ({"more": 1}, "/more"),
    ],
)
def test_a_body_that_is_no_evidence_says_where(shop, members, pointer):
    answer = send(shop, **members)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


def test_evidence_is_listed_by_participant_version_and_kind_in_pages(shop):
    ids = [
        send(shop, version=number, kind=kind).json["evidence"]["id"]
        for number, kind in (("1", "chaos"), ("2", "chaos"), ("2", "cassettes"))
    ]

    def listed(**query):
        return [each["id"] for each in shop.get("/evidence", **query).json["items"]]

    assert listed() == ids[::-1]
    assert listed(participant="shop", version="2") == [ids[2], ids[1]]
    assert listed(kind="chaos") == [ids[1], ids[0]]
    first = shop.get("/evidence", limit=2).json
    assert listed(limit=2, cursor=first["next"]) == [ids[0]]
    assert shop.get("/evidence", participant="nobody").status_code == 404
    assert shop.get("/evidence", kind="A B").status_code == 400
    assert shop.get("/evidence/4711").status_code == 404


def test_nothing_new_is_not_read_twice(shop):
    path = f"/evidence/{send(shop).json['evidence']['id']}"
    tag = shop.get(path).headers["ETag"]

    again = shop._client.get(f"/api/v1{path}", headers={"If-None-Match": tag})

    assert again.status_code == 304


def test_an_environment_demands_evidence_and_the_decision_says_so(shop):
    shop.environment("guarded", required_evidence=["chaos"])
    shop.deploy("pay", "1", environment="guarded")

    missing = shop.can_i_deploy("shop@1", environment="guarded")
    send(shop, verdict="fail")
    failed = shop.can_i_deploy("shop@1", environment="guarded")
    passed = send(shop).json["evidence"]
    yes = shop.can_i_deploy("shop@1", environment="guarded")

    assert (missing["decision"], missing["reasons"][0]["code"]) == ("unknown", "evidence-missing")
    assert missing["reasons"][0]["participant"] == {"name": "shop", "version": "1"}
    assert missing["reasons"][0]["evidence"] == {"kind": "chaos", "id": None}
    assert missing["evidence"] == []
    assert (failed["decision"], failed["reasons"][0]["code"]) == ("no", "evidence-failed")
    assert failed["reasons"][0]["evidence"]["id"] == failed["evidence"][0]["id"]
    without_payload = {name: each for name, each in passed.items() if name != "payload"}
    assert (yes["decision"], yes["evidence"]) == ("yes", [without_payload])


def test_a_broken_expectation_is_told_with_its_numbers(api):
    tool = {
        "tool_name": "pay",
        "version": "1",
        "input_schema": {},
        "output_schema": {},
        "expectations": {"latency_ms": {"p95": 300}},
    }
    api.environment("production")
    document = {"consumer": "shop", "producer": "pay", "tools": [tool]}
    digest = api.put_contract(document, "1").json["publication"]["digest"]
    api.verify("pay", "1", digest)
    api.deploy("pay", "1")
    numbers = {"tools": {"pay": {"latency_ms": {"p95": 512.25}}}}
    found = send(
        api, kind="benchmark", participant="pay", version="1", payload={"numbers": numbers}
    ).json["evidence"]

    decision = api.can_i_deploy("shop@1", environment="production")

    assert decision["decision"] == "no"
    reason = decision["reasons"][0]
    assert {
        "code": "expectation-broken",
        "consumer": {"name": "shop", "version": "1"},
        "producer": {"name": "pay", "version": "1"},
        "contract_digest": digest,
        "evidence": {"kind": "benchmark", "id": found["id"]},
        "tool_name": "pay",
        "metric": "latency_ms.p95",
        "bound": 300,
        "measured": 512.25,
    }.items() <= reason.items()
    assert found["payload"]["numbers"] == numbers


def test_what_an_environment_requires_is_patched_only_as_it_was_read(shop):
    read = shop.get("/environments/production")
    headers = {"If-Match": read.headers["ETag"]}
    body = {"required_evidence": ["chaos"]}

    changed = shop.send("PATCH", "/environments/production", body, headers=headers)
    stale = shop.send("PATCH", "/environments/production", {"production": True}, headers=headers)

    assert changed.json["environment"]["required_evidence"] == ["chaos"]
    assert (stale.status_code, stale.json["code"]) == (412, "changed-meanwhile")
    assert shop.get("/environments/production").json == changed.json


@pytest.mark.parametrize(
    "body",
    [{"name": "x"}, {"required_evidence": ["A"]}, {"required_evidence": "chaos"}],
)
def test_a_change_that_no_environment_can_have_is_unprocessable(shop, body):
    assert shop.patch("/environments/production", body).status_code == 422


def test_a_place_that_is_not_there_cannot_be_changed(shop):
    assert shop.patch("/environments/nowhere", {}).status_code == 404
