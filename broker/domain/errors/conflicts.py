"""What was asked contradicts what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from broker.domain.errors.families import Conflict
from client_sdk.contract.evolve import Report

if TYPE_CHECKING:  # a decision is told in pages, and pages refuse bad cursors: a circle
    from broker.domain.can_i_deploy import Decision


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
class UsesSomething(Conflict):
    """The version published contracts and now says that it uses nothing."""

    code: ClassVar[str] = "uses-something"
    participant: str
    number: str
    producers: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.participant}@{self.number} already published contracts for "
            f"{', '.join(self.producers)}: it cannot use nothing."
        )


@dataclass(eq=False)
class ChangedMeanwhile(Conflict):
    """`what` is no longer what the request expected to change."""

    code: ClassVar[str] = "changed-meanwhile"
    what: str

    def __str__(self) -> str:
        return f"{self.what} is no longer as it was read. Read it again, then change it."


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
class MainBranchKept(Conflict):
    """Deleting was refused: by its main branch a participant is verified and decided about."""

    code: ClassVar[str] = "main-branch-kept"
    participant: str
    branch: str

    def __str__(self) -> str:
        return (
            f"{self.branch} is the main branch of {self.participant}: PATCH its main_branch to "
            "another branch, or to null, then delete this one."
        )


@dataclass(eq=False)
class StillReliedOn(Conflict):
    """Deleting was refused: contracts of `consumers` name the participant as their producer.

    With them gone too, a consumer would seem to need nothing.
    """

    code: ClassVar[str] = "still-relied-on"
    participant: str
    consumers: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.participant} is the producer of contracts of {', '.join(self.consumers)}: "
            "delete those versions first."
        )


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
