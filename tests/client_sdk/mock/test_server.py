import http.client
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from client_sdk.clock import VirtualClock
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import ToolClient, ToolMapping
from client_sdk.mock import GreenHelixMock, MockResponse, ToolMock, serve
from client_sdk.transport import Timeout, Transport


@pytest.fixture
def running():
    with serve() as running:
        yield running


def post(url, path, content, **headers):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("POST", path, content, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("mapping", list(ToolMapping))
@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
def test_tools_are_called_with_their_name_in_body_or_path(running, mapping, suffix):
    client = ToolClient(running.url + suffix, mapping=mapping)

    result = client.execute("deposit", {"agent_id": "test-a", "amount": "5.00"})

    assert (result.status_code, result.body["balance"]) == (200, "5.00")
    client.close()


@pytest.mark.filterwarnings("ignore::client_sdk.mock.MockMisused")
@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/v1", b"{", 400),
        ("/v1", b'{"tool": "a", "tool": "b"}', 400),
        ("/v1", b"[]", 400),
        ("/v1", b'{"input": {}}', 400),
        ("/v1", b'{"tool": "nothing"}', 404),
        ("/v1/nothing", b"{}", 404),
        ("/v1/create_escrow", b'{"payer": "a", "payee": "b", "amount": 1.5}', 422),
        ("/elsewhere", b"{}", 404),
        ("/v1/a/b", b"{}", 404),
    ],
)
def test_a_bad_call_is_a_problem(running, path, content, status):
    answered, body = post(running.url, path, content)

    assert (answered, body["status"]) == (status, status)


def test_a_body_without_length_is_refused(running):
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=5)
    connection.putrequest("POST", "/v1")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()

    assert connection.getresponse().status == 411
    connection.close()


def test_a_body_that_is_too_large_is_refused(running):
    connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=5)
    connection.putrequest("POST", "/v1")
    connection.putheader("Content-Length", "3000000")
    connection.endheaders()

    assert connection.getresponse().status == 413
    connection.close()


def test_the_probe_needs_no_key():
    with serve(key="s3cret-key") as running:
        connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=5)
        connection.request("GET", "/health")

        assert connection.getresponse().status == 200
        connection.close()


def test_a_key_is_asked_for_when_there_is_one():
    with serve(key="s3cret-key") as running:
        assert post(running.url, "/v1/get_balance", b'{"agent_id": "a"}')[0] == 401
        assert post(running.url, "/_state", b'{"action": "reset"}')[0] == 401
        assert (
            post(
                running.url,
                "/v1/get_balance",
                b'{"agent_id": "a"}',
                Authorization="Bearer s3cret-key",
            )[0]
            == 200
        )


def test_a_state_is_set_and_torn_down_over_http(running):
    request = {
        "state": "a funded payer",
        "params": {"agent_id": "test-a", "balance": "3.00"},
        "action": "setup",
        "consumer": "c",
    }

    assert post(running.url, "/_state", json.dumps(request))[0] == 200
    assert running.mock.books()["wallets"] == [
        {"agent_id": "test-a", "currency": "USD", "balance": "3.00"}
    ]
    assert post(running.url, "/_state", json.dumps(request | {"action": "teardown"}))[0] == 200
    assert running.mock.books()["wallets"] == []


@pytest.mark.parametrize(
    ("request_body", "status"),
    [
        ({"state": "no such"}, 422),
        ({"action": "setup"}, 400),
        ({"state": "x", "action": "jump"}, 400),
    ],
)
def test_a_state_that_cannot_be_set_is_a_problem(running, request_body, status):
    assert post(running.url, "/_state", json.dumps(request_body))[0] == status


def get(url, path, **headers):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_the_state_can_be_looked_at(running):
    running.mock.set_state("a pending escrow", {"escrow_id": "esc_x"})

    status, body = get(running.url, "/_state")

    assert (status, [each["escrow_id"] for each in body["escrows"]]) == (200, ["esc_x"])
    assert get(running.url, "/v1")[0] == 404


def test_looking_at_the_state_needs_the_key():
    with serve(key="s3cret-key") as running:
        assert get(running.url, "/_state")[0] == 401
        assert get(running.url, "/_state", Authorization="Bearer s3cret-key")[0] == 200


@pytest.mark.parametrize(
    "behaviour", ["without-timestamps", "extra-member", "rename-status", "amount-as-number"]
)
def test_a_broken_build_leaves_problems_alone(behaviour):
    with serve(GreenHelixMock(behaviours=[behaviour])) as running:
        assert post(running.url, "/v1/get_escrow", b'{"escrow_id": "esc_x"}') == post(
            running.url, "/v1/get_escrow", b'{"escrow_id": "esc_x"}'
        )
        assert post(running.url, "/v1/get_escrow", b'{"escrow_id": "esc_x"}')[1]["status"] == 404


def test_a_renamed_member_is_renamed_in_lists_too():
    with serve(GreenHelixMock(behaviours=["rename-status"])) as running:
        running.mock.set_state("a pending escrow", {})

        listed = post(running.url, "/v1/list_escrows", b"{}")[1]["escrows"]

    assert [("state" in each, "status" in each) for each in listed] == [(True, False)]


def test_calls_at_once_lose_no_money(running):
    running.mock.set_state("a funded payer", {"agent_id": "test-a", "balance": "10.00"})

    def create(_):
        client = ToolClient(running.url)
        try:
            return client.execute(
                "create_escrow", {"payer": "test-a", "payee": "test-b", "amount": "1.00"}
            ).status_code
        finally:
            client.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(create, range(20)))

    assert statuses == [200] * 10 + [402] * 10
    running.mock.assert_ledger_balanced()


