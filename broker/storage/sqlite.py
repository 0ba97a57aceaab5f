"""SQLite's settings: durable, consistent, and a write lock that is taken before reading."""

import sqlite3

from sqlalchemy import Connection, Engine, event

BUSY_MILLISECONDS = 10_000
WRITING = "tallystick_writing"

_JOURNAL_BYTES = 64 * 2**20
_FULL = 2


class SqliteSettingRefused(Exception):
    """SQLite did not take a setting that keeps data safe, for instance on a network drive."""


def install(engine: Engine, *, foreign_keys: bool) -> None:
    """Give every connection of `engine` the settings, and let it begin as it must.

    A transaction that writes takes the write lock at once. With a deferred one the lock would be
    asked for after reading, and SQLite refuses that without waiting when anybody wrote meanwhile.
    """

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        for name, wanted in _settings(foreign_keys=foreign_keys).items():
            _set(connection, name, wanted)

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _settings(*, foreign_keys: bool) -> dict[str, str | int]:
    return {
        "busy_timeout": BUSY_MILLISECONDS,
        "journal_mode": "wal",
        "synchronous": _FULL,
        "foreign_keys": int(foreign_keys),
        "journal_size_limit": _JOURNAL_BYTES,
    }


def _set(connection: sqlite3.Connection, name: str, wanted: str | int) -> None:
    connection.execute(f"PRAGMA {name} = {wanted}").close()
    cursor = connection.execute(f"PRAGMA {name}")
    (found,) = cursor.fetchone()
    cursor.close()
    if found != wanted:
        raise SqliteSettingRefused(f"SQLite keeps {name} at {found!r} instead of {wanted!r}")
