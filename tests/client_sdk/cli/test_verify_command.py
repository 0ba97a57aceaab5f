"""`tally verify` against a producer behind a real socket: what is sent, said, and how it leaves."""

import json
import shlex
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree as ET

import pytest
from abuse_cases import sound_contract, sound_tool

SECRET = "s3cr3t-token-of-the-target"
ID = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


class Producer:
    """Answers every call with `body` and `status`; keeps what it was asked."""

    def __init__(self):
        self.status, self.body = 200, {"balance": "1.00"}
        self.asked = []
        producer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                producer.asked.append((self.path, dict(self.headers), json.loads(sent)))
                answer = json.dumps(producer.body).encode()
                self.send_response(producer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def producer():
    running = Producer()
    thread = threading.Thread(target=running.server.serve_forever, args=(0.02,))
    thread.start()
    yield running
    running.server.shutdown()
    thread.join()
    running.server.server_close()


@pytest.fixture
def contract(tmp_path):
    tool = sound_tool(
        tool_name="get_balance",
        input_schema=ID,
        output_schema={"balance": {"type": "string"}},
        required_output_fields=["balance"],
        examples=[{"name": "somebody", "input": {"id": "a"}, "response": {"status_code": 200, "body": {"balance": "1.00"}}}],
    )  # fmt: skip
    file = tmp_path / "one.contract.json"
    file.write_text(json.dumps(sound_contract(tools=[tool])))
    return file


@pytest.fixture
def verify(tally, contract, producer, monkeypatch):
    monkeypatch.setenv("TALLY_TARGET_TOKEN", SECRET)

    def run(*options):
        return tally(
            *("verify", "--producer", "target", "--base-url", producer.url),
            *("--file", contract, *options),
        )

    return run


def test_an_answer_as_expected_is_exit_0(verify, producer):
    said = verify("--only", "examples")

    assert (said.code, said.err) == (0, "")
    path, headers, sent = producer.asked[0]
    assert (path, sent) == ("/v1", {"tool": "get_balance", "input": {"id": "a"}})
    assert headers["Authorization"] == f"Bearer {SECRET}"


def test_the_tool_may_stand_in_the_path(verify, producer):
    verify("--only", "examples", "--mapping", "path")

    assert [(path, sent) for path, _, sent in producer.asked] == [("/v1/get_balance", {"id": "a"})]


def test_another_status_is_said_to_be_one(verify, producer):
    producer.status = 202

    said = verify("--only", "examples")

    assert said.code == 1
    assert "get_balance  somebody  status_code\n    expected: 200\n    actual: 202" in said.out


def test_a_violation_has_its_place_both_values_and_a_call_to_repeat(verify, producer):
    producer.body = {"balance": 1}

    said = verify("--only", "examples")

    assert said.code == 1
    assert "get_balance  somebody  /balance\n    expected: string\n    actual: 1\n" in said.out
    assert f"curl -sS -X POST {producer.url}/v1" in said.out
    assert SECRET not in said.out


@pytest.mark.parametrize("output", ["table", "json", "markdown", "junit", "sarif", "github"])
def test_no_format_shows_a_credential(verify, producer, output):
    producer.body = {"balance": f"Bearer {SECRET}", "token": SECRET}
    producer.status = 500

    said = verify("--only", "examples", "--output", output)

    assert said.code == 1
    assert SECRET not in said.out + said.err


def test_an_annotation_names_consumer_and_tool(verify, producer):
    producer.body = {"balance": 1}

    said = verify("--only", "examples", "--output", "github")

    assert said.out.startswith("::error title=type::abuse, get_balance: balance should be string")


def test_a_test_report_has_one_line_as_message_and_the_call_below(verify, producer):
    producer.body = {"balance": 1}

    (suite,) = ET.fromstring(verify("--only", "examples", "--output", "junit").out)

    (failure,) = suite.iter("failure")
    assert failure.get("message") == "balance should be string, is 1"
    assert "curl" in failure.text


def test_a_state_nobody_sets_up_is_said_below_the_table(verify, contract, producer):
    document = json.loads(contract.read_text())
    document["tools"][0]["examples"][0]["provider_state"] = "somebody is rich"
    contract.write_text(json.dumps(document))

    said = verify("--only", "examples")

    assert said.out.splitlines()[-1] == (
        "- abuse, get_balance: the state 'somebody is rich' was not set up: no state hook is given"
    )


def test_a_refused_sample_shows_nothing_unless_strict(verify, contract, producer):
    document = json.loads(contract.read_text())
    del document["tools"][0]["examples"]
    contract.write_text(json.dumps(document))
    producer.status = 422

    assert verify().code == 3
    assert verify("--strict").code == 1


def test_the_same_seed_sends_the_same_inputs(verify, contract, producer):
    document = json.loads(contract.read_text())
    document["tools"][0]["input_schema"]["properties"]["note"] = {"type": "string", "maxLength": 9}
    contract.write_text(json.dumps(document))

    verify("--seed", "5")
    first, producer.asked = producer.asked, []
    verify("--seed", "5")

    assert len(first) > 2
    assert [sent for *_, sent in first] == [sent for *_, sent in producer.asked]


def test_a_tool_without_examples_is_not_tested_by_examples_and_says_so(verify, contract):
    document = json.loads(contract.read_text())
    del document["tools"][0]["examples"]
    contract.write_text(json.dumps(document))

    said = verify("--only", "examples")

    assert said.code == 3
    assert said.out.splitlines()[-1] == (
        "- abuse, get_balance: it has no example, and no input was sampled"
    )


def test_the_hint_of_an_unknown_row_resolves_it_on_whatever_branch(team, contract, producer):
    """The hint names the consumer's version: nobody else would ask for one on a lonely branch."""
    text = contract.read_text()
    team("publish", contract, "--version", "1", "--branch", "main")
    contract.write_text(text.replace('"somebody"', '"somebody else"'))
    team("publish", contract, "--version", "2", "--branch", "lonely")
    ask = ("can-i-deploy", *("--participant", "abuse", "--version", "2"))
    pair = (*ask, "--participant", "target", "--version", "9", "--output", "json")
    build = ("verify", "--producer", "target", "--version", "9", "--base-url", producer.url)
    assert team(*build, "--publish").code == 0
    unknown = team(*pair).json
    assert (unknown["decision"], unknown["rows"][0]["outcome"]) == ("unknown", "unknown")
    hint = unknown["reasons"][0]["hint"].replace("URL", producer.url)
    assert team(*shlex.split(hint)[1:]).code == 0
    assert team(*pair).json["decision"] == "yes"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--consumer-version", "2"), "--consumer-version needs --consumer"),
        (("--consumer-version", "2", "--consumer", "abuse"), "neither --environment nor --file"),
    ],
)
def test_a_consumer_version_is_somebodys_and_names_the_contract(verify, options, said):
    refused = verify(*options)
    assert refused.code == 2
    assert said in refused.err


@pytest.mark.parametrize(
    "header", ["Authorization: Bearer zz-secret\nX: 1", "Bearer zz-secret", "X: zz-secr\u00e9t"]
)
def test_a_header_that_cannot_be_sent_is_refused_and_its_value_not_shown(verify, producer, header):
    refused = verify("--header", header)
    assert (refused.code, producer.asked) == (2, [])
    assert "zz-secr" not in refused.err


def test_a_target_token_that_cannot_be_sent_is_refused_and_not_shown(verify, monkeypatch):
    monkeypatch.setenv("TALLY_TARGET_TOKEN", "zz-secret\nX: 1")
    refused = verify()
    assert (refused.code, "zz-secret" in refused.err) == (2, False)
