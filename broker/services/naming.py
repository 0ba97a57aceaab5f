"""From names as people spell them to names as they are stored."""

from collections.abc import Collection, Mapping

from broker.domain.environment import Environment
from broker.domain.errors import EnvironmentUnknown, ParticipantUnknown, VersionUnknown
from broker.domain.participant import Participant, Version, VersionRef
from broker.services.ports import UnitOfWork


def known_participant(uow: UnitOfWork, name: str) -> Participant:
    """The participant of this name in any spelling, or `ParticipantUnknown`."""
    return known_participants(uow, (name,))[name]


def known_participants(uow: UnitOfWork, names: Collection[str]) -> Mapping[str, Participant]:
    """The participants by name as asked; the first that does not exist is refused."""
    found = uow.participants.find(names)
    for name in names:
        if name not in found:
            raise ParticipantUnknown(name)
    return found


def known_version(uow: UnitOfWork, participant: str, number: str) -> Version:
    """The version, or `ParticipantUnknown` or `VersionUnknown`."""
    ref = VersionRef(known_participant(uow, participant).name, number)
    version = uow.versions.find((ref,)).get(ref)
    if version is None:
        raise VersionUnknown(ref.participant, number)
    return version


def known_environment(uow: UnitOfWork, name: str) -> Environment:
    """The environment of this name in any spelling, or `EnvironmentUnknown`."""
    environment = uow.environments.get(name)
    if environment is None:
        raise EnvironmentUnknown(name)
    return environment
