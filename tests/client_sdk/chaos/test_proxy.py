import socket
import threading
import time

import httpx
import pytest
import requests

from client_sdk.chaos import ChaosConfig, ChaosInjector, InjectionsMissing, WireFault
from client_sdk.chaos.modes import WIRE_FAULTS
from client_sdk.chaos.proxy import FaultProxy, Toxic
from client_sdk.clock import VirtualClock
from client_sdk.errors import SettingsFault, Unreachable
from client_sdk.exchange import Result, ToolClient
from client_sdk.mock import GreenHelixMock, serve
from client_sdk.transport import Timeout, Transport

PATIENT, SECONDS = 5.0, 0.5  # only a wire that says nothing is given up soon
CALL = {"tool": "get_balance", "input": {"agent_id": "test-a"}}
# Table F5: the toxic that breaks the wire, what requests raises, what httpx raises. Where a reset
# meets httpx depends on how far the request has come, so two rows have neighbours.
TABLE = {
    "refused": (Toxic("down"), "ConnectionError", {"ConnectError"}),
    "reset-on-accept": (
        Toxic("reset_peer", {"at": "accept"}),
        "ConnectionError",
        {"ConnectError", "ReadError", "RemoteProtocolError"},
    ),
    "reset-before-answer": (
        Toxic("reset_peer"),
        "ConnectionError",
        {"RemoteProtocolError", "ReadError"},
    ),
    "closed": (Toxic("limit_data"), "ConnectionError", {"RemoteProtocolError"}),
    "garbage": (Toxic("garbage"), "ConnectionError", {"RemoteProtocolError"}),
    "short-body": (Toxic("short_body"), "ChunkedEncodingError", {"RemoteProtocolError"}),
    "reset-in-body": (
        Toxic("reset_peer", {"at": "body"}),
        "ChunkedEncodingError",
        {"ReadError"},
    ),
    "bad-chunk": (Toxic("malformed_chunk"), "ChunkedEncodingError", {"RemoteProtocolError"}),
    "no-answer": (Toxic("timeout"), "ReadTimeout", {"ReadTimeout"}),
    "stall": (Toxic("stall"), "ConnectionError", {"ReadTimeout"}),
    "truncated-json": (Toxic("truncated_json"), "JSONDecodeError", {"JSONDecodeError"}),
}


@pytest.fixture(scope="module")
def upstream():
    with serve(GreenHelixMock()) as running:
        yield running


def by_requests(url, seconds=PATIENT):
    return requests.post(f"{url}/v1", json=CALL, timeout=(PATIENT, seconds)).json()


def by_httpx(url, seconds=PATIENT):
    timeout = httpx.Timeout(PATIENT, read=seconds)
    with httpx.Client(trust_env=False, timeout=timeout) as client:
        return client.post(f"{url}/v1", json=CALL).json()


def raised_by(call, url, *arguments):
    with pytest.raises(Exception) as raised:
        call(url, *arguments)
    return type(raised.value).__name__


@pytest.mark.parametrize("row", TABLE)
def test_a_broken_wire_looks_to_real_clients_as_the_table_says(row, upstream):
    """F5, c9, c11"""
    toxic, as_requests, as_httpx = TABLE[row]
    seconds = SECONDS if row in {"no-answer", "stall"} else PATIENT
    with FaultProxy(upstream.url, toxics=[toxic], seed=1) as proxy:
        assert raised_by(by_requests, proxy.url, seconds) == as_requests
        assert raised_by(by_httpx, proxy.url, seconds) in as_httpx


@pytest.mark.parametrize("row", TABLE)
def test_the_injector_raises_in_process_what_the_wire_raises(row):
    """F5, c9"""

    class Answering:
        def execute(self, *_):
            return Result(200, {})

    wire = WireFault(row)
    mode = next(mode for mode, wires in WIRE_FAULTS.items() if wire in wires)
    for library, expected in (("requests", {TABLE[row][1]}), ("httpx", TABLE[row][2])):
        chaos = ChaosInjector(Answering(), 1, clock=VirtualClock())
        chaos.add_chaos(ChaosConfig(mode, wire=wire, raise_as=library))
        assert raised_by(lambda _: chaos.execute("t", {}), "") in expected  # noqa: B023 - called at once


