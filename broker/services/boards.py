"""The environments board: what stands where, whether it fits together, and how far it drifted."""

from collections.abc import Sequence
from datetime import datetime

from broker.domain.can_i_deploy import DeployQuery, ToEnvironment
from broker.domain.environment import Environment, Placement
from broker.domain.matrix import MatrixRow
from broker.domain.overview import (
    Board,
    BoardCell,
    BoardRow,
    EnvironmentPair,
    EnvironmentSummary,
)
from broker.domain.participant import VersionRef
from broker.domain.rows import rows_asked_about
from broker.domain.states import state_of_rows
from broker.services.ports import Store, UnitOfWork


def board(store: Store, *, at: datetime | None = None) -> Board:
    """Every environment with what stands in it now, or stood in it at `at`.

    States are those of the present: a board of the past has none.
    """
    with store.reading() as uow:
        environments = uow.environments.list()
        placements = uow.environments.placements(at=at)
        rows = {each.name: () if at else rows_in(uow, each, placements) for each in environments}
    summaries = (_summary(each, placements, rows[each.name]) for each in environments)
    names = dict.fromkeys(placement.participant for placement in placements)
    return Board(
        environments=tuple(summaries),
        rows=tuple(_board_row(name, environments, placements, rows) for name in names),
        at=at,
    )


def environment_pairs(uow: UnitOfWork, consumer: str, producer: str) -> tuple[EnvironmentPair, ...]:
    """How one integration stands in each environment where either side is."""
    found = []
    for environment in uow.environments.list():
        there = uow.environments.placements(environment=environment.name)
        sides = [each for each in there if each.participant in (consumer, producer)]
        rows = [
            row
            for row in rows_in(uow, environment, sides)
            if (row.consumer.participant, row.producer) == (consumer, producer)
        ]
        if sides:
            pair = EnvironmentPair(
                environment=environment.name,
                consumer_versions=_versions(sides, consumer),
                producer_versions=_versions(sides, producer),
                state=state_of_rows(row for row in rows if row.producer_version is not None),
            )
            found.append(pair)
    return tuple(found)


def rows_in(
    uow: UnitOfWork, environment: Environment, placements: Sequence[Placement]
) -> tuple[MatrixRow, ...]:
    """Every pair of versions that stand in the environment, judged as if all were asked about."""
    there = dict.fromkeys(
        VersionRef(each.participant, each.version)
        for each in placements
        if each.environment == environment.name
    )
    if not there:
        return ()
    query = DeployQuery(tuple(there), ToEnvironment(environment.name))
    facts = uow.decisions.facts(query.versions, query.destination)
    return tuple(fact.row for fact in rows_asked_about(query, facts))


def _summary(
    environment: Environment, placements: Sequence[Placement], rows: Sequence[MatrixRow]
) -> EnvironmentSummary:
    there = {each.participant for each in placements if each.environment == environment.name}
    return EnvironmentSummary(environment, len(there), state_of_rows(rows))


def _board_row(
    name: str,
    environments: Sequence[Environment],
    placements: Sequence[Placement],
    rows: dict[str, tuple[MatrixRow, ...]],
) -> BoardRow:
    mine = [each for each in placements if each.participant == name]
    cells = tuple(
        BoardCell(
            participant=name,
            environment=environment.name,
            placements=tuple(each for each in mine if each.environment == environment.name),
            state=state_of_rows(
                row
                for row in rows[environment.name]
                if name in (row.consumer.participant, row.producer)
            ),
        )
        for environment in environments
    )
    return BoardRow(name, cells, drift=len({each.version for each in mine}))


def _versions(placements: Sequence[Placement], name: str) -> tuple[str, ...]:
    mine = (each.version for each in placements if each.participant == name)
    return tuple(dict.fromkeys(mine))
