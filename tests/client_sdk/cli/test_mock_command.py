"""`tally mock serve` and `tally mock verify`, and `tally verify` of MCP servers."""

import json
import shlex
import subprocess
import sys

import pytest

from client_sdk.exchange import ToolClient
from client_sdk.exchange.mcp import McpClient
from client_sdk.mock import GreenHelixMock, MockResponse

CONTRACT = {
    "consumer": "shop",
    "producer": "gateway",
    "tools": [
        {
            "tool_name": "get_balance",
            "version": "1.0",
            "input_schema": {
                "type": "object",
                "properties": {"agent_id": {"type": "string", "minLength": 1}},
                "required": ["agent_id"],
            },
            "output_schema": {"balance": {"type": "string"}},
            "required_output_fields": ["balance"],
            "examples": [
                {
                    "name": "a wallet",
                    "provider_state": "a funded wallet",
                    "params": {"agent_id": "a"},
                    "input": {"agent_id": "a"},
                    "response": {"status_code": 200, "body": {"balance": "7.00"}},
                }
            ],
        }
    ],
}
OFFER = {
    "producer": "gateway",
    "source": "manual",
    "tools": [
        {
            "tool_name": "get_balance",
            "version": "1.0",
            "input_schema": {"type": "object"},
            "output_schema": {
                "type": "object",
                "properties": {"balance": {"const": "3.00"}},
                "required": ["balance"],
            },
        }
    ],
}
TALLY = [sys.executable, "-m", "client_sdk.cli"]


@pytest.fixture
def contract(tmp_path):
    file = tmp_path / "shop.contract.json"
    file.write_text(json.dumps(CONTRACT))
    return file


@pytest.fixture
def offer(tmp_path):
    file = tmp_path / "gateway.offer.json"
    file.write_text(json.dumps(OFFER))
    return file


def served(*arguments):
    return subprocess.Popen(
        [*TALLY, "mock", "serve", *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def balance_of(*arguments):
    """Start a mock, ask it, end it."""
    with served(*arguments) as process:
        try:
            client = ToolClient(process.stdout.readline().split()[-1])
            return client.execute("get_balance", {"agent_id": "a"}).body["balance"]
        finally:
            client.close()
            process.terminate()
            assert process.wait(timeout=10) == 0


def test_a_mock_of_a_contract_is_served(contract):
    assert balance_of("--contract", contract) == "7.00"


def test_a_mock_of_an_offer_is_served(offer):
    assert balance_of("--offer", offer) == "3.00"


def test_a_mock_of_a_contract_is_an_mcp_server_over_stdio(contract):
    command = [*TALLY, "mock", "serve", "--contract", str(contract), "--mcp", "stdio"]
    with McpClient.over_stdio(command) as client:
        assert [tool["name"] for tool in client.list_tools()["tools"]] == ["get_balance"]
        assert client.execute("get_balance", {"agent_id": "a"}).body == {"balance": "7.00"}


def test_the_gateway_is_an_mcp_server_over_http():
    with served("--mcp", "http") as process:
        try:
            url = process.stdout.readline().split()[-1]
            with McpClient.over_http(url) as client:
                assert client.execute("get_balance", {"agent_id": "a"}).status_code == 200
        finally:
            process.terminate()
            assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--contract", "a", "--offer", "b"),
        ("--contract", "a", "--behaviour", "not-json"),
        ("--contract", "none.json"),
        ("--mcp", "pigeon"),
        ("--port", "70000"),
    ],
)
def test_a_mock_that_cannot_be_served_is_a_usage_fault(tally, arguments):
    assert tally("mock", "serve", *arguments).code == 2


def test_a_file_that_is_neither_contract_nor_offer_is_named(tally, tmp_path):
    (tmp_path / "odd.json").write_text('{"producer": "x", "tools": []}')

    said = tally("mock", "serve", "--offer", "odd.json")

    assert (said.code, "odd.json: " in said.err) == (2, True)


def test_the_gateway_is_checked_when_no_mock_is_named(tally, contract):
    said = tally("mock", "verify", contract, "--output", "json")

    assert (said.code, said.json["outcome"]) == (0, "pass")
    assert said.json["reports"][0]["against"] == "contract shop → gateway"


