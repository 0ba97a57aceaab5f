"""Verification: contracts are replayed against a running producer, and each answer is judged.

`plan` decides what is sent, `states` prepares the producer, `runner` sends, `judging` compares
each answer with what the consumer understands, `outcomes` holds what came of it. Who publishes
the result is the caller's business: nothing here knows a broker.
"""

from client_sdk.verify.mcp_target import McpTarget
from client_sdk.verify.outcomes import (
    Check,
    CheckOutcome,
    ContractRun,
    Coverage,
    ToolOutcome,
    ToolRun,
    VerificationRun,
)
from client_sdk.verify.plan import ContractUnderTest, Mode
from client_sdk.verify.publishing import PublishValues
from client_sdk.verify.runner import Progress, VerifyOptions, verify_contracts
from client_sdk.verify.states import CommandStates, ProviderStates, StateFailed, UrlStates
from client_sdk.verify.target import Producer, Target

__all__ = [
    "Check",
    "CheckOutcome",
    "CommandStates",
    "ContractRun",
    "ContractUnderTest",
    "Coverage",
    "McpTarget",
    "Mode",
    "Producer",
    "Progress",
    "ProviderStates",
    "PublishValues",
    "StateFailed",
    "Target",
    "ToolOutcome",
    "ToolRun",
    "UrlStates",
    "VerificationRun",
    "VerifyOptions",
    "verify_contracts",
]
