"""Everything the broker refuses to do, one class per cause.

```text
Refusal
├── NotKnown                   what was named does not exist
│   ├── ParticipantUnknown     VersionUnknown    BranchUnknown      EnvironmentUnknown
│   ├── ContractUnknown        ContentUnknown    IntegrationUnknown
│   └── VerificationUnknown    DeploymentUnknown ReleaseUnknown     EvidenceUnknown
├── Conflict                   it contradicts what is stored
│   ├── ContentConflict        this version already published other content
│   ├── MergeConflict          a tool is there with another definition
│   ├── VersionFrozen          the version is verified, deployed or released
│   ├── BreakingRefused        the integration rejects breaking publications
│   ├── UsesSomething          a version that published contracts cannot use nothing
│   ├── EnvironmentExists
│   ├── ChangedMeanwhile       it is no longer what the request expected to change
│   ├── DeployedVersion        something still runs: nothing can be deleted
│   ├── StillReliedOn          others' contracts name it as their producer
│   ├── MainBranchKept         a branch that is the main one cannot be deleted
│   ├── DecisionChanged        the decision a deployment relied on no longer holds
│   └── IdempotencyKeyBusy     the same request is still being worked on
├── IdempotencyKeyReused       another request had the key
├── Unacceptable               well-formed, but not what it must be: all faults at once
│   ├── PublicationInvalid     VerificationInvalid EvidenceInvalid
│   └── ToolsNotReported
├── Malformed                  a question that cannot be read
│   └── CursorInvalid          LimitInvalid
└── ComeBackLater              nothing was stored, and asking again helps
    ├── WriteContended         others wrote the same thing all the time
    ├── StoreBusy              others kept the store busy for too long
    └── StoreUnavailable       the store cannot be reached, or cannot write
```

`code` is stable; `str(refusal)` is the sentence shown to people; the fields hold the data.
"""

from broker.domain.errors.conflicts import (
    BreakingRefused,
    ChangedMeanwhile,
    ContentConflict,
    DecisionChanged,
    DeployedVersion,
    EnvironmentExists,
    MainBranchKept,
    MergeConflict,
    StillReliedOn,
    UsesSomething,
    VersionFrozen,
)
from broker.domain.errors.families import (
    ComeBackLater,
    Conflict,
    Malformed,
    NotKnown,
    Refusal,
    Unacceptable,
)
from broker.domain.errors.idempotency import IdempotencyKeyBusy, IdempotencyKeyReused
from broker.domain.errors.later import StoreBusy, StoreUnavailable, WriteContended
from broker.domain.errors.not_known import (
    BranchUnknown,
    ContentUnknown,
    ContractUnknown,
    DeploymentUnknown,
    EnvironmentUnknown,
    EvidenceUnknown,
    IntegrationUnknown,
    ParticipantUnknown,
    ReleaseUnknown,
    VerificationUnknown,
    VersionUnknown,
)
from broker.domain.errors.unacceptable import (
    CursorInvalid,
    EvidenceInvalid,
    LimitInvalid,
    PublicationInvalid,
    ToolsNotReported,
    VerificationInvalid,
)

__all__ = [
    "BranchUnknown",
    "BreakingRefused",
    "ChangedMeanwhile",
    "ComeBackLater",
    "Conflict",
    "ContentConflict",
    "ContentUnknown",
    "ContractUnknown",
    "CursorInvalid",
    "DecisionChanged",
    "DeployedVersion",
    "DeploymentUnknown",
    "EnvironmentExists",
    "EnvironmentUnknown",
    "EvidenceInvalid",
    "EvidenceUnknown",
    "IdempotencyKeyBusy",
    "IdempotencyKeyReused",
    "IntegrationUnknown",
    "LimitInvalid",
    "MainBranchKept",
    "Malformed",
    "MergeConflict",
    "NotKnown",
    "ParticipantUnknown",
    "PublicationInvalid",
    "Refusal",
    "ReleaseUnknown",
    "StillReliedOn",
    "StoreBusy",
    "StoreUnavailable",
    "ToolsNotReported",
    "Unacceptable",
    "UsesSomething",
    "VerificationInvalid",
    "VerificationUnknown",
    "VersionFrozen",
    "VersionUnknown",
    "WriteContended",
]
