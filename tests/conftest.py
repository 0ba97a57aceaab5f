"""Fixtures for every test: stores and databases of both kinds, each test with its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser
from databases import PostgresDatabases, SqliteDatabases
from playwright.sync_api import Browser

from broker.storage.unit_of_work import SqlStore, open_store

collect_ignore = ["data"]  # samples, among them a project with tests of its own
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    databases = PostgresDatabases()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this process."""
    if os.environ.get("BROWSER_TESTS") == "skip":
        pytest.skip("BROWSER_TESTS=skip leaves the browser out")
    with browser() as running:
        yield running


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases, tmp_path: Path) -> str:
    """The address of a migrated SQLite database, also for a server process of its own."""
    return sqlite_databases.clone(tmp_path)


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The address of a migrated PostgreSQL database, also for a server process of its own."""
    with postgres_databases.clone() as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database; a test that takes it runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with request.getfixturevalue("postgres_databases").empty() as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """A store with nothing in it, on each kind of database."""
    opened = open_store(database_url)
    yield opened
    opened.close()