@pytest.mark.parametrize(
    ("behaviour", "body"),
    [
        ("rename-status", {"escrow_id": "esc_x", "state": "pending", "amount": "7.00"}),
        ("amount-as-number", {"escrow_id": "esc_x", "status": "pending", "amount": 7.0}),
        (
            "extra-member",
            {"escrow_id": "esc_x", "status": "pending", "amount": "7.00", "risk_score": 0},
        ),
    ],
)
def test_a_broken_build_answers_otherwise(behaviour, body):
    with serve(GreenHelixMock(behaviours=[behaviour])) as running:
        running.mock.set_state("a pending escrow", {"escrow_id": "esc_x", "amount": "7.00"})

        answered = post(running.url, "/v1/get_escrow", b'{"escrow_id": "esc_x"}')[1]

    left_out = {"payer", "payee", "currency", "created_at"}
    assert {name: value for name, value in answered.items() if name not in left_out} == body


def test_the_sandbox_listens_on_loopback_only():
    with pytest.raises(SettingsFault, match="loopback"), serve(host="0.0.0.0"):  # noqa: S104
        pass


def test_a_taken_port_is_said_so(running):
    port = urlsplit(running.url).port

    with pytest.raises(SettingsFault, match=str(port)), serve(port=port):
        pass


def test_the_sandbox_runs_as_a_process_and_stops_when_asked():
    command = [
        sys.executable,
        "-m",
        "client_sdk.mock",
        "--port",
        "0",
        "--behaviour",
        "rename-status",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().split()[-1]
            assert post(url, "/v1/deposit", b'{"agent_id": "a", "amount": "1.00"}')[0] == 200
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0


def test_one_address_serves_every_tool_by_its_name():
    """M18, m13"""
    mock = GreenHelixMock()
    with mock.serve() as running:
        client = ToolClient(running.url)
        client.execute("deposit", {"agent_id": "a", "amount": "5.00"})
        answered = client.execute("get_balance", {"agent_id": "a"})
        client.close()

    assert answered.body["balance"] == "5.00"
    assert [call["tool"] for call in mock.get_call_log()] == ["deposit", "get_balance"]


def test_a_served_mock_is_programmed_and_asserted_in_process(running):
    running.mock.inject_error(503, tool="deposit", headers={"retry-after": "7"})

    client = ToolClient(running.url)
    refused = client.execute("deposit", {"agent_id": "a", "amount": "5.00"})
    client.close()

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "7")
    running.mock.assert_called("deposit", times=1)


def test_calls_can_be_looked_at_over_http(running):
    post(running.url, "/v1/get_balance", b'{"agent_id": "a"}')

    calls = get(running.url, "/_calls")[1]["calls"]

    assert [(call["tool"], call["status_code"]) for call in calls] == [("get_balance", 200)]


def test_silence_over_http_is_a_read_timeout_and_then_a_closed_connection(running):
    """m7"""
    running.mock.no_answer(["deposit"], after_ms=60_000)
    impatient = ToolClient(running.url, transport=Transport(Timeout(1, 0.2, 0.2)))
    with pytest.raises(Unreachable, match=r"within 0\.2 s"):
        impatient.execute("deposit", {"agent_id": "a", "amount": "5.00"})
    impatient.close()

    running.mock.reset()
    running.mock.no_answer(["deposit"], after_ms=1)
    patient = ToolClient(running.url)
    with pytest.raises(Unreachable, match="cannot be reached"):
        patient.execute("deposit", {"agent_id": "a", "amount": "5.00"})
    patient.close()
    running.mock.assert_called("deposit", times=1)


def test_a_delay_passes_on_the_mocks_clock_over_http():
    """m7"""
    mock = GreenHelixMock(clock=VirtualClock())
    mock.set_response("deposit", MockResponse(504, {}, delay_ms=30_000))
    with mock.serve() as running:
        assert post(running.url, "/v1/deposit", b"{}")[0] == 504

    assert mock.clock.monotonic() == 30.0


def test_a_teardown_leaves_what_a_test_programmed(running):
    running.mock.set_response("get_escrow", MockResponse(body={"made": True}))
    post(running.url, "/v1/deposit", b'{"agent_id": "a", "amount": "5.00"}')

    assert post(running.url, "/_state", b'{"action": "teardown"}')[0] == 200

    assert running.mock.execute("get_escrow", {}).body == {"made": True}
    assert running.mock.books()["wallets"] == []


def test_a_handler_that_fails_is_a_500(running):
    running.mock.handler("get_escrow")(lambda given: given["missing"])

    status, body = post(running.url, "/v1/get_escrow", b"{}")

    assert (status, body["code"]) == (500, "handler-failed")
    assert "KeyError" in body["detail"]


def test_a_mock_of_any_tools_is_served_too():
    with ToolMock().serve() as running:
        running.mock.set_response("ping", MockResponse(body={"pong": True}))

        assert post(running.url, "/v1/ping", b"{}") == (200, {"pong": True})
        assert get(running.url, "/_state")[1] == {"tools": ["ping"]}
        assert post(running.url, "/_state", b'{"state": "x"}')[0] == 422


def test_a_mock_that_was_stopped_answers_nobody_and_leaves_no_thread():
    """M18: not over a kept connection either"""
    before = threading.active_count()
    with requests.Session() as session:
        with GreenHelixMock().serve() as running:
            url = running.url + "/v1/get_balance"
            assert session.post(url, json={"agent_id": "a"}, timeout=5).status_code == 200
        assert threading.active_count() == before
        with pytest.raises(requests.ConnectionError):
            session.post(url, json={"agent_id": "a"}, timeout=5)
