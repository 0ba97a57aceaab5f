"""State hooks: what is prepared before a call, and what follows when it cannot be."""

import json
import sys

import pytest
from producers import a_contract, producer, the_contract, verified

from client_sdk.mock import serve
from client_sdk.verify import (
    CheckOutcome,
    CommandStates,
    ContractUnderTest,
    StateFailed,
    Target,
    ToolOutcome,
    UrlStates,
    verify_contracts,
)


def test_states_are_set_up_before_and_torn_down_after_each_call():
    calls = []

    class Recording:
        def change(self, state, params, action, consumer):
            calls.append((action, state, params, consumer))

    def handle(_, call):
        calls.append(call["tool"])
        return 200, b'{"balance": "1"}'

    example = {
        "name": "x",
        "provider_state": "rich",
        "params": {"n": 1},
        "input": {"agent_id": "a"},
    }
    with producer(handle=handle) as (url, _):
        verified(a_contract(examples=[example]), url, states=Recording())

    assert calls == [
        ("setup", "rich", {"n": 1}, "buyer"),
        "get_balance",
        ("teardown", "rich", {"n": 1}, "buyer"),
    ]


def test_a_state_that_cannot_be_set_up_leaves_the_tool_untested():
    example = {"name": "x", "provider_state": "no such state", "input": {"agent_id": "a"}}
    with serve() as running:
        run = verified(
            a_contract(examples=[example]), running.url, states=UrlStates(running.url + "/_state")
        )

    tool = run.contracts[0].tools[0]
    assert (tool.outcome, tool.checks[0].outcome) == (ToolOutcome.NOT_TESTED, CheckOutcome.NOT_RUN)
    assert "422" in tool.notes[0]


def test_without_a_hook_an_example_runs_and_a_note_says_so():
    example = {"name": "x", "provider_state": "rich", "input": {"agent_id": "a"}}
    with producer(body=b'{"balance": "1"}') as (url, _):
        tool = verified(a_contract(examples=[example]), url).contracts[0].tools[0]

    assert tool.notes == ("the state 'rich' was not set up: no state hook is given",)


def test_a_state_command_reads_the_request_and_no_shell(tmp_path):
    log = tmp_path / "log"
    script = f"import sys; open({str(log)!r}, 'a').write(sys.stdin.read() + chr(10))"
    example = {
        "name": "x",
        "provider_state": "$(touch /tmp/pwned); `id`",
        "params": {"a": "'\""},
        "input": {"agent_id": "a"},
    }
    with producer(body=b'{"balance": "1"}') as (url, _):
        verified(
            a_contract(examples=[example]),
            url,
            states=CommandStates([sys.executable, "-c", script]),
        )

    requests = [json.loads(line) for line in log.read_text().splitlines()]
    assert [each["action"] for each in requests] == ["setup", "teardown"]
    assert requests[0]["state"] == "$(touch /tmp/pwned); `id`"
    assert requests[0]["params"] == {"a": "'\""}


@pytest.mark.parametrize(
    "command", [["/no/such/command"], [sys.executable, "-c", "import sys; sys.exit('no money')"]]
)
def test_a_state_command_that_fails_leaves_the_tool_untested(command):
    example = {"name": "x", "provider_state": "rich", "input": {"agent_id": "a"}}
    with producer(body=b'{"balance": "1"}') as (url, seen):
        run = verified(a_contract(examples=[example]), url, states=CommandStates(command))

    assert (run.outcome, seen) == (ToolOutcome.NOT_TESTED, [])


def test_a_state_that_cannot_be_torn_down_is_noted():
    class Stuck:
        def change(self, _, __, action, ___):
            if action == "teardown":
                raise StateFailed("it sticks")

    example = {"name": "x", "provider_state": "rich", "input": {"agent_id": "a"}}
    with producer(body=b'{"balance": "1"}') as (url, _):
        tool = verified(a_contract(examples=[example]), url, states=Stuck()).contracts[0].tools[0]

    assert (tool.outcome, tool.notes) == (ToolOutcome.PASSED, ("it sticks",))


def test_a_state_address_where_nobody_listens_leaves_the_tool_untested():
    example = {"name": "x", "provider_state": "rich", "input": {"agent_id": "a"}}
    with producer(body=b'{"balance": "1"}') as (url, _):
        run = verified(
            a_contract(examples=[example]), url, states=UrlStates("http://127.0.0.1:9/_state")
        )

    assert "did not answer" in run.contracts[0].tools[0].notes[0]


@pytest.mark.parametrize(
    ("suffix", "outcome"), [("", ToolOutcome.PASSED), ("elsewhere", ToolOutcome.NOT_TESTED)]
)
def test_the_targets_credentials_reach_a_state_hook_of_its_own_origin_only(suffix, outcome):
    headers = {"Authorization": "Bearer the-one-key"}
    with serve(key="the-one-key") as running, serve(key="the-one-key") as elsewhere:
        target = Target(running.url, headers=headers)
        hook = (elsewhere.url if suffix else running.url) + "/_state"
        run = verify_contracts(
            [ContractUnderTest(the_contract())], target, states=target.state_hook(hook)
        )

    assert run.contracts[0].tools[0].outcome is outcome


def test_a_tool_passes_only_when_none_of_its_examples_was_left_out():
    examples = [
        {"name": "plain", "input": {"agent_id": "a"}},
        {"name": "prepared", "provider_state": "no such state", "input": {"agent_id": "a"}},
    ]
    with serve() as running:
        run = verified(
            a_contract(examples=examples), running.url, states=UrlStates(running.url + "/_state")
        )

    tool = run.contracts[0].tools[0]
    assert [check.outcome.value for check in tool.checks] == ["passed", "not_run"]
    assert (tool.outcome, run.outcome) == (ToolOutcome.NOT_TESTED, ToolOutcome.NOT_TESTED)
