"""The edge cases of can-i-deploy, as a client sees them. C and D call, P and Q answer."""

import pytest
from web_client import on_every_store

from broker.services import can_i_deploy

pytestmark = on_every_store

PRODUCTION = "production"


@pytest.fixture(autouse=True)
def production(api):
    api.environment(PRODUCTION, production=True)


def ask(api, *versions, **query):
    return api.can_i_deploy(*versions, **{"environment": PRODUCTION, **query})


def codes(decision):
    return [reason["code"] for reason in decision["reasons"]]


def rows(decision):
    return {
        (
            f"{row['consumer']['name']}@{row['consumer']['version']}",
            f"{row['producer']['name']}@{row['producer']['version']}",
        ): row["outcome"]
        for row in decision["rows"]
    }


def verified_and_deployed(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)
    api.deploy("P", "1")
    return digest


def test_01_verified_by_what_is_deployed_is_a_yes(api):
    verified_and_deployed(api)

    decision = ask(api, "C@1")

    assert decision["decision"] == "yes"
    assert rows(decision) == {("C@1", "P@1"): "verified"}
    assert decision["rows"][0]["verification"]["number"] == 1


def test_02_failed_is_a_no(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest, outcome="failed")
    api.deploy("P", "1")

    decision = ask(api, "C@1")

    assert decision["decision"] == "no"
    assert rows(decision) == {("C@1", "P@1"): "failed"}


def test_03_a_producer_that_was_never_deployed_is_unknown(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)

    decision = ask(api, "C@1")

    assert decision["decision"] == "unknown"
    assert rows(decision) == {("C@1", "P@None"): "missing"}
    assert any("hint" in reason for reason in decision["reasons"])


def test_04_a_producer_does_not_need_its_consumers(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)

    assert ask(api, "P@1")["decision"] == "yes"


def test_05_no_result_for_what_is_deployed_is_unknown(api):
    digest = api.publish("C", "1", "P")
    api.deploy("C", "1")
    api.verify("P", "1", digest)
    api.publish("D", "1", "P", "other")
    other = api.publish("D", "2", "P", "third")
    api.verify("P", "2", other, "third")

    decision = ask(api, "P@2")

    assert decision["decision"] == "unknown"
    assert rows(decision) == {("C@1", "P@2"): "unknown"}


def test_06_a_version_that_does_not_exist_is_a_no_with_that_reason_only(api):
    verified_and_deployed(api)

    decision = ask(api, "C@9")

    assert (decision["decision"], codes(decision)) == ("no", ["version-unknown"])


def test_07_all_consumer_versions_at_the_destination_count(api):
    api.publish("C", "1", "P")
    second = api.publish("C", "2", "P", "pay", "refund")
    api.deploy("C", "1", instance="a")
    api.deploy("C", "2", instance="b")
    api.verify("P", "2", second, "pay", "refund")

    decision = ask(api, "P@2")

    assert decision["decision"] == "unknown"
    assert rows(decision) == {("C@1", "P@2"): "unknown", ("C@2", "P@2"): "verified"}


def test_08_all_supported_producer_versions_count(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest, outcome="failed")
    api.verify("P", "2", digest)
    api.release("P", "1")
    api.release("P", "2")

    assert ask(api, "C@1")["decision"] == "no"


def test_09_two_instances_both_count(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)
    api.verify("P", "2", digest, outcome="failed")
    api.deploy("P", "1", instance="a")
    api.deploy("P", "2", instance="b")

    assert ask(api, "C@1")["decision"] == "no"


def test_10_the_next_deployment_to_an_instance_replaces_the_last(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest, outcome="failed")
    api.verify("P", "2", digest)
    api.deploy("P", "1")
    api.deploy("P", "2")

    decision = ask(api, "C@1")

    assert decision["decision"] == "yes"
    assert rows(decision) == {("C@1", "P@2"): "verified"}


