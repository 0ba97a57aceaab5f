"""How the cost of the store grows with history: `python tests/bench/storage_growth.py [sizes]`.

Fills a database with that many versions at once, then asks the same questions of each size, on
SQLite and on PostgreSQL. Prints milliseconds per question: CPU of this process (on SQLite that
is all there is), and elapsed time on a machine that may have other things to do.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)  # this folder has a broker.py of its own

from builders import World, a_tool, contract_bytes
from postgres_server import PostgresServer
from sqlalchemy import func, insert, select, text

from broker.domain.can_i_deploy import ToMain
from broker.domain.matrix import MatrixQuery
from broker.domain.overview import IntegrationSelection
from broker.domain.paging import Page
from broker.domain.participant import VersionRef
from broker.storage import tables as t
from broker.storage.migrating import upgrade
from broker.storage.unit_of_work import SqlStore, open_store

AT = datetime(2026, 1, 1, tzinfo=UTC)
PARTNERS = 10
ASKED = 40
PORTION = 20_000
OLD_CONTENTS = 50  # versions that share a content, on average


def main(sizes: list[int]) -> None:
    """Measure every size on both databases."""
    server = PostgresServer().start()
    questions = None
    for size in sizes:
        for kind, url in databases(server, size):
            upgrade(url)
            with open_store(url) as store:
                fill(store, size)
                questions = measured(store)
            for name, (cpu, elapsed) in questions.items():
                line = f"{kind:<10} {size:>7} {name:<24} {cpu:8.2f} cpu {elapsed:8.2f} elapsed"
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
    server.stop()


@contextmanager
def folder() -> Iterator[Path]:
    """A place for a file."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def databases(server: PostgresServer, size: int) -> Iterator[tuple[str, str]]:
    """One empty database of each kind."""
    with folder() as place:
        yield "sqlite", f"sqlite:///{place}/growth.db"
    store = open_store(server.url("postgres"))
    with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE growth_{size}"))
    store.close()
    yield "postgresql", server.url(f"growth_{size}")


