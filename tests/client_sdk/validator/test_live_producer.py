"""The validator against a producer on a real socket."""

from client_sdk.exchange import Exchange, ToolClient
from client_sdk.harness import AgentTestHarness, Cassette
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


def test_what_the_harness_recorded_keeps_to_the_contract(tmp_path):
    """V11: the guide's compliance scenario, and the same recording under a stricter contract."""
    with serve() as running:
        harness = AgentTestHarness(None, "test-a", running.url, tmp_path, "record")
        with harness.cassette("wallet") as recorder:
            recorder.execute("get_balance", {"agent_id": "test-a"})
            recorder.execute("get_balance", {"agent_id": "test-b"})
    recorded = Cassette.load(tmp_path / "wallet.json")

    validator = ContractValidator()
    validator.add_contract(AgentContract("buyer", "gateway", [TOOL]))
    assert validator.validate_cassette(recorded) == []
    assert validator.report()["total_validations"] == 2

    rich = ToolContract("get_balance", "1.1", SENT, {"balance": {"const": "9.00"}})
    validator.add_contract(AgentContract("buyer", "gateway", [rich]))
    found = validator.validate_cassette(recorded)
    assert [(each.version, each.location) for each in found] == [
        ("1.1", "cassette wallet, entry 0"),
        ("1.1", "cassette wallet, entry 1"),
    ]
