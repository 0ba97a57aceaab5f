"""Calls for real: h6, h7, h8, h21, over real sockets."""

import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import requests
from awaiting import awaited

from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import BudgetExceeded, BudgetGuard, ToolClient
from client_sdk.exchange.mcp import McpClient
from client_sdk.harness import AgentTestHarness, Cassette, Timeout
from client_sdk.harness.live import url_of
from client_sdk.transport import Transport


@contextmanager
def answering(body=b"{}", content_type="application/json", status=200):
    """A service that always answers the same, and remembers what it was asked."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.path, content, dict(self.headers)))
            self.send_response(status)
            if content_type:
                self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_POST  # noqa: N815 - the names http.server looks for

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def talking(script):
    """A raw listener: `script` gets each accepted socket, after the request was read."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                accepted, _ = listener.accept()
            except OSError:
                return
            with accepted:
                accepted.recv(65_536)
                script(accepted)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def live(url, tmp_path, mode="passthrough", **options):
    return AgentTestHarness("test-key", "test-a", url, tmp_path, mode, **options)


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
@pytest.mark.parametrize(
    ("mapping", "path"),
    [("tool-in-body", "/v1"), ("tool-in-path", "/v1/ping"), ("body", "/v1"), ("path", "/v1/ping")],
)
def test_v1_stands_once_in_the_address(tmp_path, suffix, mapping, path):
    """h6, H9"""
    with answering() as (url, seen), live(url + suffix, tmp_path, mapping=mapping) as one:
        one.execute("ping", {"n": 1})

    assert seen[0][:2] == ("POST", path)
    assert seen[0][3]["Authorization"] == "Bearer test-key"


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [("http://h", "/orders", "http://h/orders"), ("http://h/v1", "/orders", "http://h/v1/orders"),
     ("http://h/v1/", "/v1/orders", "http://h/v1/orders"), ("http://h", "/v1/orders", "http://h/v1/orders"),
     ("http://h/v1", "/v1", "http://h/v1"), ("http://h/v1", "/v10", "http://h/v1/v10")],
)  # fmt: skip
def test_a_path_goes_below_the_base(base, path, url):
    """h6"""
    assert url_of(base, path) == url


def test_a_base_that_is_no_address_is_refused(tmp_path):
    with live("ftp://somewhere", tmp_path) as one, pytest.raises(SettingsFault, match="http"):
        one.execute("ping", {})


def test_a_slow_drip_ends_at_the_total(tmp_path):
    """h7, F5: every read is in time, the whole is not"""

    pause = threading.Event()

    def drip(accepted):
        accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            pause.wait(0.05)
            try:
                accepted.sendall(b".")
            except OSError:
                return

    with (
        talking(drip) as url,
        live(url, tmp_path, timeout=Timeout(1, 1, 0.3)) as one,
        pytest.raises(requests.Timeout, match=r"within 0\.3 s"),
    ):
        one.execute("ping", {})


def test_there_is_always_a_deadline(tmp_path):
    """h7"""
    assert Timeout(5, 30).total < float("inf")


@pytest.mark.parametrize(
    ("timeout", "total"),
    [(Timeout(1, 2), 3), (Timeout(1, 2, 9), 9), (Timeout(1, 2, float("inf")), 3), (Timeout(), 35)],
)
def test_a_pair_of_timeouts_bounds_the_whole_call_too(timeout, total):
    """h7"""
    assert timeout.total == total


def test_one_number_bounds_everything(tmp_path):
    """h7"""
    over = threading.Event()
    with talking(lambda _: over.wait(5)) as url, live(url, tmp_path, timeout=0.2) as one:
        with pytest.raises(requests.Timeout):
            one.execute("ping", {})
        over.set()


@pytest.mark.parametrize("bad", [0, -1, float("nan"), True])
def test_a_timeout_that_is_no_time_is_refused(bad):
    """h7"""
    with pytest.raises(ValueError, match=r"timeout .* is a number of seconds above 0"):
        AgentTestHarness(timeout=bad)


