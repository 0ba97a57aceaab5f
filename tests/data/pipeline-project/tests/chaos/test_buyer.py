import pytest
from client_sdk import ChaosConfig

from buyer import Buyer


@pytest.mark.chaos
def test_lost_answers_pay_nobody_twice(chaos_harness):
    chaos_harness.add_chaos(ChaosConfig("wrong_status", probability=0.3))
    buyer = Buyer(chaos_harness, "test-agent-a")

    for number in range(20):
        buyer.pay(f"order-{number}", "test-agent-b", "1.00")

    gateway = chaos_harness.wrapped_client
    balance = gateway.execute("get_balance", {"agent_id": "test-agent-b"})["body"]["balance"]
    assert balance == "520.00"
    gateway.assert_ledger_balanced()
    chaos_harness.assert_injected(min=1)