def test_11_a_new_producer_that_is_missing_is_unknown(api):
    digest = verified_and_deployed(api)
    assert api.publish("C", "2", "P") == digest
    api.publish("C", "2", "Q")

    decision = ask(api, "C@2")

    assert decision["decision"] == "unknown"
    assert rows(decision) == {("C@2", "P@1"): "verified", ("C@2", "Q@None"): "missing"}


def test_12_a_version_needs_what_it_published_and_nothing_newer(api):
    verified_and_deployed(api)
    api.publish("C", "2", "Q")

    decision = ask(api, "C@1")

    assert decision["decision"] == "yes"
    assert {producer for _, producer in rows(decision)} == {"P@1"}


def test_13_a_deployed_consumer_that_no_longer_has_a_contract_does_not_count(api):
    api.publish("C", "1", "P")
    api.publish("C", "2", "Q")
    api.deploy("C", "2")
    digest = api.publish("D", "1", "P", "other")
    api.verify("P", "1", digest, "other")

    assert ask(api, "P@1")["decision"] == "yes"


def test_14_both_directions_count(api):
    upward = api.publish("A", "1", "P")
    downward = api.publish("C", "1", "A")
    api.verify("P", "1", upward)
    api.verify("A", "1", downward, outcome="failed")
    api.deploy("P", "1")
    api.deploy("C", "1")

    decision = ask(api, "A@1")

    assert decision["decision"] == "no"
    assert rows(decision) == {("A@1", "P@1"): "verified", ("C@1", "A@1"): "failed"}


def test_15_what_is_deployed_decides_not_what_is_newest(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "2", digest)
    api.deploy("P", "2")
    api.verify("P", "3", digest, outcome="failed")

    assert ask(api, "C@1")["decision"] == "yes"


def test_16_nor_does_a_newer_success_help(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "2", digest, outcome="failed")
    api.deploy("P", "2")
    api.verify("P", "3", digest)

    assert ask(api, "C@1")["decision"] == "no"


def test_17_a_verification_belongs_to_the_content(api):
    digest = verified_and_deployed(api)
    assert api.publish("C", "2", "P") == digest

    assert ask(api, "C@2")["decision"] == "yes"


def test_18_the_latest_result_of_a_pair_counts(api):
    digest = verified_and_deployed(api)
    api.verify("P", "1", digest, outcome="failed")

    assert ask(api, "C@1")["decision"] == "no"


def test_19_an_ignored_row_is_shown_and_does_not_count(api):
    api.publish("C", "1", "Q")
    verified_and_deployed(api)

    decision = ask(api, "C@1", ignore="Q")

    assert decision["decision"] == "yes"
    assert [row["producer"]["name"] for row in decision["rows"] if row["ignored"]] == ["Q"]


def test_19_ignoring_one_version_leaves_the_others(api):
    digest = api.publish("C", "1", "Q")
    api.verify("Q", "1", digest)
    api.verify("Q", "2", digest, outcome="failed")
    api.deploy("Q", "1", instance="a")
    api.deploy("Q", "2", instance="b")

    decision = ask(api, "C@1", ignore="Q@1")

    assert decision["decision"] == "no"


def test_20_undeployed_is_missing_again(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)
    deployment = api.deploy("P", "1")
    api.undeploy(deployment)

    decision = ask(api, "C@1")

    assert (decision["decision"], rows(decision)) == ("unknown", {("C@1", "P@None"): "missing"})


def test_21_ended_support_does_not_count(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest, outcome="failed")
    api.verify("P", "2", digest)
    release = api.release("P", "1")
    api.release("P", "2")
    api.end_release(release)

    assert ask(api, "C@1")["decision"] == "yes"


def test_22_what_is_still_supported_counts_after_undeployment(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)
    deployment = api.deploy("P", "1")
    api.release("P", "1")
    api.undeploy(deployment)

    assert ask(api, "C@1")["decision"] == "yes"


