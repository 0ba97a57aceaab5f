"""What the databases' errors mean: refusals that say whether to come back, never driver text."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from broker.domain.errors import Refusal, StoreBusy, StoreUnavailable, WriteContended

# Primary result codes, https://www.sqlite.org/rescode.html
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_NOMEM,
    }
)

# SQLSTATEs, PostgreSQL's appendix A.
_RACE = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
# foreign_key_violation, unique_violation: what was just read has been deleted, or is taken now.
_OVERTAKEN = frozenset({"23503", "23505"})
_PG_BUSY = frozenset({"57014", "55P03"})  # query_canceled by a time limit, lock_not_available
_PG_AWAY = frozenset({"25P03"})  # idle_in_transaction_session_timeout
_PG_AWAY_CLASSES = frozenset({"08", "53", "57", "58"})


class StorageFault(Exception):
    """A statement failed in a way nobody foresaw; the cause is chained for the log."""


class Vanished(LookupError):
    """What the transaction saw a moment ago is not there.

    On SQLite nobody else can have written: a bug. On PostgreSQL a statement sees what others have
    committed since the one before it, a deletion too.
    """


@contextmanager
def overtaken() -> Iterator[None]:
    """Turn `Vanished` into the refusal that has the request answered again."""
    try:
        yield
    except Vanished as gone:
        raise WriteContended(attempts=1) from gone


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises inside the block into a refusal or a `StorageFault`."""
    try:
        yield
    except NoFreeConnection as error:
        raise StoreBusy from error
    except DBAPIError as error:
        raise meaning(error) from error


def meaning(error: DBAPIError) -> Refusal | StorageFault:
    """The refusal an error of either driver stands for."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _meaning_on_sqlite(original)
    return _meaning_on_postgresql(error)


def _meaning_on_sqlite(original: sqlite3.Error) -> Refusal | StorageFault:
    primary = getattr(original, "sqlite_errorcode", 0) & 0xFF
    if primary in _SQLITE_BUSY:
        return StoreBusy()
    if primary in _SQLITE_AWAY:
        return StoreUnavailable()
    return StorageFault("the database refused a statement")


def _meaning_on_postgresql(error: DBAPIError) -> Refusal | StorageFault:
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state in _RACE or state in _OVERTAKEN:
        return WriteContended(attempts=1)
    if state in _PG_BUSY:
        return StoreBusy()
    if error.connection_invalidated or _is_away(error, state):
        return StoreUnavailable()
    return StorageFault("the database refused a statement")


def _is_away(error: DBAPIError, state: str | None) -> bool:
    if state is None:
        return type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout"}
    return state in _PG_AWAY or state[:2] in _PG_AWAY_CLASSES