def test_a_slow_drip_gets_past_every_read_timeout(upstream):
    """F5: the row that succeeds, though it takes longer than the timeout"""
    drip = Toxic("slow_drip", {"size": 10, "interval_ms": 120})
    for call in (by_requests, by_httpx):
        with FaultProxy(upstream.url, toxics=[drip], seed=1) as proxy:
            began = time.monotonic()
            assert call(proxy.url, SECONDS)["balance"] == "0.00"
            assert time.monotonic() - began > SECONDS


def test_the_kits_own_client_has_a_total_deadline_against_a_drip(upstream):
    """F5: consequence"""
    drip = Toxic("slow_drip", {"size": 4, "interval_ms": 100})
    with FaultProxy(upstream.url, toxics=[drip], seed=1) as proxy:
        client = ToolClient(proxy.url, transport=Transport(Timeout(PATIENT, PATIENT, total=0.2)))
        with pytest.raises(Unreachable, match=r"did not answer completely within 0\.2 s"):
            client.execute("get_balance", {"agent_id": "a"})
        client.close()


@pytest.mark.parametrize("one", ["latency", {"kind": "latency"}, Toxic("latency")])
def test_one_toxic_needs_no_list(upstream, one):
    assert FaultProxy(upstream.url, toxics=one).toxics == (Toxic("latency"),)


def test_a_clean_proxy_changes_nothing(upstream):
    with FaultProxy(upstream.url, seed=1) as proxy:
        assert by_requests(proxy.url) == by_requests(upstream.url)


def test_a_kept_connection_serves_many_calls(upstream):
    with FaultProxy(upstream.url, seed=1) as proxy, requests.Session() as session:
        for _ in range(5):
            assert session.post(f"{proxy.url}/v1", json=CALL, timeout=PATIENT).status_code == 200
        assert proxy.connections == 1


def test_toxics_change_while_the_proxy_runs_even_for_kept_connections(upstream):
    with FaultProxy(upstream.url, seed=1) as proxy, requests.Session() as session:
        call = lambda: session.post(f"{proxy.url}/v1", json=CALL, timeout=PATIENT)  # noqa: E731 - three times
        assert call().status_code == 200
        proxy.add_toxic(Toxic("garbage"))
        with pytest.raises(requests.ConnectionError):
            call()
        proxy.remove_toxic("garbage")
        assert call().status_code == 200
        assert proxy.injections == {"garbage": 1}


def test_a_port_that_is_down_comes_back_under_the_same_address(upstream):
    with FaultProxy(upstream.url, seed=1) as proxy:
        url = proxy.url
        proxy.set_toxics([Toxic("down")])
        assert raised_by(by_requests, url) == "ConnectionError"
        proxy.set_toxics([])
        assert by_requests(url, seconds=PATIENT)["balance"] == "0.00"


def test_latency_is_waited_each_way_it_is_put_on(upstream):
    for direction in ("upstream", "downstream"):
        slow = Toxic("latency", {"latency_ms": 60}, direction)
        with FaultProxy(upstream.url, toxics=[slow], seed=1) as proxy:
            began = time.monotonic()
            by_requests(proxy.url, seconds=PATIENT)
            assert time.monotonic() - began >= 0.06


def test_bandwidth_and_slices_deliver_everything_slowly(upstream):
    toxics = [Toxic("bandwidth", {"bytes_per_s": 4000}), Toxic("slicer", {"size": 7})]
    with FaultProxy(upstream.url, toxics=toxics, seed=1) as proxy:
        began = time.monotonic()
        assert by_requests(proxy.url, seconds=PATIENT)["balance"] == "0.00"
        assert time.monotonic() - began >= 0.05