def test_23_no_integration_is_lost_to_a_limit(api):
    digest = None
    for number in range(120):
        digest = api.publish("C", "1", f"P{number}")
        api.verify(f"P{number}", "1", digest)
        for instance in range(9):
            api.deploy(f"P{number}", f"{instance}", instance=f"i{instance}")

    decision = ask(api, "C@1")

    assert len(decision["rows"]) == 1_080
    assert {row["producer"]["name"] for row in decision["rows"]} == {f"P{n}" for n in range(120)}


def test_24_a_version_at_the_destination_that_never_published_is_named(api):
    digest = api.publish("C", "1", "P")
    api.verify("P", "1", digest)
    api.deploy("C", "2")

    decision = ask(api, "P@1")

    assert decision["decision"] == "unknown"
    assert "version-without-contract" in codes(decision)
    assert decision["rows"][0]["consumer"] == {"name": "C", "version": "2"}
    assert decision["rows"][0]["contract_digest"] is None


def test_first_deployments_that_need_each_other_are_asked_together(api):
    first = api.publish("C", "1", "P")
    api.verify("P", "1", first)

    assert ask(api, "C@1", "P@1")["decision"] == "yes"
    assert api.can_i_deploy("C@1", "P@1")["decision"] == "yes"


def test_the_heads_of_main_branches_are_a_destination(api):
    digest = api.publish("C", "1", "P", branch="feat/x")
    api.verify("P", "1", digest, branch="main")

    decision = api.can_i_deploy("C@1", to_main="true")

    assert (decision["decision"], rows(decision)) == ("yes", {("C@1", "P@1"): "verified"})


def test_an_empty_publication_uses_nothing(api):
    api.publish("C", "1", "P")
    answer = api.send(
        "POST", "/publications", {"participant": "C", "version": "2", "contracts": []}
    )
    assert answer.json == {"publications": []}

    assert ask(api, "C@2")["decision"] == "yes"


def test_what_does_not_exist_is_a_problem(api):
    verified_and_deployed(api)

    stranger = api.get("/can-i-deploy", participant="Z", version="1", environment=PRODUCTION)
    nowhere = api.get("/can-i-deploy", participant="C", version="1", environment="nowhere")

    assert (stranger.status_code, stranger.json["code"]) == (404, "participant-unknown")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "environment-unknown")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"participant": "C"},
        {"participant": ["C", "P"], "version": "1"},
        {"participant": "C", "version": "1", "environment": PRODUCTION, "to_main": "true"},
        {"participant": "C", "version": "1", "to_main": "yes"},
        {"participant": "C", "version": "1", "ignore": "@"},
        {"participant": "C", "version": "1", "evidence": "hearsay"},
        {"participant": "C\n", "version": "1"},
        {"participant": ["C"] * 51, "version": ["1"] * 51},
    ],
)
def test_a_question_that_cannot_be_read_is_refused(api, query):
    answer = api.get("/can-i-deploy", **query)

    assert (answer.status_code, answer.json["code"]) == (400, "parameter-invalid")


def test_a_deployment_is_refused_when_its_decision_no_longer_holds(api):
    digest = verified_and_deployed(api)
    before = ask(api, "C@1")["as_of"]
    api.verify("P", "1", digest, outcome="failed")

    answer = api.send(
        "POST",
        "/environments/production/deployments",
        {"participant": "C", "version": "1", "expect_as_of": before},
    )

    assert (answer.status_code, answer.json["code"]) == (409, "decision-changed")
    assert answer.json["decision"]["decision"] == "no"


@pytest.mark.parametrize(("evidence", "tested_only"), [("tested", True), ("any", False)])
def test_a_client_may_ask_for_tests_instead_of_proofs(api, monkeypatch, evidence, tested_only):
    verified_and_deployed(api)
    asked = []
    decide = can_i_deploy.can_i_deploy
    monkeypatch.setattr(
        can_i_deploy,
        "can_i_deploy",
        lambda store, query: asked.append(query) or decide(store, query),
    )

    ask(api, "C@1", evidence=evidence)

    assert [query.tested_only for query in asked] == [tested_only]
