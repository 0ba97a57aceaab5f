"""CPU time the server process spends per request, on both databases, and how it grows.

`./dev bench broker [sizes]`. One server process per database and size, real HTTP over loopback,
one client. CPU is user + system time of the server process divided by the requests, the best of
three rounds; the clock of the kernel ticks every 10 ms, so each round is good to a few per cent.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from postgres_server import PostgresServer
from sqlalchemy import create_engine, text

from broker.storage.migrating import upgrade
from broker.storage.unit_of_work import open_store
from client_sdk.cli.processes import Server, server
from client_sdk.contract.document import dumps
from tests.bench.storage_growth import fill

WARM_UP, ROUNDS, ASKED = 10, 3, 50
TOOLS = 9
PAIRS = 50

# Pact Broker 2.120, CPU ms per request: SQLite, PostgreSQL; where two figures stand, small to large.
PEER = {
    "publish, one tool changed": "98 / 78",
    "publish, all tools new": "98 / 78",
    "record a verification": "66 / 70",
    "can-i-deploy, 5 partners": "46–58 / 57–95",
    "overview page, 50 pairs": "40 → 143",
    "matrix of a pair": "90 → 197",
}
GOAL = {
    "publish, one tool changed": 10,
    "publish, all tools new": 18,
    "record a verification": 6,
    "can-i-deploy, 5 partners": 6,
    "overview page, 50 pairs": 20,
    "matrix of a pair": 15,
}


@dataclass(frozen=True)
class Client:
    """One kept connection to a server."""

    connection: HTTPConnection

    def send(self, method: str, path: str, body: object = None) -> int:
        """Send a request, read the whole answer, give its status."""
        content = None if body is None else dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if not path.startswith("/api"):
            headers["Accept"] = "text/html"
        self.connection.request(method, path, body=content, headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


def main(arguments: list[str]) -> int:
    """Print one line per operation, database and size."""
    sizes = [int(each) for each in arguments] or [10, 1_000, 100_000]
    postgres = PostgresServer().start()
    print(f"{'operation':<28}{'database':<12}" + "".join(f"{size:>10}" for size in sizes), end="")
    print(f"{'goal':>8}   Pact Broker 2.120 (SQLite / PostgreSQL)")
    for kind in ("sqlite", "postgresql"):
        figures: dict[str, list[float]] = {}
        for size in sizes:
            with database(kind, size, postgres) as url, broker(url) as running:
                for name, cost in measured(running).items():
                    figures.setdefault(name, []).append(cost)
        for name, costs in figures.items():
            row = "".join(f"{cost:10.1f}" for cost in costs)
            goal, peer = GOAL.get(name, ""), PEER.get(name, "")
            print(f"{name:<28}{kind:<12}{row}{goal:>8}   {peer}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        crowd(f"sqlite:///{place}/crowd.db")
    postgres.stop()
    return 0


def measured(running: Server) -> dict[str, float]:
    """CPU milliseconds per request of each operation."""
    parts = urlsplit(running.url)
    client = Client(HTTPConnection(parts.hostname or "", parts.port))
    process = psutil.Process(running.process.pid)
    prepare(client)
    costs = {name: cost(client, process, ask) for name, ask in operations().items()}
    costs["memory in use, MB"] = process.memory_info().rss / 2**20
    return costs


def cost(client: Client, process: psutil.Process, ask: Callable[[Client, int], int]) -> float:
    """Ask so often, and share the server's CPU time among the requests: the best of the rounds.

    What other programs do to the caches only ever adds to it.
    """
    numbers = itertools.count()
    for number in itertools.islice(numbers, WARM_UP):
        succeed(ask(client, number))
    rounds = []
    for _ in range(ROUNDS):
        before = cpu(process)
        for number in itertools.islice(numbers, ASKED):
            succeed(ask(client, number))
        rounds.append((cpu(process) - before) * 1000 / ASKED)
    return min(rounds)


def operations() -> dict[str, Callable[[Client, int], int]]:
    """Each operation as a request that differs from the one before."""

    def publish(client: Client, number: int, *, changed: int, name: str) -> int:
        path = f"/api/v1/contracts/{name}/bench-producer/versions/{number}"
        return client.send("PUT", f"{path}?branch=main", contract(name, number, changed))

    def verify(client: Client, number: int) -> int:
        tools = [{"tool_name": f"tool_{i}", "outcome": "passed", "checks": 3} for i in range(TOOLS)]
        body = {"producer": "bench-producer", "version": f"build-{number}", "branch": "main"}
        body |= {"consumer": "bench-one", "consumer_version": "0", "tools": tools}
        return client.send("POST", "/api/v1/verifications", body)

    question = "/api/v1/can-i-deploy?participant=five&version=1&environment=bench"
    matrix = "/api/v1/matrix?consumer=shop&producer=pricing"
    return {
        "publish, one tool changed": lambda c, n: publish(c, n, changed=1, name="bench-one"),
        "publish, all tools new": lambda c, n: publish(c, n, changed=TOOLS, name="bench-all"),
        "record a verification": verify,
        "can-i-deploy, 5 partners": lambda c, _: c.send("GET", question),
        "overview page, 50 pairs": lambda c, _: c.send("GET", "/"),
        "matrix of a pair": lambda c, _: c.send("GET", matrix),
    }


def prepare(client: Client) -> None:
    """A consumer with five producers in an environment, and pairs to fill the overview."""
    client.send("POST", "/api/v1/environments", {"name": "bench"})
    for number in range(5):
        producer = f"five-{number}"
        path = f"/api/v1/contracts/five/{producer}/versions/1?branch=main"
        succeed(client.send("PUT", path, {**contract("five", 0, 0), "producer": producer}))
        tools = [{"tool_name": f"tool_{i}", "outcome": "passed", "checks": 3} for i in range(TOOLS)]
        body = {"producer": producer, "version": "1", "branch": "main", "consumer": "five"}
        body |= {"consumer_version": "1", "tools": tools}
        succeed(client.send("POST", "/api/v1/verifications", body))
        where = {"participant": producer, "version": "1"}
        succeed(client.send("POST", "/api/v1/environments/bench/deployments", where))
    for number in range(
        PAIRS - 18
    ):  # the history has eleven pairs, the lines above and below seven
        name = f"filler-{number}"
        path = f"/api/v1/contracts/{name}/filled/versions/1?branch=main"
        body = {**contract(name, 0, 0), "producer": "filled"}
        succeed(client.send("PUT", path, body))


def contract(consumer: str, number: int, changed: int) -> dict[str, object]:
    """About 4.7 KB in nine tools; the first `changed` of them differ for each number."""
    tools = [tool(i, number if i < changed else 0) for i in range(TOOLS)]
    return {"consumer": consumer, "producer": "bench-producer", "tools": tools}


def tool(index: int, number: int) -> dict[str, object]:
    """One tool with a few inputs and outputs; a number above 0 widens an enum and adds a field."""
    states = ["open", "closed", "held", *([f"state-{number}"] if number else [])]
    return {
        "tool_name": f"tool_{index}",
        "version": "1.0",
        "input_schema": {
            "type": "object",
            "properties": {
                "account": {"type": "string", "minLength": 1, "maxLength": 64},
                "amount": {"type": "string", "pattern": "^[0-9]+\\.[0-9]{2}$"},
                "note": {"type": "string", "maxLength": 100 + number},
            },
            "required": ["account", "amount"],
        },
        "output_schema": {
            "id": {"type": "string"},
            "state": {"type": "string", "enum": states},
            "total": {"type": "number", "minimum": 0},
        },
        "required_output_fields": ["id", "state"],
        "status_codes": [200],
    }


@contextmanager
def database(kind: str, size: int, postgres: PostgresServer) -> Iterator[str]:
    """A migrated database with that many versions in it."""
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/bench.db"
        if kind == "postgresql":
            name = f"bench_{size}"
            engine = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            url = postgres.url(name)
        upgrade(url)
        store = open_store(url)
        fill(store, size)
        store.close()
        yield url


@contextmanager
def broker(url: str) -> Iterator[Server]:
    """A server process on that database."""
    command = [sys.executable, "-m", "client_sdk.cli", "serve", "--port", "0"]
    command += ["--log-level", "warning", "--database-url", url]
    began = time.monotonic()
    with server(command, "Serving on ") as running:
        if url.startswith("sqlite"):
            cpu_ms = cpu(psutil.Process(running.process.pid)) * 1000
            took = time.monotonic() - began
            print(f"  start on a migrated database: {took:.2f} s, {cpu_ms:.0f} ms CPU", flush=True)
        yield running


def crowd(url: str) -> None:
    """Sixteen publishers at once on SQLite: how many were answered with an error."""
    upgrade(url)
    with broker(url) as running:
        parts = urlsplit(running.url)
        statuses: list[int] = []

        def publish(name: str) -> None:
            client = Client(HTTPConnection(parts.hostname or "", parts.port, timeout=60))
            for number in range(10):
                path = f"/api/v1/contracts/{name}/bench-producer/versions/{number}?branch=main"
                statuses.append(client.send("PUT", path, contract(name, number, 1)))

        threads = [threading.Thread(target=publish, args=(f"crowd-{i}",)) for i in range(16)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        errors = sum(status >= 400 for status in statuses)
        rate = len(statuses) / (time.monotonic() - began)
        print(
            f"16 concurrent publishers on SQLite: {errors} errors of {len(statuses)}, {rate:.0f}/s"
        )


def cpu(process: psutil.Process) -> float:
    """User and system seconds of the process, all threads."""
    times = process.cpu_times()
    return times.user + times.system


def succeed(status: int) -> None:
    """A figure for failed requests would be no figure."""
    if status >= 400:
        raise RuntimeError(f"the server answered {status}")
