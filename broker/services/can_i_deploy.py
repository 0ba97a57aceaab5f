"""Asking whether versions may go somewhere, and reading the matrix behind the answer."""

from dataclasses import replace

from broker.domain.can_i_deploy import Decision, DeployQuery, Ignore, ToEnvironment
from broker.domain.deciding import decide
from broker.domain.matrix import MatrixQuery, MatrixRow
from broker.domain.paging import Slice
from broker.domain.participant import VersionRef
from broker.services.naming import known_environment, known_participants
from broker.services.ports import Store, UnitOfWork


def can_i_deploy(store: Store, query: DeployQuery) -> Decision:
    """The decision at this moment, from one snapshot.

    Raises `ParticipantUnknown` and `EnvironmentUnknown`; a version that was never seen is an
    answer, not a refusal.
    """
    with store.reading() as uow:
        return decide_within(uow, query)


def decide_within(uow: UnitOfWork, query: DeployQuery) -> Decision:
    """The decision as this snapshot or transaction sees it."""
    asked = _spelled(uow, query)
    return decide(asked, uow.decisions.facts(asked.versions, asked.destination))


def matrix(store: Store, query: MatrixQuery) -> Slice[MatrixRow]:
    """Rows of versions against versions, newest first; see `MatrixQuery`."""
    with store.reading() as uow:
        given = [name for name in (query.consumer, query.producer) if name is not None]
        known_participants(uow, given)
        if query.environment is not None:
            known_environment(uow, query.environment)
        return uow.matrix.page(query)


def _spelled(uow: UnitOfWork, query: DeployQuery) -> DeployQuery:
    """The query with every name as it is stored."""
    asked = [ref.participant for ref in query.versions]
    found = known_participants(uow, [*asked, *(ignore.participant for ignore in query.ignores)])
    destination = query.destination
    if isinstance(destination, ToEnvironment):
        destination = ToEnvironment(known_environment(uow, destination.name).name)
    versions = (VersionRef(found[ref.participant].name, ref.number) for ref in query.versions)
    ignores = (Ignore(found[each.participant].name, each.version) for each in query.ignores)
    return replace(
        query,
        versions=tuple(dict.fromkeys(versions)),
        destination=destination,
        ignores=tuple(ignores),
    )
