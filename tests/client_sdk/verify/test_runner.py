import json
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from client_sdk.clock import VirtualClock
from client_sdk.contract.reading import contract_from_document, parse_contract
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import ToolMapping
from client_sdk.mock import GreenHelixMock, serve
from client_sdk.verify import (
    CheckOutcome,
    CommandStates,
    ContractUnderTest,
    Coverage,
    Mode,
    PublishValues,
    StateFailed,
    Target,
    ToolOutcome,
    UrlStates,
    VerifyOptions,
    verify_contracts,
)

CONTRACTS = Path(__file__).parents[3] / "contracts"
EXAMPLES_ONLY = VerifyOptions(mode=Mode.EXAMPLES)


def the_contract():
    return parse_contract((CONTRACTS / "buyer-agent-v2--gateway.contract.json").read_bytes())


def a_contract(**members):
    tool = {
        "tool_name": "get_balance",
        "version": "1",
        "input_schema": {
            "type": "object",
            "properties": {"agent_id": {"const": "a"}},
            "required": ["agent_id"],
        },
        "output_schema": {
            "type": "object",
            "properties": {"balance": {"type": "string"}},
            "required": ["balance"],
        },
        "examples": [{"name": "look", "input": {"agent_id": "a"}}],
    }
    return contract_from_document(
        {"consumer": "buyer", "producer": "gateway", "tools": [tool | members]}
    )


def verified(contract, url, **options):
    return verify_contracts([ContractUnderTest(contract)], Target(url), **options)


def outcomes(run):
    return {tool.tool_name: tool.outcome.value for each in run.contracts for tool in each.tools}


