"""What happened: one change per thing a committed transaction did, numbered in commit order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """The word for what happened; some are also the names of webhook events."""

    CONTRACT_PUBLISHED = "contract.published"
    CONTRACT_CHANGED = "contract.changed"
    CONTRACT_BREAKING = "contract.breaking"
    CONTRACT_REQUIRES_VERIFICATION = "contract.requires_verification"
    NOTHING_USED = "contract.nothing_used"
    VERIFICATION_SUCCEEDED = "verification.succeeded"
    VERIFICATION_FAILED = "verification.failed"
    VERIFICATION_INCOMPLETE = "verification.incomplete"
    DEPLOYMENT_RECORDED = "deployment.recorded"
    DEPLOYMENT_ENDED = "deployment.ended"
    RELEASE_RECORDED = "release.recorded"
    RELEASE_ENDED = "release.ended"
    VERSION_RECORDED = "version.recorded"
    BRANCH_MOVED = "branch.moved"
    BRANCH_DELETED = "branch.deleted"
    VERSION_DELETED = "version.deleted"
    PARTICIPANT_CHANGED = "participant.changed"
    PARTICIPANT_DELETED = "participant.deleted"
    INTEGRATION_CONFIGURED = "integration.configured"
    ENVIRONMENT_CREATED = "environment.created"
    ENVIRONMENT_CHANGED = "environment.changed"
    EVIDENCE_PUBLISHED = "evidence.published"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened, and what it happened to.

    `participant` and `version` are the ones that acted: the consumer that published, the
    producer that was verified, whatever was deployed. `other` is the participant across.
    """

    kind: ChangeKind
    at: datetime
    participant: str | None = None
    version: str | None = None
    other: str | None = None
    environment: str | None = None
    digest: str | None = None
    verification: int | None = None


@dataclass(frozen=True, slots=True)
class NumberedChange:
    """A change with the sequence number of the transaction that made it."""

    as_of: int
    change: Change
