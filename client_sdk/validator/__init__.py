"""The contract validator: does what is sent and answered keep to what consumers rely on?

`contracts` holds contracts as a test writes them, `folder` reads them from disk, `matching` finds
the ones that apply, `judging` asks the kernel, `compatibility` compares two of them, `reports`
says what was found.
"""

from client_sdk.contract.errors import Severity
from client_sdk.validator.compatibility import Compatibility, SemverStep
from client_sdk.validator.contracts import AgentContract, ToolContract
from client_sdk.validator.folder import FolderFault
from client_sdk.validator.policy import SeverityPolicy, Strictness
from client_sdk.validator.validator import ContractValidator
from client_sdk.validator.violation import ContractViolation

__all__ = [
    "AgentContract",
    "Compatibility",
    "ContractValidator",
    "ContractViolation",
    "FolderFault",
    "SemverStep",
    "Severity",
    "SeverityPolicy",
    "Strictness",
    "ToolContract",
]
