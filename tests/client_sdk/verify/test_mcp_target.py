"""Verification of MCP servers: a real public one over stdio, a mock over HTTP."""

import subprocess
import sys

import pytest

from client_sdk import GreenHelixMock
from client_sdk.contract import contract_from_document
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import Scrubber
from client_sdk.mock.mcp_server import serve_mcp
from client_sdk.verify import (
    ContractUnderTest,
    McpTarget,
    ToolOutcome,
    VerifyOptions,
    verify_contracts,
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    return folder


def git_contract(repository, **members):
    tool = {
        "tool_name": "git_status",
        "version": "1.0",
        "input_schema": {"repo_path": {"type": "string"}},
        "output_schema": {"type": "string", "pattern": "^Repository status:"},
        "examples": [
            {
                "name": "an empty repository",
                "input": {"repo_path": str(repository)},
                "response": {"status_code": 200},
            }
        ],
    }
    return contract_from_document(
        {"consumer": "agent", "producer": "git", "tools": [tool | members]}
    )


def outcome(contract, target):
    run = verify_contracts(
        [ContractUnderTest(contract)], target, options=VerifyOptions(samples_per_tool=3)
    )
    return run.outcome


def test_a_public_server_is_verified_over_stdio(repository):
    """An error result is status 500, any other 200; the text is the body."""
    nowhere = {
        "name": "no repository",
        "input": {"repo_path": "/nowhere"},
        "response": {"status_code": 500},
    }
    fitting = git_contract(repository)
    refusing = git_contract(repository, status_codes=[200, 500], examples=[nowhere])
    asking_too_much = git_contract(repository, output_schema={"type": "object"})
    target = McpTarget(command=(sys.executable, "-m", "mcp_server_git"))

    run = verify_contracts(
        [ContractUnderTest(each) for each in (fitting, refusing, asking_too_much)], target
    )

    assert [run.run_of(each).outcome for each in (fitting, refusing, asking_too_much)] == [
        ToolOutcome.PASSED,
        ToolOutcome.PASSED,
        ToolOutcome.FAILED,
    ]


def test_a_server_over_http_is_verified_with_its_headers():
    tool = {
        "tool_name": "get_balance",
        "version": "1.0",
        "input_schema": {"agent_id": {"type": "string", "minLength": 1}},
        "output_schema": {"balance": {"type": "string"}},
        "required_output_fields": ["balance"],
        "examples": [{"name": "anybody", "input": {"agent_id": "a"}}],
    }
    contract = contract_from_document({"consumer": "agent", "producer": "gateway", "tools": [tool]})
    mock = GreenHelixMock()
    with serve_mcp(mock, key="s3cret-key") as running:
        known = McpTarget(url=running.url, headers={"Authorization": "Bearer s3cret-key"})

        assert outcome(contract, known) is ToolOutcome.PASSED
        with pytest.raises(Unreachable):
            outcome(contract, McpTarget(url=running.url))
    mock.assert_called("get_balance", at_least=1)


@pytest.mark.parametrize("target", [McpTarget(), McpTarget(command=("a",), url="http://b/")])
def test_a_server_is_given_by_one_of_its_places(target):
    with pytest.raises(SettingsFault, match="by its command or by its address"):
        target.make_sure_somebody_listens(1)


def test_a_call_is_shown_as_the_protocols_request_without_credentials():
    target = McpTarget(url="http://h/mcp", headers={"Authorization": "Bearer s3cret-key"})

    shown = target.curl("pay", {"api_key": "s3cret-key", "n": 1}, Scrubber(target.credentials()))

    assert shown == (
        'http://h/mcp: {"method": "tools/call", "params": '
        '{"name": "pay", "arguments": {"api_key": "⟨secret:1⟩", "n": 1}}}'
    )
    assert target.curl("pay", {"text": "x" * 5000}, Scrubber()).endswith("… (cut)")


def test_a_state_hook_gets_no_header_of_the_server():
    hook = McpTarget(url="http://h/mcp", headers={"X-Key": "k"}).state_hook("http://h/_state")

    assert "X-Key" not in hook._headers