def test_a_slow_close_keeps_the_connection_open_after_the_last_byte(upstream):
    slow = Toxic("slow_close", {"delay_ms": 80})
    request = b"GET /health HTTP/1.0\r\n\r\n"
    with FaultProxy(upstream.url, toxics=[slow], seed=1) as proxy, dialled(proxy.url) as caller:
        caller.sendall(request)
        while caller.recv(4096).find(b"ok") < 0:
            pass
        began = time.monotonic()
        assert caller.recv(1) == b""
        assert time.monotonic() - began >= 0.06


def test_limited_data_ends_after_that_many_bytes(upstream):
    with (
        FaultProxy(upstream.url, toxics=[Toxic("limit_data", {"bytes": 12})], seed=1) as proxy,
        dialled(proxy.url) as caller,
    ):
        caller.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        got = b""
        while data := caller.recv(4096):
            got += data
        assert got == b"HTTP/1.1 200"


def test_a_request_that_is_lost_upstream_does_not_take_effect():
    """c1: the same fault on the two ways of one wire"""
    for direction, balance in (("upstream", "0.00"), ("downstream", "5.00")):
        sandbox = GreenHelixMock()
        with serve(sandbox) as running:
            broken = Toxic("reset_peer", direction=direction)
            with FaultProxy(running.url, toxics=[broken], seed=1) as proxy:
                deposit = {"tool": "deposit", "input": {"agent_id": "a", "amount": "5.00"}}
                with pytest.raises(requests.ConnectionError):
                    requests.post(f"{proxy.url}/v1", json=deposit, timeout=PATIENT)
        assert sandbox.execute("get_balance", {"agent_id": "a"}).body["balance"] == balance


def test_a_timeout_closes_after_its_time(upstream):
    with FaultProxy(upstream.url, toxics=[Toxic("timeout", {"timeout_ms": 50})], seed=1) as proxy:
        assert raised_by(by_requests, proxy.url) == "ConnectionError"


def test_the_seed_decides_which_connections_have_a_toxic(upstream):
    """c7"""

    def broken(seed):
        half = Toxic("garbage", toxicity=0.5)
        found = []
        with FaultProxy(upstream.url, toxics=[half], seed=seed) as proxy:
            for number in range(12):
                try:
                    by_requests(proxy.url, seconds=PATIENT)
                except requests.ConnectionError:
                    found.append(number)
        return found

    assert broken(1) == broken(1)
    assert broken(1) != broken(2)
    assert 0 < len(broken(1)) < 12


def test_direction_is_the_default_of_toxics_that_do_not_say(upstream):
    with FaultProxy(
        upstream.url, toxics=[Toxic("limit_data")], seed=1, direction="upstream"
    ) as proxy:
        assert raised_by(by_requests, proxy.url) == "ConnectionError"