@contextmanager
def producer(status=200, body=b"{}", content_type="application/json", handle=None):
    """A producer that always answers the same, and remembers what it was asked."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, dict(self.headers), json.loads(content)))
            answer = handle(self.path, json.loads(content)) if handle else (status, body)
            self.send_response(answer[0])
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("mapping", list(ToolMapping))
def test_the_sound_build_passes_the_shipped_contract(mapping):
    with serve() as running:
        run = verify_contracts(
            [ContractUnderTest(the_contract())],
            Target(running.url, mapping),
            states=UrlStates(running.url + "/_state"),
        )

    assert run.outcome is ToolOutcome.PASSED
    assert outcomes(run) == dict.fromkeys(
        ["create_escrow", "release_escrow", "get_balance", "deposit"], "passed"
    )


@pytest.mark.parametrize("behaviour", ["extra-member", "without-timestamps"])
def test_a_change_that_hurts_nobody_passes(behaviour):
    contract = parse_contract((CONTRACTS / "demo/buyer-agent-v2/2.1.0.contract.json").read_bytes())
    with serve(GreenHelixMock(behaviours=[behaviour])) as running:
        run = verified(contract, running.url, states=UrlStates(running.url + "/_state"))

    assert run.outcome is ToolOutcome.PASSED


def test_a_renamed_field_fails_where_it_is_read():
    with serve(GreenHelixMock(behaviours=["rename-status"])) as running:
        run = verified(the_contract(), running.url, states=UrlStates(running.url + "/_state"))

    assert run.outcome is ToolOutcome.FAILED
    assert outcomes(run) == {
        "create_escrow": "failed",
        "release_escrow": "failed",
        "get_balance": "passed",
        "deposit": "passed",
    }
    found = run.contracts[0].tools[0].violations
    assert [(each.path, each.message) for each in found] == [
        ("/status", "status is missing"),
        ("/status", "A new escrow is pending."),
    ]


def test_an_amount_that_became_a_number_fails():
    with serve(GreenHelixMock(behaviours=["amount-as-number"])) as running:
        run = verified(the_contract(), running.url, states=UrlStates(running.url + "/_state"))

    assert run.contracts[0].tools[2].violations[0].message == "balance should be string, is 100.00"


@pytest.mark.parametrize("behaviour", ["server-error", "not-json"])
def test_a_build_that_answers_nonsense_passes_nothing(behaviour):
    with serve(GreenHelixMock(behaviours=[behaviour])) as running:
        run = verified(the_contract(), running.url, states=UrlStates(running.url + "/_state"))

    assert set(outcomes(run).values()) == {"failed"}


def test_verification_runs_against_the_sandbox_as_a_process():
    command = [sys.executable, "-m", "client_sdk.mock", "--key", "sk_live_of_the_process"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().split()[-1]
            headers = {"Authorization": "Bearer sk_live_of_the_process"}
            run = verify_contracts(
                [ContractUnderTest(the_contract())],
                Target(url, headers=headers),
                states=UrlStates(url + "/_state", headers=headers),
            )
        finally:
            process.terminate()

    assert run.outcome is ToolOutcome.PASSED


def test_an_example_asserts_its_status():
    contract = a_contract(
        status_codes=[200, 404],
        examples=[{"name": "x", "input": {"agent_id": "a"}, "response": {"status_code": 404}}],
    )
    with producer(200, b'{"balance": "1"}') as (url, _):
        run = verified(contract, url)

    assert [each.message for each in run.contracts[0].tools[0].violations] == [
        "the example expects status 404, the answer has 200"
    ]


def test_an_undeclared_4xx_on_an_example_is_a_failure():
    with producer(422) as (url, _):
        assert verified(a_contract(), url).outcome is ToolOutcome.FAILED


def test_an_undeclared_4xx_on_a_sample_shows_nothing():
    with producer(422) as (url, _):
        run = verified(a_contract(examples=[]), url)

    tool = run.contracts[0].tools[0]
    assert (tool.outcome, tool.judged) == (ToolOutcome.NOT_TESTED, ())
    assert tool.notes == ("not exercised: the sample was refused with 422",)


def test_an_undeclared_4xx_on_a_sample_is_a_failure_when_strict():
    with producer(422) as (url, _):
        run = verified(a_contract(examples=[]), url, options=VerifyOptions(strict=True))

    assert run.outcome is ToolOutcome.FAILED


@pytest.mark.parametrize("status", [500, 302, 204])
def test_another_undeclared_status_on_a_sample_is_a_failure(status):
    with producer(status, b"") as (url, _):
        assert verified(a_contract(examples=[]), url).outcome is ToolOutcome.FAILED


def test_samples_that_were_judged_count_as_sampled():
    with producer(body=b'{"balance": "1"}') as (url, _):
        tool = verified(a_contract(examples=[]), url).contracts[0].tools[0]

    assert (tool.outcome, tool.coverage, len(tool.judged)) == (
        ToolOutcome.PASSED,
        Coverage.SAMPLED,
        1,
    )


def test_no_check_is_no_pass():
    with producer() as (url, seen):
        run = verified(a_contract(examples=[]), url, options=EXAMPLES_ONLY)

    assert (run.outcome, seen) == (ToolOutcome.NOT_TESTED, [])


def test_no_contract_is_no_pass():
    with producer() as (url, _):
        assert verify_contracts([], Target(url)).outcome is ToolOutcome.NOT_TESTED


def test_a_warning_is_reported_and_decides_nothing():
    constraint = {
        "type": "field_equals",
        "field": "currency",
        "value": "USD",
        "severity": "warning",
    }
    with producer(body=b'{"balance": "1"}') as (url, _):
        run = verified(a_contract(constraints=[constraint]), url)

    assert run.outcome is ToolOutcome.PASSED
    assert [each.severity.value for each in run.contracts[0].tools[0].violations] == ["warning"]


def test_a_body_that_is_no_json_says_so():
    with producer(body=b"<html>", content_type="text/html") as (url, _):
        run = verified(a_contract(), url)

    assert [each.message for each in run.contracts[0].tools[0].violations] == [
        "the body cannot be read as JSON: its content type is text/html"
    ]


def test_a_pending_contract_may_fail_without_failing_the_run():
    with serve(GreenHelixMock(behaviours=["rename-status"])) as running:
        states = UrlStates(running.url + "/_state")
        run = verify_contracts(
            [ContractUnderTest(the_contract(), pending=True), ContractUnderTest(a_contract())],
            Target(running.url),
            states=states,
        )

    assert [each.outcome.value for each in run.contracts] == ["failed", "passed"]
    assert run.outcome is ToolOutcome.PASSED


def test_nobody_listening_is_unreachable_and_no_failure():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=str(port)):
        verified(a_contract(), f"http://127.0.0.1:{port}")


def test_an_address_that_cannot_be_used_is_said_so():
    with pytest.raises(SettingsFault):
        verified(a_contract(), "localhost:80")


def test_a_producer_that_hangs_up_has_failed_and_the_next_tool_is_still_called():
    second = a_contract().document["tools"][0] | {"tool_name": "other"}
    contract = contract_from_document(
        a_contract().document | {"tools": [a_contract().document["tools"][0], second]}
    )

    def handle(_, call):
        if call["tool"] == "get_balance":
            raise ConnectionAbortedError
        return 200, b'{"balance": "1"}'

    with producer(handle=handle) as (url, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr(ThreadingHTTPServer, "handle_error", lambda *_: None)
        run = verified(contract, url)

    assert outcomes(run) == {"get_balance": "failed", "other": "passed"}
    assert "no answer" in run.contracts[0].tools[0].violations[0].message


def test_a_call_that_takes_too_long_has_failed():
    release = threading.Event()

    def handle(_, __):
        release.wait(10)
        return 200, b'{"balance": "1"}'

    with producer(handle=handle) as (url, _):
        run = verified(a_contract(), url, options=VerifyOptions(call_timeout=0.2))
        release.set()

    assert "within 0.2 s" in run.contracts[0].tools[0].violations[0].message


def test_what_the_deadline_cuts_off_is_not_tested():
    clock = VirtualClock()
    second = a_contract().document["tools"][0] | {"tool_name": "other"}
    contract = contract_from_document(
        a_contract().document | {"tools": [a_contract().document["tools"][0], second]}
    )
    with producer(body=b'{"balance": "1"}') as (url, seen):
        run = verified(
            contract,
            url,
            clock=clock,
            options=VerifyOptions(deadline=5),
            on_progress=lambda _: clock.advance(5),
        )

    assert outcomes(run) == {"get_balance": "passed", "other": "not_tested"}
    assert run.contracts[0].tools[1].notes == ("the deadline of 5 s was over",)
    assert len(seen) == 1


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


def test_progress_tells_of_every_check():
    told = []
    with producer(body=b'{"balance": "1"}') as (url, _):
        verified(a_contract(), url, on_progress=told.append)

    assert [
        (each.consumer, each.tool_name, each.check.outcome.value, each.done, each.total)
        for each in told
    ] == [("buyer", "get_balance", "passed", 1, 1)]


def test_what_is_published_has_the_brokers_shape():
    with producer(body=b'{"balance": 1}') as (url, _):
        contract = a_contract()
        run = verified(contract, url)

    assert run.tools_for(contract) == [
        {
            "tool_name": "get_balance",
            "outcome": "failed",
            "checks": 1,
            "coverage": "examples",
            "violations": [
                {
                    "field": "balance",
                    "expected": "string",
                    "actual": 1,
                    "severity": "error",
                    "message": "balance should be string, is 1",
                    "path": "/balance",
                }
            ],
        }
    ]


def test_values_are_left_out_when_they_must_never_be_published():
    with producer(body=b'{"balance": 987654}') as (url, _):
        contract = a_contract()
        published = verified(contract, url).tools_for(contract, publish_values=PublishValues.NEVER)

    assert "987654" not in json.dumps(published)
    assert published[0]["violations"][0]["message"] == "balance should be string (type)"


def test_a_contract_that_was_not_part_of_the_run_has_no_result():
    with producer(body=b'{"balance": "1"}') as (url, _), pytest.raises(KeyError):
        verified(a_contract(), url).tools_for(the_contract())


def test_credentials_leave_in_no_form():
    secret = "hunter2-is-my-key"
    schema = {
        "type": "object",
        "properties": {"api_key": {"type": "integer"}, "note": {"type": "integer"}},
    }
    contract = a_contract(
        output_schema=schema,
        input_schema={"type": "object"},
        examples=[{"name": "x", "input": {"agent_id": "a", "password": "in-the-input"}}],
    )
    body = json.dumps({"api_key": "issued-just-now", "note": f"you sent {secret}"}).encode()
    with producer(body=body) as (url, seen):
        run = verify_contracts(
            [ContractUnderTest(contract)], Target(url, headers={"X-Api-Key": secret})
        )

    everything = repr(run.contracts[0].tools) + json.dumps(run.tools_for(contract))
    assert seen[0][1]["X-Api-Key"] == secret
    assert seen[0][2]["input"]["password"] == "in-the-input"
    for planted in (secret, "issued-just-now", "in-the-input"):
        assert planted not in everything
    assert "X-Api-Key: ⟨secret:" in run.contracts[0].tools[0].checks[0].curl


def test_the_curl_line_repeats_the_call():
    with producer(body=b'{"balance": 1}') as (url, _):
        curl = verified(a_contract(), url).contracts[0].tools[0].checks[0].curl

    assert curl == (
        f"curl -sS -X POST {url}/v1 -H 'Accept: application/json' -H 'Content-Type: application/json' "
        '--data-binary \'{"tool": "get_balance", "input": {"agent_id": "a"}}\''
    )


def test_a_redirect_takes_no_credential_elsewhere():
    with producer() as (elsewhere, stolen):

        class Redirecting(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(307)
                self.send_header("Location", elsewhere + "/v1")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            run = verified(a_contract(), f"http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    assert (run.outcome, stolen) == (ToolOutcome.FAILED, [])


def test_an_ordinary_header_value_is_no_secret():
    target = Target(
        "http://h",
        headers={
            "X-Env": "test",
            "X-Token": "t0k",
            "X-Custom": "long-enough",
            "Accept": "application/json",
        },
    )

    assert target.credentials() == ["t0k", "long-enough"]


def test_a_state_that_cannot_be_torn_down_is_noted():
    class Stuck:
        def change(self, _, __, action, ___):
            if action == "teardown":
                raise StateFailed("it sticks")

    example = {"name": "x", "provider_state": "rich", "input": {"agent_id": "a"}}
    with producer(body=b'{"balance": "1"}') as (url, _):
        tool = verified(a_contract(examples=[example]), url, states=Stuck()).contracts[0].tools[0]

    assert (tool.outcome, tool.notes) == (ToolOutcome.PASSED, ("it sticks",))


def test_a_name_that_cannot_stand_in_a_path_leaves_the_tool_untested():
    contract = a_contract(tool_name="..")
    with producer(body=b'{"balance": "1"}') as (url, seen):
        run = verify_contracts([ContractUnderTest(contract)], Target(url, ToolMapping.PATH))

    assert (run.outcome, seen) == (ToolOutcome.NOT_TESTED, [])
    assert "cannot be called" in run.contracts[0].tools[0].notes[0]


def test_a_run_of_pending_contracts_alone_holds_nothing_against_the_build():
    with producer(500) as (url, _):
        tested = verify_contracts([ContractUnderTest(a_contract(), pending=True)], Target(url))
        untested = verify_contracts(
            [ContractUnderTest(a_contract(), pending=True)],
            Target(url),
            options=VerifyOptions(deadline=0),
        )

    assert (tested.contracts[0].outcome, tested.outcome) == (ToolOutcome.FAILED, ToolOutcome.PASSED)
    assert untested.outcome is ToolOutcome.NOT_TESTED


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


def test_the_same_fault_in_several_calls_is_published_once():
    answers = iter(range(100))

    def handle(_, __):
        return 200, json.dumps({"balance": next(answers)}).encode()

    contract = a_contract(
        examples=[
            {"name": "x", "input": {"agent_id": "a"}},
            {"name": "y", "input": {"agent_id": "a"}},
        ]
    )
    with producer(handle=handle) as (url, _):
        run = verified(contract, url)

    assert [each["message"] for each in run.tools_for(contract)[0]["violations"]] == [
        "balance should be string, is 0"
    ]


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
