"""The validator against a producer on a real socket."""

from client_sdk.exchange import Exchange, ToolClient
from client_sdk.mock import serve
from client_sdk.validator import AgentContract, ContractValidator, ToolContract

SENT = {"properties": {"agent_id": {"type": "string"}}, "required": ["agent_id"]}
TOOL = ToolContract("get_balance", "1.0", SENT, {"balance": {"type": "string"}}, ["balance"])


def test_the_sandbox_keeps_to_the_contract():
    """V11, V12"""
    validator = ContractValidator()
    validator.add_contract(AgentContract("buyer", "gateway", [TOOL]))
    sent = {"agent_id": "test-a"}

    with serve() as running:
        client = ToolClient(running.url)
        result = client.execute("get_balance", sent)
        client.close()

    assert validator.validate_exchange(Exchange("get_balance", sent, result)) == []
    assert validator.report()["passed"]