@pytest.mark.parametrize(
    ("body", "content_type", "expected", "is_json"),
    [(b'{"a": 1.10}', "application/json", {"a": Decimal("1.10")}, True),
     (b'{"title": "no"}', "application/problem+json; charset=utf-8", {"title": "no"}, True),
     (b"[1, 2]", "application/vnd.api+json", [1, 2], True), (b'"text"', "application/json", "text", True),
     (b"null", "application/json", None, True), (b"hello", "text/plain", "hello", False), (b"\x00\xff", "image/png", b"\x00\xff", False),
     (b'{"a": ', "application/json", '{"a": ', False), (b"", "", None, True), (b"{}", "", "{}", False)],
)  # fmt: skip
def test_every_body_is_kept_and_plays_again(tmp_path, body, content_type, expected, is_json):
    """h8"""
    with (
        answering(body, content_type) as (url, _),
        live(url, tmp_path, "record") as one,
        one.cassette("one"),
    ):
        first = one.execute("ping", {})
    with live(url, tmp_path, "playback") as one, one.cassette("one"):
        again = one.execute("ping", {})

    assert first.body == again.body == expected
    assert first.fault == again.fault
    assert (first.fault is None) is is_json
    assert first.headers == again.headers


def reset(accepted):
    accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def cut_short(accepted):
    accepted.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def bad_chunk(accepted):
    accepted.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")


def silence(accepted):
    while accepted.recv(65_536):
        pass  # until the caller gives up


def stall(accepted):
    cut_short(accepted)
    silence(accepted)


@pytest.mark.parametrize(
    ("script", "kind"),
    [(reset, "ConnectionError"), (lambda _: None, "ConnectionError"), (lambda it: it.sendall(b"garbage\r\n\r\n"), "ConnectionError"),
     (cut_short, "ChunkedEncodingError"), (bad_chunk, "ChunkedEncodingError"), (silence, "ReadTimeout"), (stall, "ConnectionError")],
)  # fmt: skip
def test_a_broken_wire_raises_what_requests_raises_and_plays_it_again(tmp_path, script, kind):
    """h21, F5"""
    with talking(script) as url:
        with pytest.raises(requests.RequestException) as bare:
            requests.post(url, json={}, timeout=0.2)
        one = live(url, tmp_path, "record", timeout=Timeout(0.2, 0.2, 5))
        with one:
            one.start_cassette("one")
            with pytest.raises(requests.RequestException) as first:
                one.execute("ping", {})
            one.stop_cassette()
    with (
        live(url, tmp_path, "playback") as one,
        one.cassette("one"),
        pytest.raises(requests.RequestException) as again,
    ):
        one.execute("ping", {})

    assert [type(each.value).__name__ for each in (bare, first, again)] == [kind] * 3
    assert str(first.value) == str(again.value)


def test_nobody_there_is_a_connection_error(tmp_path):
    """h21, F5"""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with (
        live(url, tmp_path, timeout=Timeout(1, 1, 1)) as one,
        pytest.raises(requests.ConnectionError),
    ):
        one.execute("ping", {})


@pytest.mark.parametrize(
    "error",
    [requests.exceptions.SSLError("bad certificate"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("odd"),
     TimeoutError("slow"), ConnectionResetError("gone"), Unreachable("nobody")],
)  # fmt: skip
def test_the_errors_of_any_client_play_again(recorded, harness, error):
    """h21"""
    recorded("one", ("ping", {}, error))
    one = harness()
    with one.cassette("one"), pytest.raises(type(error)) as caught:
        one.execute("ping", {})

    assert type(caught.value) is type(error)
    assert str(caught.value) == str(error)


def test_a_subclass_plays_as_the_class_that_its_library_has(recorded, harness):
    """h21"""

    class Odd(requests.ConnectionError):
        pass

    recorded("one", ("ping", {}, Odd("odd")))
    one = harness()
    with one.cassette("one"), pytest.raises(requests.ConnectionError, match="odd"):
        one.execute("ping", {})


def test_an_error_of_the_test_itself_is_not_recorded(harness, scripted, tmp_path):
    one = harness("record", client=scripted(KeyError("bug")))
    with pytest.raises(KeyError), one.cassette("one"):
        one.execute("ping", {})
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_error_in_a_file_imports_nothing(tmp_path, harness):
    """h21"""
    file = tmp_path / "one.json"
    file.write_text(
        '{"entries": [{"request_tool": "ping", "request_input": {}, "response_status": 0, '
        '"error": {"library": "os", "kind": "system", "message": "ls"}}]}'
    )
    one = harness()
    one.start_cassette("one")
    with pytest.raises(RuntimeError, match=r"os\.system is unknown here"):
        one.execute("ping", {})


def test_a_plain_request_records_and_plays(tmp_path):
    """h6: any HTTP, not only tools"""
    with (
        answering(b'{"id": 7}') as (url, seen),
        live(url, tmp_path, "record") as one,
        one.cassette("one"),
    ):
        one.request("put", "/orders/7", query={"full": True}, body={"amount": Decimal("5.00")})
    with live(url, tmp_path, "playback") as one, one.cassette("one"):
        again = one.request("PUT", "/orders/7", query={"full": True}, body={"amount": "5.00"})

    assert seen[0][:3] == ("PUT", "/orders/7?full=True", b'{"amount": "5.00"}')
    assert again.body == {"id": 7}


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [("FETCH", "/a", "method is one of"), ("GET", "a", "path begins"), ("GET", "/a?b", "no query")],
)
def test_a_plain_request_that_cannot_be_sent_is_refused(harness, method, path, said):
    with pytest.raises(ValueError, match=said):
        harness("passthrough").request(method, path)