def fill(store: SqlStore, size: int) -> None:
    """Half the versions are the shop's, half those of pricing; the newest of each are deployed."""
    world = World(store)
    world.has_environment()
    for partner in range(PARTNERS):
        world.publishes("shop@first", f"partner-{partner}", [a_tool()], branch="main")
        world.verifies(f"partner-{partner}@1", "shop@first", branch="main")
        world.deploys(f"partner-{partner}@1")
    world.publishes("shop@first", "pricing", [a_tool()], branch="main")
    world.verifies("pricing@first", "shop@first", branch="main")
    with store._writers.begin() as connection:
        for table, rows in history(size // 2, ids(connection)):
            for start in range(0, len(rows), PORTION):
                connection.execute(insert(table), rows[start : start + PORTION])
        if connection.dialect.name == "postgresql":
            for table, _ in history(0, ids(connection)):
                move_past(connection, table)
    with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    newest = size // 2 - 1
    world.deploys(f"shop@{newest}")
    world.deploys(f"pricing@{newest}")


def move_past(connection, table) -> None:
    """Let the next id of a table come after those that were given by hand."""
    if "id" in table.c:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        newest = select(func.coalesce(func.max(table.c.id), 1)).scalar_subquery()
        connection.execute(select(func.setval(sequence, newest)))


def ids(connection) -> dict[str, int]:
    """The rows that the history hangs on."""

    def one(statement: str) -> int:
        return connection.execute(text(statement)).scalar_one()

    return {
        "environment": one("SELECT id FROM environments"),
        "shop": one("SELECT id FROM participants WHERE name = 'shop'"),
        "pricing": one("SELECT id FROM participants WHERE name = 'pricing'"),
        "integration": one(
            "SELECT i.id FROM integrations i JOIN participants p ON p.id = i.producer_id"
            " WHERE p.name = 'pricing'"
        ),
        "shop_main": one(
            "SELECT b.id FROM branches b JOIN participants p ON p.id = b.participant_id"
            " WHERE p.name = 'shop'"
        ),
        "pricing_main": one(
            "SELECT b.id FROM branches b JOIN participants p ON p.id = b.participant_id"
            " WHERE p.name = 'pricing'"
        ),
    }


def history(size: int, known: dict[str, int]) -> list[tuple[object, list[dict]]]:
    """Rows of every table, in an order that references allow."""
    first = 1_000
    document = contract_bytes("shop", "pricing")
    moment = [AT + timedelta(seconds=number) for number in range(size)]
    contents = [
        {
            "id": first + number,
            "digest": f"sha256:{number:064x}",
            "document": document,
            "tools": ["quote"],
        }
        for number in range(size // OLD_CONTENTS + 1)
    ]
    shop = [first + number for number in range(size)]
    pricing = [first + size + number for number in range(size)]
    versions = [
        {
            "id": key,
            "participant_id": known[name],
            "number": str(number),
            "created_at": moment[number],
        }
        for name, keys in (("shop", shop), ("pricing", pricing))
        for number, key in enumerate(keys)
    ]
    joins = [
        {"id": key, "branch_id": known[branch], "version_id": key}
        for branch, keys in (("shop_main", shop), ("pricing_main", pricing))
        for key in keys
    ]
    publications = [
        {
            "id": key,
            "version_id": key,
            "integration_id": known["integration"],
            "producer_id": known["pricing"],
            "content_id": first + number // OLD_CONTENTS,
            "received": b"{}" * 200,
            "created_at": moment[number],
            "mode": "guide",
            "severity": "none",
            "against": [],
        }
        for number, key in enumerate(shop)
    ]
    placed = [
        {
            "branch_id": known["shop_main"],
            "producer_id": known["pricing"],
            "join_id": key,
            "publication_id": key,
        }
        for key in shop
    ]
    verifications = [
        {
            "id": key,
            "integration_id": known["integration"],
            "number": 1_000_000 + number,
            "consumer_id": known["shop"],
            "producer_id": known["pricing"],
            "version_id": key,
            "content_id": first + number // OLD_CONTENTS,
            "outcome": "passed",
            "verified_at": moment[number],
        }
        for number, key in enumerate(pricing)
    ]
    latest = [
        {
            "content_id": row["content_id"],
            "version_id": row["version_id"],
            "verification_id": row["id"],
            "integration_id": known["integration"],
            "outcome": "passed",
        }
        for row in verifications
    ]
    deployments = [
        {
            "environment_id": known["environment"],
            "participant_id": known[name],
            "version_id": key,
            "instance": "",
            "deployed_at": moment[number],
            "undeployed_at": moment[number],
        }
        for name, keys in (("shop", shop), ("pricing", pricing))
        for number, key in enumerate(keys)
    ]
    changes = [
        {"as_of": 1_000_000 + number, "position": 0, "kind": "contract.published", "at": AT}
        for number in range(size)
    ]
    return [
        (t.contents, contents),
        (t.versions, versions),
        (t.version_branches, joins),
        (t.publications, publications),
        (t.publication_branches, placed),
        (t.verifications, verifications),
        (t.latest_verifications, latest),
        (t.deployments, deployments),
        (t.changes, changes),
    ]


def measured(store: SqlStore) -> dict[str, tuple[float, float]]:
    """Median CPU and elapsed milliseconds of every question."""
    return {name: median(ask) for name, ask in questions(store).items()}


def questions(store: SqlStore) -> dict[str, Callable[[], object]]:
    """What is asked; each call is one request's worth of work."""
    world, fresh = World(store), count()

    def reading(ask: Callable) -> Callable[[], object]:
        def call() -> object:
            with store.reading() as work:
                return ask(work)

        return call

    return {
        "publish": lambda: world.publishes(f"shop@n{next(fresh)}", "pricing", branch="main"),
        "record verification": lambda: world.verifies(
            f"pricing@n{next(fresh)}", "shop@n1", branch="main"
        ),
        "decide, environment": lambda: world.can_deploy("shop@first"),
        "decide, main branches": lambda: world.can_deploy("shop@first", to=ToMain()),
        "facts before publishing": reading(
            lambda work: work.publications.facts(
                VersionRef("shop", "new"), ("pricing",), "feature", live=True
            )
        ),
        "needed from a producer": reading(
            lambda work: work.publications.needed_from(
                "pricing", branch="feature", environment=None, consumer=None
            )
        ),
        "overview": reading(lambda work: work.overviews.integrations(IntegrationSelection())),
        "a page of the matrix": reading(lambda work: work.matrix.page(MatrixQuery())),
        "a page of versions": reading(
            lambda work: work.versions.page("shop", Page(), branch="main")
        ),
        "a page of results": reading(
            lambda work: work.verifications.page(
                Page(), consumer="shop", producer=None, version=None
            )
        ),
    }


def median(ask: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds: CPU of this process, and elapsed."""
    ask()
    ask()
    cpu, elapsed = [], []
    for _ in range(ASKED):
        before, began = time.process_time(), time.perf_counter()
        ask()
        cpu.append(time.process_time() - before)
        elapsed.append(time.perf_counter() - began)
    return 1_000 * statistics.median(cpu), 1_000 * statistics.median(elapsed)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10, 1_000, 100_000])
