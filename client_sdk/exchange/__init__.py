"""One call of a tool and its answer: what every part of the kit works on."""

from client_sdk.exchange.asynchronous import AsyncTwin
from client_sdk.exchange.budget import (
    BudgetExceeded,
    BudgetGuard,
    BudgetRefused,
    GuardedClient,
    configure_test_budget,
)
from client_sdk.exchange.client import ToolClient
from client_sdk.exchange.evidence import Evidence, EvidenceKind, Outcome
from client_sdk.exchange.mapping import ToolCall, ToolMapping
from client_sdk.exchange.result import Exchange, Executes, Result
from client_sdk.exchange.scrubber import Scrubber

__all__ = [
    "AsyncTwin",
    "BudgetExceeded",
    "BudgetGuard",
    "BudgetRefused",
    "Evidence",
    "EvidenceKind",
    "Exchange",
    "Executes",
    "GuardedClient",
    "Outcome",
    "Result",
    "Scrubber",
    "ToolCall",
    "ToolClient",
    "ToolMapping",
    "configure_test_budget",
]