def test_a_mock_made_of_a_file_is_checked(tally, contract, offer):
    assert tally("mock", "verify", contract, "--mock-from", contract).code == 0
    assert tally("mock", "verify", contract, "--mock-from", offer, "--samples", 0).code == 3


def test_a_hand_made_mock_that_drifted_fails(tally, contract, tmp_path):
    (tmp_path / "stubs_of_the_shop.py").write_text(
        "from client_sdk import MockResponse, ToolMock\n"
        "def make():\n"
        "    mock = ToolMock()\n"
        "    mock.set_response('get_balance', MockResponse(body={'balance': 7}))\n"
        "    return mock\n"
        "nothing = dict\n"
    )
    example = CONTRACT["tools"][0]["examples"][0] | {"provider_state": None}
    del example["provider_state"], example["params"]
    contract.write_text(
        json.dumps(CONTRACT | {"tools": [CONTRACT["tools"][0] | {"examples": [example]}]})
    )

    said = tally("mock", "verify", contract, "--mock-from", "stubs_of_the_shop:make")

    assert said.code == 1
    assert "balance should be string, is 7" in said.out
    for name in ("nothing", "missing"):
        assert (
            tally("mock", "verify", contract, "--mock-from", f"stubs_of_the_shop:{name}").code == 2
        )
    assert tally("mock", "verify", contract, "--mock-from", "no_such_module:x").code == 2


def test_a_served_mock_is_checked_with_its_states(tally, contract):
    mock = GreenHelixMock()
    with mock.serve() as running:
        assert tally("mock", "verify", contract, "--base-url", running.url).code == 0
        elsewhere = ("--state-url", f"{running.url}/nowhere")
        assert tally("mock", "verify", contract, "--base-url", running.url, *elsewhere).code == 3
        mock.set_response("get_balance", MockResponse(body={}))
        assert tally("mock", "verify", contract, "--base-url", running.url).code == 1


def test_the_result_is_published_as_evidence(tally, contract, broker_url):
    arguments = ("--publish", "--version", "1.2.0", "--broker-url", broker_url)
    tally("publish", contract, "--version", "1.2.0", "--broker-url", broker_url)

    said = tally("mock", "verify", contract, *arguments)

    assert said.code == 0
    assert " about shop" in said.out
    listed = tally("evidence", "list", "--broker-url", broker_url, "--output", "json").json["items"]
    assert [(each["kind"], each["verdict"], each["version"]) for each in listed] == [
        ("mock-fidelity", "pass", "1.2.0")
    ]


@pytest.mark.parametrize(
    "arguments",
    [("--publish",), ("--mock-from", "a", "--base-url", "http://b"), ("--samples", "-1")],
)
def test_options_that_do_not_fit_are_a_usage_fault(tally, contract, arguments):
    assert tally("mock", "verify", contract, *arguments).code == 2


def test_checking_nothing_is_a_usage_fault(tally, tmp_path):
    (tmp_path / "empty").mkdir()

    assert tally("mock", "verify").code == 2
    assert tally("mock", "verify", "empty").code == 2


def test_an_mcp_server_is_verified_over_stdio_and_http(tally, contract):
    command = shlex.join([sys.executable, "-m", "client_sdk.mock", "--wire", "mcp-stdio"])
    ask = ("verify", "--producer", "gateway", "--file", contract)

    assert tally(*ask, "--mcp-command", command).code == 0
    assert tally(*ask, "--mcp-command", "/no/such/program").code == 4
    assert tally(*ask, "--mcp-url", "http://127.0.0.1:9/mcp").code == 4


@pytest.mark.parametrize(
    "places",
    [
        (),
        ("--base-url", "http://a", "--mcp-url", "http://b"),
        ("--mcp-command", "python 'unfinished"),
        ("--mcp-url", "nowhere"),
    ],
)
def test_a_producer_has_one_place(tally, contract, places):
    assert tally("verify", "--producer", "gateway", "--file", contract, *places).code == 2
