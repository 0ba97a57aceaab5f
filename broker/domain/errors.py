"""Everything the broker refuses to do, one class per cause.

```text
Refusal
├── NotKnown                   what was named does not exist
│   ├── ParticipantUnknown     VersionUnknown    BranchUnknown      EnvironmentUnknown
│   ├── ContractUnknown        ContentUnknown    IntegrationUnknown
│   └── VerificationUnknown    DeploymentUnknown ReleaseUnknown
├── Conflict                   it contradicts what is stored
│   ├── ContentConflict        this version already published other content
│   ├── MergeConflict          a tool is there with another definition
│   ├── VersionFrozen          the version is verified, deployed or released
│   ├── BreakingRefused        the integration rejects breaking publications
│   ├── EnvironmentExists
│   ├── DeployedVersion        something still runs: nothing can be deleted
│   └── DecisionChanged        the decision a deployment relied on no longer holds
├── Unacceptable               well-formed, but not what it must be: all faults at once
│   ├── PublicationInvalid     VerificationInvalid
│   └── ToolsNotReported
├── Malformed                  a question that cannot be read
│   └── CursorInvalid          LimitInvalid
└── WriteContended             others wrote all the time; asking again helps
```

`code` is stable; `str(refusal)` is the sentence shown to people; the fields hold the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from client_sdk.contract.errors import Fault
from client_sdk.contract.evolve import Report

if TYPE_CHECKING:  # a decision is told in pages, and pages refuse bad cursors: a circle
    from broker.domain.can_i_deploy import Decision


class Refusal(Exception):
    """The broker declines; nothing was stored."""

    code: ClassVar[str] = "refused"


class NotKnown(Refusal):
    """Something that was named does not exist."""


class Conflict(Refusal):
    """The request contradicts what is stored."""


class Malformed(Refusal):
    """The question cannot be read."""


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


@dataclass(eq=False)
class ContentConflict(Conflict):
    """The version already published other content for this producer.

    `delta` names each tool that differs; `report` is what evolving from the stored content to
    the sent one would mean.
    """

    code: ClassVar[str] = "content-conflict"
    consumer: str
    version: str
    producer: str
    stored_digest: str
    sent_digest: str
    delta: tuple[str, ...]
    report: Report

    def __str__(self) -> str:
        return (
            f"{self.consumer}@{self.version} already published other content for {self.producer} "
            f"({self.stored_digest}). Publish the new content under a new version."
        )


@dataclass(eq=False)
class MergeConflict(Conflict):
    """Merging found tools that the version already published with another definition."""

    code: ClassVar[str] = "merge-conflict"
    consumer: str
    version: str
    producer: str
    stored_digest: str
    tools: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.consumer}@{self.version} already published another definition for "
            f"{self.producer} of: {', '.join(self.tools)}."
        )


@dataclass(eq=False)
class VersionFrozen(Conflict):
    """Others rely on the version's content: it is `verified`, `deployed` or `released`."""

    code: ClassVar[str] = "version-frozen"
    participant: str
    number: str
    because: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.participant}@{self.number} is {' and '.join(self.because)}: "
            "its contracts no longer change. Publish under a new version."
        )


@dataclass(eq=False)
class BreakingRefused(Conflict):
    """The integration rejects breaking publications, and this one breaks."""

    code: ClassVar[str] = "breaking-refused"
    consumer: str
    version: str
    producer: str
    report: Report

    def __str__(self) -> str:
        return (
            f"{self.consumer}@{self.version} breaks its contract with {self.producer}, "
            "and this integration rejects breaking publications. Nothing was stored."
        )


@dataclass(eq=False)
class EnvironmentExists(Conflict):
    """An environment of this name (in some spelling) is there already."""

    code: ClassVar[str] = "environment-exists"
    name: str

    def __str__(self) -> str:
        return f"An environment called {self.name!r} exists already."


@dataclass(eq=False)
class DeployedVersion(Conflict):
    """Deleting was refused: `environments` still run or support a version of the participant."""

    code: ClassVar[str] = "still-deployed"
    participant: str
    number: str | None
    environments: tuple[str, ...]

    def __str__(self) -> str:
        what = self.participant if self.number is None else f"{self.participant}@{self.number}"
        return f"{what} is still deployed to or supported in: {', '.join(self.environments)}."


@dataclass(eq=False)
class DecisionChanged(Conflict):
    """What was true at `expected` is not true at `as_of`; `decision` is the one that holds now."""

    code: ClassVar[str] = "decision-changed"
    expected: int
    as_of: int
    decision: Decision

    def __str__(self) -> str:
        return (
            f"The decision at {self.expected} no longer holds: at {self.as_of} the answer is "
            f"{self.decision.answer.value!r}. Ask can-i-deploy again."
        )


@dataclass(eq=False)
class Unacceptable(Refusal):
    """The request is well-formed and still not what it must be; `faults` says where."""

    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return " ".join(fault.message for fault in self.faults)


@dataclass(eq=False)
class PublicationInvalid(Unacceptable):
    """The contracts of one publication do not belong together."""

    code: ClassVar[str] = "publication-invalid"


@dataclass(eq=False)
class VerificationInvalid(Unacceptable):
    """A result contradicts itself, or names a contract it cannot belong to."""

    code: ClassVar[str] = "verification-invalid"


@dataclass(eq=False)
class ToolsNotReported(Unacceptable):
    """Not every tool of the contract was reported exactly once."""

    code: ClassVar[str] = "tools-not-reported"
    missing: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()


@dataclass(eq=False)
class CursorInvalid(Malformed):
    """The cursor is none that this broker gave out for this list."""

    code: ClassVar[str] = "cursor-invalid"
    cursor: str

    def __str__(self) -> str:
        return "The cursor is not one of this list. Start again without it."


@dataclass(eq=False)
class LimitInvalid(Malformed):
    """The page size is outside what a list gives."""

    code: ClassVar[str] = "limit-invalid"
    limit: int
    largest: int

    def __str__(self) -> str:
        return f"A page holds 1 to {self.largest} items, not {self.limit}."


@dataclass(eq=False)
class WriteContended(Refusal):
    """Other writes got in between every time; nothing was stored, and trying again is safe."""

    code: ClassVar[str] = "write-contended"
    attempts: int

    def __str__(self) -> str:
        return f"Others were writing the same thing {self.attempts} times in a row. Try again."
