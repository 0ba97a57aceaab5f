"""Mocks of tools: programmable, stateful, in process or on HTTP; the guide's gateway among them.

`ToolMock` answers what a test tells it to, `GreenHelixMock` simulates every tool of the gateway
over a double-entry ledger. Both `execute(tool, input_data)` in process and listen on loopback
inside `serve`; `python -m client_sdk.mock --port 0` is the gateway as a process, the sandbox.
Nothing here belongs in production.
"""

from client_sdk.mock.answering import MockMisused
from client_sdk.mock.answers import MockResponse, NoAnswer, ToolRefused
from client_sdk.mock.behaviours import BEHAVIOURS
from client_sdk.mock.factories import (
    create_failing_mock,
    create_funded_mock,
    create_rate_limited_mock,
    create_timeout_mock,
)
from client_sdk.mock.fidelity import FidelityReport
from client_sdk.mock.greenhelix import GreenHelixMock
from client_sdk.mock.ledger import Ledger, LedgerUnbalanced
from client_sdk.mock.scenarios import Scenario
from client_sdk.mock.server import RunningMock, serve
from client_sdk.mock.snapshots import Snapshot
from client_sdk.mock.tool_mock import ToolMock

__all__ = [
    "BEHAVIOURS",
    "FidelityReport",
    "GreenHelixMock",
    "Ledger",
    "LedgerUnbalanced",
    "MockMisused",
    "MockResponse",
    "NoAnswer",
    "RunningMock",
    "Scenario",
    "Snapshot",
    "ToolMock",
    "ToolRefused",
    "create_failing_mock",
    "create_funded_mock",
    "create_rate_limited_mock",
    "create_timeout_mock",
    "serve",
]
