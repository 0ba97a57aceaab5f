"""h1: playback opens no connection, whatever library tries, and the guard always goes away."""

import asyncio
import gc
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import httpx
import pytest
import requests
from awaiting import awaited

from client_sdk.harness import (
    AgentTestHarness,
    Cassette,
    CassetteMismatch,
    NetworkBlocked,
    SocketGuard,
)

DOORS = ("connect", "connect_ex", "sendto", "sendmsg")


def doors():
    return [getattr(socket.socket, name) for name in DOORS] + [
        socket.getaddrinfo,
        socket.gethostbyname,
    ]


async def open_stream(port):
    await asyncio.open_connection("127.0.0.1", port)


TRIES = [
    lambda port: requests.get(f"http://127.0.0.1:{port}/health", timeout=1),
    lambda port: httpx.get(f"http://127.0.0.1:{port}/health", timeout=1),
    lambda port: urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1),
    lambda port: socket.create_connection(("127.0.0.1", port), 1),
    lambda port: socket.socket().connect_ex(("127.0.0.1", port)),
    lambda port: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)),
    lambda port: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, ("127.0.0.1", port)),
    lambda port: socket.getaddrinfo("localhost", port),
    lambda port: awaited(open_stream(port)),
]


@pytest.mark.parametrize("attempt", TRIES, ids=range(len(TRIES)))
def test_no_library_goes_live_while_a_cassette_plays(harness, sandbox, attempt):
    """h1: loopback too"""
    port = int(sandbox.url.rsplit(":", 1)[1])
    one = harness()
    one.start_cassette(Cassette("empty"))
    with pytest.raises(NetworkBlocked, match="cassette 'empty' plays"):
        attempt(port)
    one.stop_cassette(failed=True)

    assert requests.get(sandbox.url + "/health", timeout=5).status_code == 200


def test_an_attempt_that_is_swallowed_fails_the_test_at_the_end(harness):
    """h1"""
    one = harness()

    def agent():
        with suppress(Exception):
            socket.create_connection(("127.0.0.1", 9))

    one.start_cassette(Cassette("empty"))
    agent()
    with pytest.raises(CassetteMismatch, match=r"opened a connection to 127\.0\.0\.1"):
        one.stop_cassette()
    assert one.report()["passed"] is False


def test_an_attempt_that_the_test_itself_caught_is_not_said_again(harness):
    """h1: the report still says it"""
    one = harness()
    with one.cassette(Cassette("empty")), pytest.raises(NetworkBlocked):
        socket.create_connection(("127.0.0.1", 9))
    assert one.report()["passed"] is False


def test_the_guard_goes_away_however_the_block_ends(harness):
    """h1"""
    before = doors()
    one = harness()
    with pytest.raises(ZeroDivisionError), one.cassette(Cassette("empty")):
        1 / 0  # noqa: B018 - the block fails
    assert doors() == before
    one.start_cassette(Cassette("empty"))
    assert doors() != before
    one.close()
    assert doors() == before
    assert "connect" not in vars(socket.socket)


def test_a_cassette_that_nobody_ended_does_not_cut_off_the_tests_after_it(sandbox, tmp_path):
    """h1: the test forgot `stop_cassette`, as one that expects a mismatch may"""

    def careless():
        one = AgentTestHarness(None, "test-agent", cassette_dir=tmp_path)
        one.start_cassette(Cassette("forgotten"))
        with pytest.raises(CassetteMismatch):
            one.execute("ping", {})
        with pytest.raises(NetworkBlocked):
            requests.get(sandbox.url + "/health", timeout=5)

    careless()
    gc.collect()  # as it happens sooner or later: an exception refers to its own frame
    assert requests.get(sandbox.url + "/health", timeout=5).status_code == 200
    assert "connect" not in vars(socket.socket)


def test_a_guard_goes_with_the_harness_that_nobody_holds(tmp_path):
    """h1: at once, as when a test class's `setup_method` began the cassette"""
    gc.disable()
    try:
        one = AgentTestHarness(None, "test-agent", cassette_dir=tmp_path)
        one.start_cassette(Cassette("dropped"))
        del one
        with socket.socket(type=socket.SOCK_DGRAM) as other:
            assert other.sendto(b"x", ("127.0.0.1", 9)) == 1
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("begun", "later", "stands"),
    [
        ("t.py::test_a (call)", "t.py::test_b (call)", False),
        ("t.py::test_a (call)", "t.py::test_a (teardown)", True),
        ("t.py::test_a (setup)", "t.py::test_b (call)", True),  # a fixture of the module's
        ("", "t.py::test_b (call)", True),
    ],
)
def test_a_guard_of_a_failed_test_ends_with_the_test(monkeypatch, begun, later, stands):
    """h1: the traceback of the failure still holds it"""
    monkeypatch.setenv("PYTEST_CURRENT_TEST", begun)
    with SocketGuard("a cassette plays"), socket.socket(type=socket.SOCK_DGRAM) as one:
        monkeypatch.setenv("PYTEST_CURRENT_TEST", later)
        if stands:
            with pytest.raises(NetworkBlocked):
                one.sendto(b"x", ("127.0.0.1", 9))
        else:
            assert one.sendto(b"x", ("127.0.0.1", 9)) == 1


