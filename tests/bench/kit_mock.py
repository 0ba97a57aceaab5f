"""Microseconds per call of the mock: in process, with full books, from a contract, over HTTP."""

from __future__ import annotations

from client_sdk.exchange import ToolClient
from client_sdk.mock import GreenHelixMock, ToolMock
from client_sdk.mock.listing import gateway_offer
from tests.bench.kit_rows import Row, fastest

ESCROWS = 5_000
GOAL, UNIT = 50.0, "µs"
ASK = {"agent_id": "test-a"}
ESCROW = {"payer": "test-a", "payee": "test-b", "amount": "0.01"}


def run() -> list[Row]:
    """Measure every row."""
    mock = GreenHelixMock()
    mock.set_balance("test-a", "1000000.00")
    fresh = fastest(lambda: mock.execute("get_balance", ASK))
    for _ in range(ESCROWS):
        mock.execute("create_escrow", ESCROW)
    made = ToolMock.from_contract(gateway_offer())
    with mock.serve() as running:
        client = ToolClient(running.url)
        over_http = fastest(lambda: client.execute("get_balance", ASK))
        client.close()
    return [
        Row("mock: get_balance", fresh, UNIT, GOAL),
        Row(
            f"mock: get_balance, {ESCROWS} escrows",
            fastest(lambda: mock.execute("get_balance", ASK)),
            UNIT,
            GOAL,
        ),
        Row(
            f"mock: create_escrow, {ESCROWS} escrows",
            fastest(lambda: mock.execute("create_escrow", ESCROW)),
            UNIT,
            GOAL,
        ),
        Row(
            "mock: made from an offer",
            fastest(lambda: made.execute("get_balance", ASK)),
            UNIT,
            None,
        ),
        Row("mock: over HTTP", over_http, UNIT, None),
    ]
