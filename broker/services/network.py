"""The network of integrations, read in one snapshot."""

from collections import Counter

from broker.domain.network import (
    Connection,
    Network,
    NetworkQuery,
    connection_from_row,
    connections_from_pairs,
    neighbourhood,
    weight,
)
from broker.domain.overview import IntegrationSelection
from broker.domain.states import WORST_FIRST, row_from_facts
from broker.services.boards import rows_in
from broker.services.naming import known_environment, known_participant
from broker.services.ports import Store, UnitOfWork


def network(store: Store, wanted: NetworkQuery) -> Network:
    """The integrations that pass the filters, worst first."""
    with store.reading() as uow:
        focus = None if wanted.focus is None else known_participant(uow, wanted.focus).name
        found = _connections(uow, wanted.environment)
        near = found if focus is None else neighbourhood(found, focus, wanted.depth)
        states = Counter(each.state for each in near)
        passing = (each for each in near if wanted.state in (None, each.state))
        return Network(
            focus=focus,
            connections=tuple(sorted(passing, key=weight)),
            counts=tuple((state, states[state]) for state in WORST_FIRST),
            names=tuple(sorted({name for each in found for name in each.sides})),
            environments=uow.environments.list(),
        )


def _connections(uow: UnitOfWork, environment: str | None) -> tuple[Connection, ...]:
    """All at their newest versions, or those that stand in an environment."""
    if environment is None:
        facts = uow.overviews.integrations(IntegrationSelection())
        return tuple(connection_from_row(row_from_facts(each)) for each in facts)
    place = known_environment(uow, environment)
    placements = uow.environments.placements(environment=place.name)
    standing: dict[str, tuple[str, ...]] = {}
    for each in placements:
        versions = standing.get(each.participant, ())
        standing[each.participant] = tuple(dict.fromkeys((*versions, each.version)))
    return connections_from_pairs(rows_in(uow, place, placements), place.name, standing)
