"""Asking whether versions may go somewhere, and reading the matrix behind the answer."""

from dataclasses import replace

from broker.domain.can_i_deploy import Decision, DeployQuery, Ignore, ToEnvironment
from broker.domain.deciding import decide
from broker.domain.matrix import MatrixQuery, MatrixRow
from broker.domain.paging import Slice
from broker.domain.participant import VersionRef
from broker.domain.weighing import evidence_demanded
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
    asked, required = _spelled(uow, query)
    facts = replace(
        uow.decisions.facts(asked.versions, asked.destination), required_evidence=required
    )
    demand = evidence_demanded(asked, facts)
    evidence = uow.evidence.latest(demand.versions, demand.kinds)
    return decide(asked, replace(facts, evidence=evidence))


def matrix(store: Store, query: MatrixQuery) -> Slice[MatrixRow]:
    """Rows of versions against versions, newest first; see `MatrixQuery`."""
    with store.reading() as uow:
        given = [name for name in (query.consumer, query.producer) if name is not None]
        known_participants(uow, given)
        if query.environment is not None:
            known_environment(uow, query.environment)
        return uow.matrix.page(query)


def _spelled(uow: UnitOfWork, query: DeployQuery) -> tuple[DeployQuery, tuple[str, ...]]:
    """The query with every name as it is stored, and the evidence its destination requires."""
    asked = [ref.participant for ref in query.versions]
    found = known_participants(uow, [*asked, *(ignore.participant for ignore in query.ignores)])
    destination = query.destination
    required: tuple[str, ...] = ()
    if isinstance(destination, ToEnvironment):
        environment = known_environment(uow, destination.name)
        destination = ToEnvironment(environment.name)
        required = environment.required_evidence
    versions = (VersionRef(found[ref.participant].name, ref.number) for ref in query.versions)
    ignores = (Ignore(found[each.participant].name, each.version) for each in query.ignores)
    spelled = replace(
        query,
        versions=tuple(dict.fromkeys(versions)),
        destination=destination,
        ignores=tuple(ignores),
    )
    return spelled, required
