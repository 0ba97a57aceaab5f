"""What a run tells: its progress, what is published, and that no secret leaves."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from producers import a_contract, producer, the_contract, verified

from client_sdk.verify import (
    ContractUnderTest,
    PublishValues,
    Target,
    ToolOutcome,
    verify_contracts,
)


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
