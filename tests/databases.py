"""Fresh databases for tests: a SQLite file or a PostgreSQL database each, cloned from a template."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from postgres_server import PostgresServer
from sqlalchemy.engine import make_url

from broker.storage.migrating import upgrade

OVERRIDE = "TEST_POSTGRES_URL"


class SqliteDatabases:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        upgrade(f"sqlite:///{self._template}")

    def clone(self, folder: Path) -> str:
        """The address of a migrated, empty database in `folder`."""
        file = folder / f"broker-{uuid4().hex[:8]}.db"
        shutil.copyfile(self._template, file)
        return f"sqlite:///{file}"


class PostgresDatabases:
    """Clones of one migrated database, on a private server or the one that was named."""

    def __init__(self) -> None:
        named = os.environ.get(OVERRIDE)
        self._server = None if named else PostgresServer().start()
        self._url = named or self._server.url("postgres")
        self._prefix = f"tally_{uuid4().hex[:8]}"
        self._template = self._create(f"{self._prefix}_template")
        upgrade(self._address(self._template))

    @contextmanager
    def clone(self) -> Iterator[str]:
        """The address of a migrated, empty database; gone when the block ends."""
        name = self._create(f"{self._prefix}_{uuid4().hex[:8]}", template=self._template)
        try:
            yield self._address(name)
        finally:
            self._drop(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without any table; gone when the block ends."""
        name = self._create(f"{self._prefix}_{uuid4().hex[:8]}")
        try:
            yield self._address(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        """Remove the template, and the server when it is ours."""
        if self._server is None:
            self._drop(self._template)
        else:
            self._server.stop()

    def _create(self, name: str, template: str = "template0") -> str:
        self._tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _drop(self, name: str) -> None:
        self._tell(f"DROP DATABASE {name} WITH (FORCE)")

    def _tell(self, statement: str) -> None:
        address = self._address("postgres").replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)

    def _address(self, database: str) -> str:
        return make_url(self._url).set(database=database).render_as_string(hide_password=False)
