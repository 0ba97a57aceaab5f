"""The gateway's offer and its tools say the same: what is offered is taken, and answered."""

import pytest

from client_sdk import GreenHelixMock, VirtualClock
from client_sdk.contract.sampling import sample_inputs
from client_sdk.contract.validation import violations
from client_sdk.mock.gateway import TOOLS
from client_sdk.mock.listing import gateway_offer

OFFER = gateway_offer()


def test_every_tool_is_offered():
    assert [tool.tool_name for tool in OFFER.tools] == list(TOOLS)


@pytest.mark.parametrize("offered", OFFER.tools, ids=lambda tool: tool.tool_name)
def test_what_is_offered_is_taken_and_answered_as_offered(offered):
    """m8, m14"""
    samples = sample_inputs(offered.input_shape(), seed=1, limit=60)
    assert samples

    for sample in samples:
        if sample.value.get("errors", 0) > sample.value.get("requests", 0):
            continue  # more errors than requests: a rule that no schema can say
        mock = GreenHelixMock(clock=VirtualClock(start=1_700_000_000), ledger=False)
        result = mock.execute(offered.tool_name, sample.value)
        assert result.body.get("code") != "input-invalid", (sample, result.body)
        assert result.status_code in offered.status_codes
        if result.status_code == 200:
            assert violations(offered.output_shape(), result.body) == (), sample


STORY = [
    ("create_wallet", {"agent_id": "a"}),
    ("deposit", {"agent_id": "a", "amount": "10.00"}),
    ("register_agent", {"agent_id": "a"}),
    ("get_identity", {"agent_id": "a"}),
    ("get_trust_score", {"agent_id": "a"}),
    ("register_webhook", {"agent_id": "a", "url": "http://127.0.0.1:9/"}),
    ("create_escrow", {"payer": "a", "payee": "b", "amount": "1.00", "expires_in_seconds": 5}),
    ("get_escrow", {"escrow_id": "esc_000001"}),
    ("release_escrow", {"escrow_id": "esc_000001"}),
    ("create_escrow", {"payer": "a", "payee": "b", "amount": "1.00", "memo": "m"}),
    ("cancel_escrow", {"escrow_id": "esc_000002"}),
    ("list_escrows", {"limit": 1}),
    ("list_webhooks", {}),
    ("list_deliveries", {}),
    ("register_service", {"agent_id": "a", "name": "n", "price": "0", "tags": ["t"]}),
    ("search_services", {"query": "n"}),
    ("submit_metrics", {"agent_id": "a", "requests": 3, "errors": 1, "latency_ms": 2.5}),
    ("get_metrics", {"agent_id": "a"}),
    ("set_budget_cap", {"agent_id": "a", "daily": "1"}),
    ("get_balance", {"agent_id": "a"}),
]


def test_a_whole_story_is_answered_as_offered():
    """m14"""
    mock = GreenHelixMock(clock=VirtualClock(), contract=OFFER)

    results = [mock.execute(tool, given) for tool, given in STORY]

    assert [result.status_code for result in results] == [200] * len(STORY)
    assert {tool for tool, _ in STORY} == set(TOOLS)