def test_truncated_json_of_an_answer_in_chunks():
    body = b'{"a": "0123456789"}'
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with (
        answering(head + chunks) as url,
        FaultProxy(url, toxics=[Toxic("truncated_json")], seed=1) as proxy,
    ):
        answer = requests.get(proxy.url, timeout=PATIENT)
    assert answer.content == body[: len(body) // 2]


def test_an_upstream_that_is_not_there_closes_the_connection():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with FaultProxy(f"127.0.0.1:{port}", seed=1) as proxy:
            assert raised_by(by_requests, proxy.url) == "ConnectionError"


def test_no_more_connections_at_a_time_than_allowed(upstream):
    with FaultProxy(upstream.url, toxics=[Toxic("timeout")], seed=1, max_connections=2) as proxy:
        callers = [dialled(proxy.url) for _ in range(6)]
        for caller in callers:
            caller.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert until(lambda: proxy.connections == 2)
        assert threads_of_proxies() <= 5
        for caller in callers:
            caller.close()


def test_stopping_ends_every_thread_and_closes_the_port(upstream):
    before = threads_of_proxies()
    proxy = FaultProxy(upstream.url, toxics=[Toxic("stall")], seed=1)
    url = proxy.start()
    with dialled(url) as caller:
        caller.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        caller.recv(10)
        proxy.stop()
    assert until(lambda: threads_of_proxies() <= before)
    assert raised_by(by_requests, url) == "ConnectionError"


def test_a_stopped_proxy_starts_again_under_its_address(upstream):
    proxy = FaultProxy(upstream.url, seed=1)
    url = proxy.start()
    assert proxy.start() == url
    proxy.stop()
    proxy.stop()
    assert proxy.start() == url
    assert by_requests(url, seconds=PATIENT)["balance"] == "0.00"
    proxy.stop()


def test_the_path_of_the_upstream_stays(upstream):
    with FaultProxy(f"{upstream.url}/v1", seed=1) as proxy:
        assert proxy.url.endswith("/v1")
        assert ToolClient(proxy.url).execute("get_balance", {"agent_id": "a"}).status_code == 200


def test_a_proxy_nobody_called_proves_nothing(upstream):
    """c17"""
    with (
        FaultProxy(upstream.url, toxics=[Toxic("latency")], seed=7) as proxy,
        pytest.raises(InjectionsMissing, match=r"0 connections had a toxic.*seed 7"),
    ):
        proxy.assert_injected()


@pytest.mark.parametrize(
    ("arguments", "fault", "message"),
    [
        ({"upstream": "https://x"}, SettingsFault, "put what ends TLS behind"),
        ({"upstream": "http://"}, SettingsFault, "names no host"),
        ({"upstream": "http://x:port"}, SettingsFault, "no port that can be used"),
        ({"host": "192.0.2.1"}, SettingsFault, "set allow_remote"),
        ({"direction": "sideways"}, ValueError, "upstream or downstream"),
        ({"seed": "one"}, ValueError, "seed='one'"),
        ({"toxics": [Toxic("down", toxicity=0.5)]}, ValueError, "a port is down for all"),
        ({"toxics": [Toxic("stall"), Toxic("stall")]}, ValueError, "2 are named 'stall'"),
    ],
)
def test_a_proxy_that_cannot_work_is_refused(arguments, fault, message):
    with pytest.raises(fault, match=message):
        FaultProxy(**{"upstream": "http://127.0.0.1:1", **arguments})


def test_a_taken_port_is_said_to_be():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        proxy = FaultProxy("127.0.0.1:1", port=taken.getsockname()[1], seed=1)
        with pytest.raises(SettingsFault, match="cannot listen on"):
            proxy.start()


def test_toxics_may_be_described_in_text_or_json(upstream):
    described = ["latency:latency_ms=5", {"kind": "slicer", "size": 3}, Toxic("stall")]

    proxy = FaultProxy(upstream.url, toxics=described, seed=1)

    assert proxy.toxics == (
        Toxic("latency", {"latency_ms": 5}),
        Toxic("slicer", {"size": 3}),
        Toxic("stall"),
    )


def test_removing_a_toxic_that_is_not_there_is_an_error(upstream):
    with pytest.raises(KeyError, match="no toxic is named 'x'"):
        FaultProxy(upstream.url, seed=1).remove_toxic("x")


def threads_of_proxies():
    return sum(each.name.startswith("fault-proxy") for each in threading.enumerate())


def until(claim, seconds=PATIENT):
    """Whether the claim comes true in time."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not claim() and time.monotonic() < deadline:
        pause.wait(0.002)
    return claim()


def dialled(url):
    host, _, port = url.removeprefix("http://").partition("/")[0].partition(":")
    caller = socket.create_connection((host, int(port)), PATIENT)
    caller.settimeout(PATIENT)
    return caller


class answering:  # noqa: N801 - used as a context
    """A server that gives one answer to its first caller."""

    def __init__(self, answer):
        self.answer = answer

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._answer)
        self.thread.start()
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def _answer(self):
        caller, _ = self.listener.accept()
        with caller:
            caller.recv(65536)
            caller.sendall(self.answer)

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()
