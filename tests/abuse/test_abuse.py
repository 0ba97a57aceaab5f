"""Hostile requests against real servers: refused by name, quickly, and nothing is kept of them."""

import contextlib
import os
import socket
import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import abuse_cases
import pytest
from journeys.processes import broker_process
from raw_http import Reply, exchange, get, request_bytes

from client_sdk.contract.document import dumps

HOSTILE = (
    "documents", "contracts", "schemas", "patterns", "names", "queries", "bodies", "evidence", "protocol",
)  # fmt: skip
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
API = "/api/v1"
KEPT = (
    "/participants",
    "/matrix",
    "/environments",
    "/environments/production/deployments",
    "/evidence",
)
LEAKS = (b"Traceback", b'File "', b"sqlalchemy", b"psycopg", b"sqlite3", b"/site-packages/")
MEBIBYTE = 2**20
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Broker:
    """A server process, by its address and its id."""

    address: str
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that the process has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self) -> int:
        """Bytes of memory in use."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def send(self, case: abuse_cases.Case) -> Reply:
        data = request_bytes(case.method, case.path, case.headers, case.body, address=self.address)
        return exchange(self.address, data)

    def keeps(self) -> list[bytes]:
        """All that the API shows of what is stored."""
        return [get(self.address, API + path).body for path in (*KEPT, DECISION)]


DECISION = "/can-i-deploy?participant=keeper&version=1&environment=production"


@dataclass
class Round:
    """The hostile part of the corpus sent to one server, one case after the other."""

    broker: Broker
    replies: dict[str, Reply] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    before: list[bytes] = field(default_factory=list)
    after: list[bytes] = field(default_factory=list)
    growth: int = 0

    def play(self, cases: list[abuse_cases.Case]) -> None:
        for case in cases:
            used = self.broker.cpu()
            self.replies[case.id] = self.broker.send(case)
            self.cpu[case.id] = self.broker.cpu() - used


class Canary:
    """A listener that nobody may ever call."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0)
        self.address = "{}:{}".format(*self._listener.getsockname())

    def hits(self) -> int:
        count = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._listener.accept()[0].close()
                count += 1
        return count

    def close(self) -> None:
        self._listener.close()


@pytest.fixture(scope="module")
def canary():
    listening = Canary()
    yield listening
    listening.close()


@pytest.fixture(scope="module")
def round_on(request, tmp_path_factory, canary):
    """Plays the hostile corpus once on each kind of database that is asked for."""
    with contextlib.ExitStack() as open_things:
        played = {}

        def play(kind):
            if kind not in played:
                played[kind] = started(kind, request, tmp_path_factory, open_things)
                played[kind].before = played[kind].broker.keeps()
                resident = played[kind].broker.resident()
                played[kind].play(abuse_cases.corpus(*HOSTILE, canary=canary.address))
                played[kind].growth = played[kind].broker.resident() - resident
                played[kind].after = played[kind].broker.keeps()
            return played[kind]

        yield play


def started(kind, request, tmp_path_factory, open_things):
    databases = request.getfixturevalue(f"{kind}_databases")
    url = (
        databases.clone(tmp_path_factory.mktemp("abuse"))
        if kind == "sqlite"
        else open_things.enter_context(databases.clone())
    )
    server = open_things.enter_context(broker_process(url))
    broker = Broker(server.url.removeprefix("http://"), server.process.pid)
    remember_something(broker)
    return Round(broker)


def remember_something(broker):
    """A version that is verified and deployed, so that there is something to lose."""
    kept = abuse_cases.sound_contract(
        consumer="keeper", producer="kept", tools=[abuse_cases.sound_tool(description="kept")]
    )
    passed = {
        "producer": "kept",
        "version": "1",
        "consumer": "keeper",
        "consumer_version": "1",
        "tools": [{"tool_name": "pay", "outcome": "passed"}],
    }
    placed = {"participant": "keeper", "version": "1"}
    for method, path, body in (
        ("PUT", "/contracts/keeper/kept/versions/1", kept),
        ("POST", "/verifications", passed),
        ("POST", "/environments", {"name": "production", "production": True}),
        ("POST", "/environments/production/deployments", placed),
    ):
        reply = exchange(
            broker.address,
            request_bytes(method, API + path, (), dumps(body).encode(), address=broker.address),
        )
        assert reply.status == 201, reply.raw


@pytest.fixture(scope="module", params=BOTH)
def abused(request, round_on):
    return round_on(request.param)


@pytest.fixture(scope="module")
def hostile(canary):
    return abuse_cases.corpus(*HOSTILE, canary=canary.address)


def test_the_corpus_is_large_and_no_case_has_the_name_of_another(hostile):
    assert len({case.id for case in hostile}) == len(hostile) >= 300


