"""Environments, deployments and releases."""

import pytest
from builders import World, a_tool, failed

from broker.domain.errors import (
    DecisionChanged,
    DeploymentUnknown,
    EnvironmentExists,
    EnvironmentUnknown,
    ParticipantUnknown,
    ReleaseUnknown,
)
from broker.domain.paging import Page
from broker.services import environments as placing
from broker.services import participants
from broker.services.environments import DeploymentRequest


@pytest.fixture
def broker(world: World) -> World:
    """A broker where `shop@1` and `pricing@1` fit."""
    world.has_environment()
    world.publishes("shop@1", "pricing")
    world.verifies("pricing@1", "shop@1")
    return world


def deployments(world, **about):
    found = placing.list_deployments(world.store, "production", Page(), **about)
    return [(each.version, each.instance) for each in found.items]


def test_an_environment_is_created_once_in_any_spelling(broker):
    with pytest.raises(EnvironmentExists):
        broker.has_environment("PRODUCTION")


def test_environments_are_listed_production_first(broker):
    broker.has_environment("a-test", production=False)
    names = [each.name for each in placing.list_environments(broker.store)]
    assert names == ["production", "a-test"]


def test_deploying_again_changes_nothing(broker):
    first = broker.deploys("pricing@1")
    before = broker.can_deploy("shop@1").as_of
    assert broker.deploys("pricing@1") == first
    assert broker.can_deploy("shop@1").as_of == before


def test_instances_run_side_by_side(broker):
    broker.deploys("pricing@1", instance="eu")
    broker.deploys("pricing@2", instance="us")
    broker.deploys("pricing@3", instance="eu")
    assert deployments(broker) == [("3", "eu"), ("2", "us")]
    assert deployments(broker, ended=True) == [("3", "eu"), ("2", "us"), ("1", "eu")]


def test_deploying_a_version_nobody_saw_creates_it_with_a_notice(broker):
    request = DeploymentRequest("production", "pricing", "9")
    _, notices = placing.record_deployment(broker.store, request, clock=broker.clock)
    assert "never seen before" in notices[0].text
    assert participants.get_version(broker.store, "pricing", "9").number == "9"


def test_deploying_an_unknown_participant_or_to_an_unknown_place_is_refused(broker):
    with pytest.raises(ParticipantUnknown):
        broker.deploys("nobody@1")
    with pytest.raises(EnvironmentUnknown):
        broker.deploys("pricing@1", to="moon")


def test_ending_twice_is_the_same_as_once(broker):
    deployment = broker.deploys("pricing@1")
    broker.undeploys(deployment)
    broker.undeploys(deployment)
    assert deployments(broker) == []
    with pytest.raises(DeploymentUnknown):
        placing.end_deployment(broker.store, "production", 999_999, clock=broker.clock)


def test_a_deployment_that_relies_on_the_present_decision_is_recorded(broker):
    broker.deploys("pricing@1")
    as_of = broker.can_deploy("shop@1").as_of
    assert broker.deploys("shop@1", expect_as_of=as_of).version == "1"


def test_other_writes_do_not_disturb_a_decision_that_still_holds(broker):
    broker.deploys("pricing@1")
    as_of = broker.can_deploy("shop@1").as_of
    broker.publishes("web@1", "stock")
    assert broker.deploys("shop@1", expect_as_of=as_of).version == "1"


def test_a_deployment_whose_decision_no_longer_holds_is_refused(broker):
    broker.deploys("pricing@1")
    as_of = broker.can_deploy("shop@1").as_of
    broker.verifies("pricing@1", "shop@1", failed())
    with pytest.raises(DecisionChanged) as refused:
        broker.deploys("shop@1", expect_as_of=as_of)
    assert refused.value.decision.answer.value == "no"
    assert refused.value.as_of == as_of + 1
    assert deployments(broker) == [("1", None)]


def test_a_decision_of_the_future_does_not_hold(broker):
    broker.deploys("pricing@1")
    with pytest.raises(DecisionChanged):
        broker.deploys("shop@1", expect_as_of=10_000)


def test_a_release_is_recorded_once_and_ends_once(broker):
    release = broker.releases("pricing@1")
    assert broker.releases("pricing@1") == release
    broker.releases("pricing@2")
    broker.ends_support(release)
    broker.ends_support(release)
    current = placing.list_releases(broker.store, "production", Page()).items
    assert [each.version for each in current] == ["2"]
    again = broker.releases("pricing@1")
    assert again.id != release.id
    with pytest.raises(ReleaseUnknown):
        placing.end_release(broker.store, "production", 999_999, clock=broker.clock)


def test_deployments_are_listed_by_participant(broker):
    broker.deploys("pricing@1")
    broker.deploys("shop@1")
    assert deployments(broker, participant="Shop") == [("1", None)]


def test_a_decision_names_tools_that_changed_meanwhile(broker):
    broker.publishes("shop@2", "pricing", [a_tool(version="2")])
    broker.deploys("pricing@1")
    assert [r.code for r in broker.can_deploy("shop@2").reasons] == ["stale"]


def test_an_environment_is_found_in_any_spelling(broker):
    assert placing.get_environment(broker.store, "PRODUCTION").name == "production"
    with pytest.raises(EnvironmentUnknown):
        placing.get_environment(broker.store, "moon")
