"""The mock as a real MCP server: listed, called and refused over stdio and streamable HTTP."""

import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from client_sdk import GreenHelixMock, MockResponse, ToolMock
from client_sdk.contract import offer_from_document
from client_sdk.contract.sources.mcp import offer_from_tools
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange.mcp import McpClient
from client_sdk.mock.listing import gateway_offer
from client_sdk.mock.mcp_server import serve_mcp

DEPOSIT = {"agent_id": "a", "amount": "5.00"}


@contextmanager
def connected(mock, **options):
    with serve_mcp(mock) as running, McpClient.over_http(running.url, **options) as client:
        yield client


def test_a_mock_over_http_lists_calls_and_refuses():
    mock = GreenHelixMock()
    with connected(mock) as client:
        listing = client.list_tools()
        taken = client.execute("deposit", DEPOSIT)
        refused = client.execute("deposit", {"agent_id": "a", "amount": 5.0})

    assert [tool["name"] for tool in listing["tools"]] == mock.tools()
    assert (taken.status_code, taken.body["balance"]) == (200, "5.00")
    assert (refused.status_code, refused.body["status"], refused.body["code"]) == (
        500,
        422,
        "input-invalid",
    )
    mock.assert_called("deposit", times=2)


def test_what_is_listed_is_what_the_gateway_offers():
    with connected(GreenHelixMock()) as client:
        document = offer_from_tools(client.list_tools(), producer="gateway")

    offered, listed = gateway_offer(), offer_from_document(document)
    assert [tool.tool_name for tool in listed.tools] == [tool.tool_name for tool in offered.tools]
    for tool in listed.tools:
        twin = offered.tool(tool.tool_name)
        assert set(tool.input.schema["properties"]) == set(twin.input.schema["properties"])
        assert tool.annotations["readOnlyHint"] == twin.annotations["readOnlyHint"]


def test_a_mock_of_any_tools_is_listed_with_open_schemas():
    mock = ToolMock()
    mock.set_response("ping", MockResponse(body="pong"))
    mock.set_response("count", MockResponse(body=[1, 2]))
    with connected(mock) as client:
        listing = client.list_tools()
        answers = [client.execute(tool, {}).body for tool in ("ping", "count")]

    assert listing["tools"] == [
        {"name": "count", "inputSchema": {"type": "object"}, "annotations": {}},
        {"name": "ping", "inputSchema": {"type": "object"}, "annotations": {}},
    ]
    assert answers == ["pong", [1, 2]]


def test_silence_is_never_answered():
    """m7"""
    mock = GreenHelixMock()
    mock.no_answer(["deposit"], after_ms=0)
    with connected(mock, timeout=0.5) as client:
        client.list_tools()
        with pytest.raises(Unreachable, match="did not answer within"):
            client.execute("deposit", DEPOSIT)


def test_a_key_is_asked_for_when_there_is_one():
    with serve_mcp(GreenHelixMock(), key="s3cret-key") as running:
        headers = {"Authorization": "Bearer s3cret-key"}
        with McpClient.over_http(running.url, headers=headers) as known:
            assert known.execute("deposit", DEPOSIT).status_code == 200
        with McpClient.over_http(running.url) as stranger, pytest.raises(Unreachable):
            stranger.execute("deposit", DEPOSIT)


def test_the_mock_listens_on_loopback_only():
    with pytest.raises(SettingsFault, match="loopback"), serve_mcp(ToolMock(), host="0.0.0.0"):  # noqa: S104
        pass


def test_a_taken_port_is_said_so():
    with serve_mcp(GreenHelixMock()) as running:
        port = urlsplit(running.url).port
        with pytest.raises(SettingsFault, match=str(port)), serve_mcp(ToolMock(), port=port):
            pass


def test_the_sandbox_over_stdio_is_a_process():
    command = [sys.executable, "-m", "client_sdk.mock", "--wire", "mcp-stdio"]
    with McpClient.over_stdio(command) as client:
        assert client.execute("deposit", DEPOSIT).body["balance"] == "5.00"
