"""The edge cases of can-i-deploy, each as a history and the answer it must give."""

import pytest
from builders import World, a_tool, failed, not_tested, passed

from broker.domain.can_i_deploy import Answer
from broker.domain.matrix import RowOutcome

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@pytest.fixture
def broker(world: World) -> World:
    """A broker with the environment `production`."""
    world.has_environment()
    return world


def codes(decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def pairs(decision) -> list[str]:
    return [
        f"{row.consumer} {row.producer}@{row.producer_version} {row.outcome.value}"
        for row in decision.rows
    ]


def test_01_a_consumer_verified_by_the_deployed_producer_may_go(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is YES
    assert pairs(decision) == ["shop@1 pricing@1 verified"]
    assert codes(decision) == ["all-verified"]


def test_02_a_failed_verification_is_a_no(broker):
    broker.publishes("shop@1", "pricing")
    result = broker.verifies("pricing@1", "shop@1", failed())
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is NO
    assert codes(decision) == ["verification-failed"]
    assert decision.reasons[0].verification == result.id
    assert decision.reasons[0].tools == ("quote",)


def test_03_a_producer_that_was_never_deployed_there_is_missing(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is UNKNOWN
    assert pairs(decision) == ["shop@1 pricing@None missing"]
    assert decision.reasons[0].message == (
        "shop@1 needs pricing, but nothing of pricing is recorded in production."
    )


def test_04_a_producer_does_not_need_its_consumers(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    decision = broker.can_deploy("pricing@1")
    assert decision.answer is YES
    assert decision.rows == ()
    assert codes(decision) == ["nothing-needed"]


def test_05_a_new_producer_without_result_for_the_deployed_consumer_is_unknown(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.publishes("batch@1", "pricing")
    broker.verifies("pricing@2", "batch@1")
    broker.deploys("shop@1")
    decision = broker.can_deploy("pricing@2")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["verified-by-other-versions"]
    assert decision.rows[0].verified_by == ("1",)


def test_06_a_version_that_does_not_exist_is_a_no_for_that_reason_alone(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@1", "shop@99")
    assert decision.answer is NO
    assert codes(decision) == ["version-unknown"]
    assert decision.rows == ()


def test_an_unknown_version_of_a_mere_producer_comes_to_be_known_by_its_results(broker):
    broker.publishes("shop@1", "pricing")
    for name, hint in (
        ("shop", "tally publish contracts/ --version 99"),
        ("pricing", "tally verify --producer pricing --version 99 --base-url URL --publish"),
    ):
        assert broker.can_deploy(f"{name}@99").reasons[0].hint == hint
    broker.publishes("pricing@1", "stock")
    assert (
        broker.can_deploy("pricing@99").reasons[0].hint == "tally publish contracts/ --version 99"
    )


def test_07_every_deployed_version_of_a_consumer_counts(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@2", "pricing", [a_tool(version="2")])
    broker.verifies("pricing@2", "shop@2")
    broker.deploys("shop@1", instance="blue")
    broker.deploys("shop@2", instance="green")
    decision = broker.can_deploy("pricing@2")
    assert decision.answer is UNKNOWN
    assert pairs(decision) == ["shop@1 pricing@2 unknown", "shop@2 pricing@2 verified"]


def test_08_every_released_version_of_a_producer_counts(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.verifies("pricing@2", "shop@1")
    broker.releases("pricing@1")
    broker.releases("pricing@2")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is NO
    assert pairs(decision) == ["shop@1 pricing@1 failed", "shop@1 pricing@2 verified"]


def test_09_two_instances_both_count(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.deploys("pricing@1", instance="eu")
    broker.deploys("pricing@2", instance="us")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is UNKNOWN
    assert pairs(decision) == ["shop@1 pricing@1 verified", "shop@1 pricing@2 unknown"]


def test_10_a_new_deployment_to_the_same_instance_replaces_the_old_one(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.verifies("pricing@2", "shop@1")
    broker.deploys("pricing@1")
    broker.deploys("pricing@2")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is YES
    assert pairs(decision) == ["shop@1 pricing@2 verified"]


def test_11_a_new_producer_that_is_not_there_is_missing(broker):
    broker.publishes("shop@2", "pricing")
    broker.publishes("shop@2", "stock")
    broker.verifies("pricing@1", "shop@2")
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@2")
    assert decision.answer is UNKNOWN
    assert pairs(decision) == ["shop@2 pricing@1 verified", "shop@2 stock@None missing"]


def test_12_only_the_contracts_of_the_version_asked_about_are_needed(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@2", "pricing")
    broker.publishes("shop@2", "stock")
    broker.verifies("pricing@1", "shop@1")
    broker.deploys("pricing@1")
    assert broker.can_deploy("shop@1").answer is YES


def test_13_a_deployed_consumer_that_dropped_its_contract_does_not_count(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.publishes("shop@2", "stock")
    broker.deploys("shop@2")
    decision = broker.can_deploy("pricing@1")
    assert decision.answer is YES
    assert decision.rows == ()


def test_14_a_participant_that_calls_and_answers_is_judged_in_both_directions(broker):
    broker.publishes("web@1", "shop")
    broker.publishes("shop@1", "pricing")
    broker.verifies("shop@1", "web@1")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.deploys("web@1")
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is NO
    assert pairs(decision) == ["shop@1 pricing@1 failed", "web@1 shop@1 verified"]


def test_15_a_newer_failing_producer_does_not_matter_when_the_deployed_one_passes(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@2", "shop@1")
    broker.verifies("pricing@3", "shop@1", failed())
    broker.deploys("pricing@2")
    assert broker.can_deploy("shop@1").answer is YES


def test_16_a_newer_passing_producer_does_not_help_when_the_deployed_one_fails(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@2", "shop@1", failed())
    broker.verifies("pricing@3", "shop@1")
    broker.deploys("pricing@2")
    assert broker.can_deploy("shop@1").answer is NO


def test_17_the_same_content_shares_its_verifications(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.publishes("shop@2", "pricing")
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@2")
    assert decision.answer is YES
    assert pairs(decision) == ["shop@2 pricing@1 verified"]


def test_18_the_latest_result_of_a_pair_counts(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.deploys("pricing@1")
    assert broker.can_deploy("shop@1").answer is NO


def test_19_an_ignored_producer_is_shown_and_does_not_count(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@1", "stock")
    broker.verifies("pricing@1", "shop@1")
    broker.verifies("stock@2", "shop@1", failed())
    broker.deploys("pricing@1")
    broker.deploys("stock@2")
    decision = broker.can_deploy("shop@1", ignore=["stock"])
    assert decision.answer is YES
    assert [row.ignored for row in decision.rows] == [False, True]
    assert codes(decision) == ["all-verified", "ignored"]


def test_19_ignoring_one_version_leaves_the_others(broker):
    broker.publishes("shop@1", "stock")
    broker.verifies("stock@1", "shop@1", failed())
    broker.verifies("stock@2", "shop@1", failed())
    broker.deploys("stock@1", instance="old")
    broker.deploys("stock@2", instance="new")
    decision = broker.can_deploy("shop@1", ignore=["stock@1"])
    assert decision.answer is NO
    assert [row.ignored for row in decision.rows] == [True, False]


def test_20_a_producer_that_was_undeployed_is_missing_again(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.undeploys(broker.deploys("pricing@1"))
    decision = broker.can_deploy("shop@1")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["nothing-at-destination"]


def test_21_a_version_whose_support_ended_does_not_count(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.verifies("pricing@2", "shop@1")
    broker.ends_support(broker.releases("pricing@1"))
    broker.releases("pricing@2")
    assert broker.can_deploy("shop@1").answer is YES


def test_22_a_version_deployed_and_released_still_counts_when_undeployed(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.releases("pricing@1")
    broker.undeploys(broker.deploys("pricing@1"))
    decision = broker.can_deploy("shop@1")
    assert decision.answer is YES
    assert pairs(decision) == ["shop@1 pricing@1 verified"]


def test_24_a_version_at_the_destination_that_never_published_is_named(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.deploys("shop@2")
    decision = broker.can_deploy("pricing@1")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["version-without-contract"]
    assert decision.reasons[0].consumer.number == "2"
    assert decision.rows[0].digest is None


def test_a_named_version_without_contract_is_unknown(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", branch="main")
    broker.deploys("pricing@1")
    broker.deploys("shop@2", to="production", instance="spare")
    decision = broker.can_deploy("shop@2")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["version-without-contract"]


def test_a_version_that_says_it_uses_nothing_needs_nothing(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes_all("shop@2")
    broker.deploys("shop@2")
    assert broker.can_deploy("shop@2").answer is YES
    assert broker.can_deploy("pricing@1", to="main").answer is NO
    broker.verifies("pricing@1", "shop@1", failed())
    assert broker.can_deploy("pricing@1").answer is YES


def test_a_participant_without_any_contract_needs_nothing(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes_all("tool@1")
    decision = broker.can_deploy("tool@1")
    assert decision.answer is YES
    assert codes(decision) == ["nothing-needed"]


def test_first_deployments_that_need_each_other_go_together(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    assert broker.can_deploy("shop@1").answer is UNKNOWN
    assert broker.can_deploy("shop@1", "pricing@1").answer is YES


def test_a_named_version_replaces_what_its_participant_has_there(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.verifies("pricing@2", "shop@1")
    broker.deploys("pricing@1")
    assert broker.can_deploy("shop@1", "pricing@2").answer is YES


def test_a_failure_and_an_unknown_are_both_reported_and_the_answer_is_no(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@1", "stock")
    broker.verifies("pricing@1", "shop@1", failed())
    broker.deploys("pricing@1")
    broker.deploys("stock@1")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is NO
    assert codes(decision) == ["verification-failed", "never-verified"]


def test_a_tool_that_was_not_tested_leaves_the_row_unknown(broker):
    broker.publishes("shop@1", "pricing", ["quote", "refund"])
    broker.verifies("pricing@1", "shop@1", passed("quote"), not_tested("refund"))
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@1")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["not-tested"]
    assert decision.reasons[0].tools == ("refund",)


def test_an_unknown_row_whose_older_content_was_verified_is_stale(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.publishes("shop@2", "pricing", [a_tool(version="2")])
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@2")
    assert decision.rows[0].stale
    assert codes(decision) == ["stale"]
    assert decision.reasons[0].hint == (
        "tally verify --producer pricing --version 1 --consumer shop --consumer-version 2"
        " --base-url URL --publish"
    )


def test_an_unknown_row_with_a_breaking_change_says_so(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@2", "pricing", [a_tool(required_output_fields=[])])
    broker.deploys("pricing@1")
    decision = broker.can_deploy("shop@2")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["never-verified", "breaking-unverified"]


def test_main_branches_are_a_destination(broker):
    broker.publishes("shop@1", "pricing", branch="main")
    broker.verifies("pricing@1", "shop@1", branch="main")
    broker.verifies("pricing@2", "shop@1", failed(), branch="feature")
    decision = broker.can_deploy("shop@1", to="main")
    assert decision.answer is YES
    assert pairs(decision) == ["shop@1 pricing@1 verified"]


def test_named_versions_are_decided_among_themselves(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@1", "stock")
    broker.verifies("pricing@1", "shop@1")
    decision = broker.can_deploy("shop@1", "pricing@1", to="each other")
    assert decision.answer is YES
    assert pairs(decision) == ["shop@1 pricing@1 verified"]


def test_one_version_alone_without_destination_is_unknown(broker):
    broker.publishes("shop@1", "pricing")
    decision = broker.can_deploy("shop@1", to="each other")
    assert decision.answer is UNKNOWN
    assert codes(decision) == ["nothing-to-compare"]


def test_names_are_found_in_any_spelling(broker):
    broker.publishes("shop@1", "pricing")
    broker.verifies("pricing@1", "shop@1")
    broker.deploys("Pricing@1")
    decision = broker.can_deploy("SHOP@1", to="Production")
    assert decision.answer is YES
    assert str(decision.versions[0]) == "shop@1"


def test_a_participant_may_call_itself(broker):
    broker.publishes("shop@1", "shop")
    broker.verifies("shop@1", "shop@1")
    broker.deploys("shop@1")
    decision = broker.can_deploy("shop@1")
    assert pairs(decision) == ["shop@1 shop@1 verified"]
    assert decision.answer is YES


def test_a_decision_carries_the_number_it_was_read_at(broker):
    before = broker.publishes("shop@1", "pricing") and broker.can_deploy("shop@1").as_of
    broker.publishes("shop@2", "pricing")
    assert broker.can_deploy("shop@1").as_of == before + 1


def test_outcomes_are_words_of_the_matrix(broker):
    broker.publishes("shop@1", "pricing")
    assert broker.can_deploy("shop@1").rows[0].outcome is RowOutcome.MISSING


def test_one_version_alone_of_a_participant_without_contracts_is_a_yes(broker):
    broker.publishes_all("tool@1")
    decision = broker.can_deploy("tool@1", to="each other")
    assert decision.answer is YES
    assert codes(decision) == ["nothing-needed"]


def test_a_verified_row_is_not_stale(broker):
    broker.publishes("shop@1", "pricing")
    broker.publishes("shop@2", "pricing", [a_tool(version="2")])
    broker.verifies("pricing@1", "shop@1")
    broker.verifies("pricing@1", "shop@2")
    broker.deploys("pricing@1")
    assert not broker.can_deploy("shop@2").rows[0].stale
