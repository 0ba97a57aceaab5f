"""The harness: record what an agent calls, play it back, and hold it against contracts."""

from client_sdk.harness.ablation import Ablation, FieldVerdict, ablate
from client_sdk.harness.assertions import FallbackFieldWarning
from client_sdk.harness.cassette import Cassette
from client_sdk.harness.checking import CassetteCheck, ExchangeCheck, evidence_from_checks
from client_sdk.harness.comparing import CassetteDiff, EntryChange
from client_sdk.harness.entry import CassetteEntry, RecordedError
from client_sdk.harness.errors import (
    CassetteError,
    CassetteExhausted,
    CassetteExpired,
    CassetteExpiredWarning,
    CassetteInvalid,
    CassetteMismatch,
    CassetteUnused,
    ContractMoved,
    NetworkBlocked,
    NoCassette,
    NotRecordable,
)
from client_sdk.harness.guard import SocketGuard
from client_sdk.harness.harness import SANDBOX_URL, AgentTestHarness
from client_sdk.harness.modes import Latency, Mode, OnExpired, Order
from client_sdk.harness.names import cassette_file, cassette_name_from_test
from client_sdk.harness.reads import FieldReads
from client_sdk.transport import Timeout

__all__ = [
    "SANDBOX_URL",
    "Ablation",
    "AgentTestHarness",
    "Cassette",
    "CassetteCheck",
    "CassetteDiff",
    "CassetteEntry",
    "CassetteError",
    "CassetteExhausted",
    "CassetteExpired",
    "CassetteExpiredWarning",
    "CassetteInvalid",
    "CassetteMismatch",
    "CassetteUnused",
    "ContractMoved",
    "EntryChange",
    "ExchangeCheck",
    "FallbackFieldWarning",
    "FieldReads",
    "FieldVerdict",
    "Latency",
    "Mode",
    "NetworkBlocked",
    "NoCassette",
    "NotRecordable",
    "OnExpired",
    "Order",
    "RecordedError",
    "SocketGuard",
    "Timeout",
    "ablate",
    "cassette_file",
    "cassette_name_from_test",
    "evidence_from_checks",
]
