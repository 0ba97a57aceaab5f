"""What was named does not exist."""

from dataclasses import dataclass
from typing import ClassVar

from broker.domain.errors.families import NotKnown


@dataclass(eq=False)
class ParticipantUnknown(NotKnown):
    """No participant has this name, in any spelling."""

    code: ClassVar[str] = "participant-unknown"
    name: str

    def __str__(self) -> str:
        return f"No participant is called {self.name!r}."


@dataclass(eq=False)
class VersionUnknown(NotKnown):
    """The participant is known, this version of it is not."""

    code: ClassVar[str] = "version-unknown"
    participant: str
    number: str

    def __str__(self) -> str:
        return f"{self.participant} has no version {self.number!r}."


@dataclass(eq=False)
class BranchUnknown(NotKnown):
    """The participant has no branch of this name."""

    code: ClassVar[str] = "branch-unknown"
    participant: str
    branch: str

    def __str__(self) -> str:
        return f"{self.participant} has no branch {self.branch!r}."


@dataclass(eq=False)
class EnvironmentUnknown(NotKnown):
    """No environment has this name."""

    code: ClassVar[str] = "environment-unknown"
    name: str

    def __str__(self) -> str:
        return f"No environment is called {self.name!r}."


@dataclass(eq=False)
class ContractUnknown(NotKnown):
    """No publication answers to this selection; `selection` says which one was asked for."""

    code: ClassVar[str] = "contract-unknown"
    consumer: str
    producer: str
    selection: str

    def __str__(self) -> str:
        return f"No contract of {self.consumer} for {self.producer} is stored: {self.selection}."


@dataclass(eq=False)
class ContentUnknown(NotKnown):
    """No contract content has this digest."""

    code: ClassVar[str] = "content-unknown"
    digest: str

    def __str__(self) -> str:
        return f"No contract content has the digest {self.digest}."


@dataclass(eq=False)
class IntegrationUnknown(NotKnown):
    """The consumer never published anything for the producer."""

    code: ClassVar[str] = "integration-unknown"
    consumer: str
    producer: str

    def __str__(self) -> str:
        return f"{self.consumer} never published a contract for {self.producer}."


@dataclass(eq=False)
class VerificationUnknown(NotKnown):
    """No verification has this id."""

    code: ClassVar[str] = "verification-unknown"
    id: int

    def __str__(self) -> str:
        return f"No verification has the id {self.id}."


@dataclass(eq=False)
class EvidenceUnknown(NotKnown):
    """No piece of evidence has this id."""

    code: ClassVar[str] = "evidence-unknown"
    id: int

    def __str__(self) -> str:
        return f"No evidence has the id {self.id}."


@dataclass(eq=False)
class DeploymentUnknown(NotKnown):
    """The environment has no deployment of this id."""

    code: ClassVar[str] = "deployment-unknown"
    environment: str
    id: int

    def __str__(self) -> str:
        return f"{self.environment} has no deployment with the id {self.id}."


@dataclass(eq=False)
class ReleaseUnknown(NotKnown):
    """The environment has no release of this id."""

    code: ClassVar[str] = "release-unknown"
    environment: str
    id: int

    def __str__(self) -> str:
        return f"{self.environment} has no release with the id {self.id}."
