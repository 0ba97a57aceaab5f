"""What the graph asks of a database."""

import pytest
from builders import World
from sqlalchemy import event

from broker.domain.network import NetworkQuery
from broker.services.network import network


@pytest.mark.parametrize(
    "wanted",
    [
        NetworkQuery(),
        NetworkQuery(focus="hub", depth=2),
        NetworkQuery(environment="production"),
    ],
)
def test_many_integrations_cost_as_many_statements_as_few(store, wanted):
    world, sent = World(store), []
    event.listen(store._engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    world.has_environment()

    def asked():
        sent.clear()
        network(store, wanted)
        return len(sent)

    def grow(numbers):
        for number in numbers:
            world.publishes(f"shop-{number}@1", "hub")
            world.verifies("hub@1", f"shop-{number}@1")
            world.deploys(f"shop-{number}@1")
        world.deploys("hub@1")

    grow(range(3))
    few = asked()
    grow(range(3, 20))

    assert asked() == few