def test_every_case_is_refused_as_it_says(abused, hostile):
    wrong = [
        (case.id, reply.status, reply.problem.get("code"), sorted(map(str, reply.places))[:5])
        for case in hostile
        for reply in (abused.replies[case.id],)
        if reply.status not in case.statuses
        or (case.code is not None and reply.problem.get("code") != case.code)
        or (case.place is not None and case.place not in reply.places)
    ]

    assert wrong == []


def test_every_refusal_of_the_application_is_a_problem_document(abused):
    bare = [
        name
        for name, reply in abused.replies.items()
        if reply.header("X-Request-Id") is not None and not reply.problem
    ]

    assert bare == []


def test_nothing_of_the_server_shows_in_an_answer(abused):
    leaking = [
        name for name, reply in abused.replies.items() if any(leak in reply.raw for leak in LEAKS)
    ]

    assert leaking == []


def test_no_header_and_no_host_is_taken_from_a_stranger(abused):
    forged = [name for name, reply in abused.replies.items() if "evil" in reply.head.lower()]

    assert forged == []


def test_nothing_is_stored_of_what_was_refused(abused):
    assert abused.after == abused.before


def test_the_server_is_alive_afterwards(abused):
    assert get(abused.broker.address, "/health/ready").status == 200


def test_memory_does_not_grow(abused):
    assert abused.growth < 100 * MEBIBYTE


def test_no_case_takes_the_server_long(abused, hostile):
    slow = [
        (case.id, abused.cpu[case.id]) for case in hostile if abused.cpu[case.id] >= case.seconds
    ]

    assert slow == []


@pytest.mark.postgres
def test_both_databases_are_defended_alike(round_on):
    def said(kind):
        return {
            name: (reply.status, reply.problem.get("code"))
            for name, reply in round_on(kind).replies.items()
        }

    assert said("sqlite") == said("postgres")


def test_what_is_odd_but_legal_is_taken(abused, canary):
    cases = abuse_cases.corpus("odd", canary=canary.address)

    odd = Round(abused.broker)
    odd.play(cases)

    assert [
        (case.id, odd.replies[case.id].status, odd.replies[case.id].body[:300])
        for case in cases
        if odd.replies[case.id].status not in case.statuses
    ] == []
    # A comparison asks several questions, each with a budget of its own.
    assert [case.id for case in cases if odd.cpu[case.id] >= 4 * case.seconds] == []
    page = get(abused.broker.address, "/").body
    assert b"<script>window.__xss" not in page


def test_nobody_ever_fetched_a_reference(abused, canary):
    assert canary.hits() == 0


RAW = {
    "two lengths": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}",
    "length and chunked": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    "negative length": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: -5\r\n\r\n",
    "length in words": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: ten\r\n\r\n",
    "length with plus": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: +2\r\n\r\n{}",
    "unknown coding": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "space before colon": b"GET {path} HTTP/1.1\r\nHost : {host}\r\n\r\n",
    "bare carriage return": b"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-A: 1\rX-B: 2\r\n\r\n",
    "header of 100 kB": b"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
    "no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "broken chunk": b"PUT {path} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_a_broken_request_is_refused_and_its_connection_closed(abused, name):
    address = abused.broker.address
    data = RAW[name].replace(b"{path}", abuse_cases.PUBLISH.encode())

    reply = exchange(address, data.replace(b"{host}", address.encode()))

    assert reply.status in {0, 400, 411, 413, 431, 501}
    assert reply.raw.count(b"HTTP/1.") <= 1


def test_a_hundred_half_sent_bodies_stop_nobody(abused):
    address = abused.broker.address
    host, _, port = address.partition(":")
    head = request_bytes(
        "PUT", abuse_cases.PUBLISH, [("Content-Length", "1000")], b"{", address=address
    )
    with contextlib.ExitStack() as held:
        for _ in range(100):
            slow = held.enter_context(socket.create_connection((host, int(port)), timeout=10))
            slow.sendall(head)

        reply = get(address, "/health/live")

    assert (reply.status, reply.seconds < 5) == (200, True)


def test_hostile_publishers_do_not_delay_a_reader(abused, hostile):
    costly = sorted(hostile, key=lambda case: abused.cpu[case.id], reverse=True)[:12]
    done = threading.Event()

    def publish_until_done(_):
        while not done.is_set():
            for case in costly:
                if not done.is_set():
                    abused.broker.send(case)

    with ThreadPoolExecutor(4) as attackers:
        running = [attackers.submit(publish_until_done, number) for number in range(4)]
        try:
            waits = [get(abused.broker.address, API + "/participants").seconds for _ in range(15)]
        finally:
            done.set()
        for each in running:
            each.result()

    assert statistics.median(waits) < 1
