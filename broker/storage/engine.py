"""Connections: one engine per database, with the settings that each of the two databases needs."""

from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from broker.storage import sqlite

CONNECT_SECONDS = 3
UNANSWERED_MILLISECONDS = 10_000  # a host that vanished says nothing more, not even goodbye
POOL_SECONDS = 5
POOL_SIZE = 8
POOL_OVERFLOW = 8

_POSTGRESQL_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
}


class DatabaseUrlInvalid(ValueError):
    """The address names no database this broker can use."""


def database_url(text: str) -> URL:
    """Read an address: `sqlite:///file.db`, or `postgresql://user:password@host/name`."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise DatabaseUrlInvalid("the database address cannot be read") from error
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            if not url.database or url.database == ":memory:":
                raise DatabaseUrlInvalid("a SQLite database needs a file: sqlite:///tallystick.db")
            return url.set(drivername="sqlite")
        case "postgres" | "postgresql" | "postgresql+psycopg":
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise DatabaseUrlInvalid("the database address must begin with sqlite: or postgresql:")


def open_engine(text: str) -> Engine:
    """A pool of connections for serving requests; nothing is connected yet."""
    url = database_url(text)
    if url.drivername == "sqlite":
        return _sqlite_engine(url)
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        connect_args=_postgresql_arguments(url, _POSTGRESQL_LIMITS),
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )
    from broker.storage.postgresql import install_patience  # noqa: PLC0415 - its driver is an extra

    install_patience(engine)
    return engine


def open_migration_engine(text: str) -> Engine:
    """One connection at a time, kept by nobody, without time limits on statements."""
    url = database_url(text)
    if url.drivername == "sqlite":
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        sqlite.install(engine, foreign_keys=False)
        return engine
    arguments = _postgresql_arguments(url, {"timezone": "UTC"})
    return create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)


def database_file(text: str) -> Path | None:
    """The file of a SQLite database; `None` for a server."""
    url = database_url(text)
    return Path(url.database or "") if url.drivername == "sqlite" else None


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )
    sqlite.install(engine, foreign_keys=True)
    return engine


def _postgresql_arguments(url: URL, limits: dict[str, str]) -> dict[str, object]:
    # What the address says comes last, and so wins.
    own = url.query.get("options", "")
    options = [f"-c {name}={value}" for name, value in limits.items()]
    options += [own] if isinstance(own, str) else list(own)
    return {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": UNANSWERED_MILLISECONDS,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "application_name": "tallystick",
        "options": " ".join(options).strip(),
    }
