"""The network from histories, on every store."""

import pytest
from builders import World, failed

from broker.domain.errors import EnvironmentUnknown, ParticipantUnknown
from broker.domain.network import NetworkQuery
from broker.domain.overview import State
from broker.services.network import network


@pytest.fixture
def broker(world: World) -> World:
    """A chain of three, and a pair by itself; the versions in production are older."""
    world.has_environment()
    world.publishes("web@1", "orders", branch="main")
    world.verifies("orders@1", "web@1", branch="main")
    world.publishes("orders@1", "payments", branch="main")
    world.verifies("payments@1", "orders@1", failed(), branch="main")
    world.publishes("file-agent@1", "files", branch="main")
    world.deploys("web@1")
    world.deploys("orders@1")
    world.verifies("orders@2", "web@1", failed(), branch="main")
    return world


def told(found):
    return {(each.consumer, each.producer): each.state for each in found.connections}


def test_everything_is_there_at_the_newest_versions_worst_first(broker):
    found = network(broker.store, NetworkQuery())
    assert list(told(found).items()) == [
        (("orders", "payments"), State.FAILED),
        (("web", "orders"), State.FAILED),
        (("file-agent", "files"), State.PENDING),
    ]
    assert found.names == ("file-agent", "files", "orders", "payments", "web")
    assert dict(found.counts) == {
        State.FAILED: 2,
        State.STALE: 0,
        State.UNKNOWN: 0,
        State.PENDING: 1,
        State.VERIFIED: 0,
    }
    web = found.connections[1]
    assert (web.consumer_versions, web.producer_versions) == (("1",), ("2",))


def test_an_environment_shows_the_versions_and_the_states_of_what_stands_there(broker):
    found = network(broker.store, NetworkQuery(environment="PRODUCTION"))
    assert told(found) == {
        ("web", "orders"): State.VERIFIED,
        ("orders", "payments"): State.UNKNOWN,
    }
    orders, web = found.connections
    assert orders.because == "No version of payments stands in production."
    assert (orders.consumer_versions, orders.producer_versions) == (("1",), ())
    assert (web.consumer_versions, web.producer_versions) == (("1",), ("1",))


def test_two_instances_of_one_version_are_one_version(broker):
    broker.deploys("web@1", instance="second")
    web = network(broker.store, NetworkQuery(environment="production")).connections[1]
    assert web.consumer_versions == ("1",)


def test_around_a_participant_of_any_spelling(broker):
    found = network(broker.store, NetworkQuery(focus="WEB", depth=1))
    assert found.focus == "web"
    assert list(told(found)) == [("web", "orders")]
    assert len(told(network(broker.store, NetworkQuery(focus="web", depth=2)))) == 2


def test_a_state_is_looked_for_among_the_neighbours(broker):
    wanted = NetworkQuery(focus="payments", depth=2, state=State.PENDING)
    found = network(broker.store, wanted)
    assert found.connections == ()
    assert dict(found.counts)[State.FAILED] == 2


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (NetworkQuery(focus="nobody"), ParticipantUnknown),
        (NetworkQuery(environment="moon"), EnvironmentUnknown),
    ],
)
def test_whom_nobody_knows_is_refused(broker, wanted, refusal):
    with pytest.raises(refusal):
        network(broker.store, wanted)


def test_an_empty_broker_has_an_empty_network(world):
    found = network(world.store, NetworkQuery())
    assert (found.connections, found.names) == ((), ())