def test_a_recording_opens_connections(harness, sandbox):
    one = harness("record", base_url=sandbox.url)
    with one.cassette("one"):
        assert requests.get(sandbox.url + "/health", timeout=5).status_code == 200
        one.execute("get_balance", {"agent_id": "test-a"})


def test_guards_nest_and_overlap():
    """h1: nest-safe"""
    before = doors()
    first, second = SocketGuard("one"), SocketGuard("two")
    with first:
        with second, pytest.raises(NetworkBlocked, match="one"):
            socket.gethostbyname("localhost")
        with pytest.raises(NetworkBlocked, match="one"):
            socket.gethostbyname("localhost")
    assert doors() == before
    first.__enter__()
    second.__enter__()
    first.__exit__()
    with pytest.raises(NetworkBlocked, match="two"):
        socket.gethostbyname("localhost")
    second.__exit__()
    assert doors() == before


def test_guards_of_many_threads_leave_nothing_behind():
    """h1: thread-safe"""
    before = doors()
    barrier = threading.Barrier(8)

    def one(_):
        barrier.wait()
        for _ in range(50):
            with SocketGuard("busy"), pytest.raises(NetworkBlocked):
                socket.gethostbyname("localhost")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    assert doors() == before


def test_a_named_host_may_be_reached_when_all_guards_allow_it(sandbox):
    port = int(sandbox.url.rsplit(":", 1)[1])
    with SocketGuard("one", allowed_hosts=["127.0.0.1"]):
        socket.create_connection(("127.0.0.1", port)).close()
        with SocketGuard("two"), pytest.raises(NetworkBlocked, match="two"):
            socket.create_connection(("127.0.0.1", port))


def test_a_host_that_is_allowed_by_name_is_reached_by_its_address(sandbox):
    port = int(sandbox.url.rsplit(":", 1)[1])
    with SocketGuard("one", allowed_hosts=["localhost"]):
        socket.create_connection(("localhost", port)).close()
        assert socket.gethostbyname("localhost") == "127.0.0.1"
        assert socket.gethostbyname_ex("localhost")[2] == ["127.0.0.1"]
        with pytest.raises(NetworkBlocked, match=r"example\.org"):
            socket.getaddrinfo("example.org", 80)


@pytest.mark.parametrize("host", [None, "127.0.0.1", b"127.0.0.1", "::1"])
def test_reading_a_number_is_no_look_up(host):
    with SocketGuard("one"):
        assert socket.getaddrinfo(host, 80)


def test_what_somebody_put_over_the_guard_stays_and_passes_calls_on(monkeypatch):
    guard = SocketGuard("one")
    guard.__enter__()
    ours = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", partial(ours))
    guard.__exit__()

    assert socket.getaddrinfo("127.0.0.1", 80)


def test_the_sockets_of_one_machine_are_let_through():
    left, right = socket.socketpair()
    with SocketGuard("one"), left, right:
        left.sendall(b"x")
        assert right.recv(1) == b"x"


def test_calls_of_many_threads_play_and_count(recorded, harness):
    """h22: index and counters are safe between threads"""
    recorded("many", *[("ping", {"n": n}, {"n": n}) for n in range(40)])
    one = harness(order="any")
    with one.cassette("many"), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: one.execute("ping", {"n": n}).body["n"], range(40)))

    assert answers == list(range(40))
    assert one.call_count == 40


def test_calls_of_many_threads_are_all_recorded(harness, scripted, tmp_path):
    """h22"""
    one = harness("record", client=scripted())
    with one.cassette("many"), ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: one.execute("ping", {"n": n}), range(40)))

    entries = Cassette.load(tmp_path / "many.json").entries
    assert sorted(entry.request_input["n"] for entry in entries) == list(range(40))


def test_a_connected_socket_goes_on_while_a_cassette_plays(harness):
    """h1: what was open before stays usable"""
    one, (left, right) = harness(), socket.socketpair()
    with left, right, one.cassette(Cassette("empty")):
        left.sendmsg([b"x"])
        assert right.recv(1) == b"x"


def test_the_session_of_a_harness_that_plays_goes_nowhere_without_a_cassette_too(sandbox):
    """h1, H5"""
    url = f"{sandbox.url}/health"
    with AgentTestHarness("test-key", "test-a", sandbox.url) as one:
        with pytest.raises(NetworkBlocked, match="mode 'playback' opens no connection"):
            one.session.get(url, timeout=5)
        one.mode = "passthrough"
        assert one.session.get(url, timeout=5).status_code == 200


def test_a_session_records_where_a_recording_is_too_old(sandbox, tmp_path):
    """h1, h20"""
    old = Cassette("tape", [], {"recorded_at": "2001-01-01T00:00:00Z"})
    old.save(tmp_path / "tape.json")
    one = AgentTestHarness(
        "test-key", "test-a", sandbox.url, tmp_path, max_age=1, on_expired="record"
    )
    with one, one.cassette("tape"):
        assert one.execute("list_escrows", {}).status_code == 200

    assert len(Cassette.load(tmp_path / "tape.json").entries) == 1