def test_a_plain_request_needs_http(harness, scripted):
    with pytest.raises(ValueError, match="needs HTTP"):
        harness("passthrough", client=scripted()).request("GET", "/a")


def test_two_ways_to_speak_exclude_each_other(scripted):
    with pytest.raises(ValueError, match="client excludes"):
        AgentTestHarness(client=scripted(), timeout=Timeout())
    with pytest.raises(ValueError, match="transport excludes"):
        AgentTestHarness(transport=Transport(), timeout=Timeout())


def test_any_client_is_a_live_side(sandbox, harness):
    """G2, G3"""
    client = ToolClient(sandbox.url)
    one = harness("record", client=client)
    with one.cassette("one"):
        result = one.execute("get_balance", {"agent_id": "test-a"})
    client.close()

    assert set(result) == {"status_code", "body", "headers", "latency_ms"}
    assert result["body"]["balance"] == result.body["balance"] == "0.00"


def test_a_client_that_gives_a_plain_dict_will_do(harness):
    """G2: the guide's own shape"""

    class Guide:
        def execute(self, tool, input_data):
            return {"status_code": 201, "body": {tool: input_data}, "headers": {}}

    one = harness("record", client=Guide())
    with one.cassette("one"):
        assert one.execute("ping", {}).status_code == 201


def test_a_budget_stops_a_call_before_it_is_made(harness, scripted, tmp_path):
    client = scripted()
    one = harness("record", client=client, budget=BudgetGuard("5.00", "1.00"))
    with pytest.raises(BudgetExceeded), one.cassette("one"):
        one.execute("create_escrow", {"amount": "2.00"})
    assert (client.calls, list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize("error", [SettingsFault("no"), FileNotFoundError("no"), ValueError("no")])
def test_what_is_no_failure_of_the_service_is_not_recorded(harness, scripted, tmp_path, error):
    """h21"""
    one = harness("record", client=scripted(error))
    with one.cassette("one"), pytest.raises(type(error)):
        one.execute("ping", {})

    assert Cassette.load(tmp_path / "one.json").entries == []


def test_a_flood_ends_at_a_bound(tmp_path):
    """F5: a target that floods"""

    def flood(accepted):
        with suppress(OSError):
            accepted.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            for _ in range(200):
                accepted.sendall(b"x" * 65_536)

    with (
        talking(flood) as url,
        live(url, tmp_path) as one,
        pytest.raises(requests.RequestException, match="more than 8388608 bytes"),
    ):
        one.execute("ping", {})


def test_an_mcp_server_is_recorded_and_plays_without_one(harness, tmp_path):
    """Decision 9: the live side may be an MCP server, over stdio"""
    subprocess.run(["git", "init", "-q", str(tmp_path / "repo")], check=True)
    sent = {"repo_path": str(tmp_path / "repo")}
    with McpClient.over_stdio([sys.executable, "-m", "mcp_server_git"]) as client:
        one = harness("record", client=client)
        with one.cassette("git"):
            live_body = one.execute("git_status", sent).body
    two = harness(contracts=None)
    with two.cassette("git"):
        assert two.execute("git_status", sent).body == live_body


def test_the_async_twin_plays(recorded, harness):
    recorded("one", ("ping", {}, {"a": 1}))
    one = harness()
    with one.cassette("one"):
        assert awaited(one.aexecute("ping", {})).body == {"a": 1}
