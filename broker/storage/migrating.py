"""Bringing a database to a revision: under a lock, in one transaction, checked at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from broker.storage import sqlite
from broker.storage.engine import open_migration_engine
from broker.storage.failures import translated

HEAD = "head"
BASE = "base"

# Any number will do, as long as nobody else on the server locks it.
_ADVISORY_LOCK = 7_455_201_984_401


class MigrationRefused(Exception):
    """The database was left as it was; the message says why."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a database stands: `current` is `None` while it is empty."""

    current: str | None
    head: str
    known: bool = True  # false: a newer program has been here

    @property
    def is_current(self) -> bool:
        """Whether this program can use the database."""
        return self.current == self.head


def standing(url: str) -> Standing:
    """The revision of the database, and the one this program needs."""
    with _connected(url) as connection, connection.begin():
        return _standing(connection)


def upgrade(url: str, to: str = HEAD) -> Standing:
    """Bring the database up to a revision; what is there already stays as it is.

    Processes that start together may all call it: one works, the others wait and find it done.
    """
    with _locked(url) as connection:
        before = _standing(connection)
        if not before.known:
            raise MigrationRefused(
                f"the database is at revision {before.current}, which this program does not know: "
                "a newer one has used it"
            )
        with _nothing_lost(connection):
            _run(command.upgrade, connection, to)
        return _standing(connection)


def downgrade(url: str, to: str) -> Standing:
    """Take the database back to a revision, or to `base`: empty."""
    with _locked(url) as connection:
        with _nothing_lost(connection):
            _run(command.downgrade, connection, to)
        return _standing(connection)


def scripts() -> Path:
    """The folder of the revisions: in the wheel, else in the checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parent / "migrations"


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = open_migration_engine(url)
    try:
        with translated(), engine.connect() as connection:
            yield connection.execution_options(**{sqlite.WRITING: True})
    finally:
        engine.dispose()


@contextmanager
def _locked(url: str) -> Iterator[Connection]:
    """One transaction that nobody else can migrate beside; committed when the block ends.

    On SQLite the transaction itself is the lock, and the connection has foreign keys switched
    off: a table that is rebuilt is dropped on the way, which would delete what refers to it.
    """
    with _connected(url) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            key = {"key": _ADVISORY_LOCK}
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
        yield connection


@contextmanager
def _nothing_lost(connection: Connection) -> Iterator[None]:
    before = _row_counts(connection)
    yield
    after = _row_counts(connection)
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    if changed:
        raise MigrationRefused(f"rows were lost in {', '.join(changed)}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise MigrationRefused(f"a reference of {broken[0]} would point nowhere")


def _row_counts(connection: Connection) -> dict[str, int]:
    inspector = inspect(connection)
    quoted = connection.dialect.identifier_preparer.quote
    names = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(name)}").scalar_one()  # noqa: S608 - our own tables
        for name in names
    }


def _standing(connection: Connection) -> Standing:
    directory = ScriptDirectory(str(scripts()))
    head = directory.get_current_head() or ""
    current = MigrationContext.configure(connection).get_current_revision()
    known = current is None or current in {step.revision for step in directory.walk_revisions()}
    return Standing(current, head, known)


def _run(step: object, connection: Connection, to: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    try:
        step(config, to)  # type: ignore[operator]
    except CommandError as error:
        raise MigrationRefused(str(error)) from error
