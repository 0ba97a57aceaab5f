"""The store on SQL: one snapshot or one transaction at a time, behind the services' ports."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, text

from broker.storage import sqlite
from broker.storage.changes import SqlChanges
from broker.storage.contents import SqlContents, SqlReports
from broker.storage.decisions import SqlDecisions
from broker.storage.deployments import SqlDeployments
from broker.storage.engine import open_engine
from broker.storage.environments import SqlEnvironments
from broker.storage.evidence import SqlEvidenceRecords
from broker.storage.failures import overtaken, translated
from broker.storage.integrations import SqlIntegrations
from broker.storage.keyed_requests import SqlKeyedRequests
from broker.storage.matrix import SqlMatrix
from broker.storage.overviews import SqlOverviews
from broker.storage.participants import SqlParticipants
from broker.storage.publications import SqlPublications
from broker.storage.releases import SqlReleases
from broker.storage.transaction import Transaction
from broker.storage.verifications import SqlVerifications
from broker.storage.versions import SqlVersions
from broker.storage.writer_queue import WriterQueue

QUEUE_SECONDS = 8.0


class SqlUnitOfWork:
    """See `ports.UnitOfWork`."""

    def __init__(self, connection: Connection) -> None:
        transaction = Transaction(connection)
        self.participants = SqlParticipants(transaction)
        self.versions = SqlVersions(transaction)
        self.contents = SqlContents(transaction)
        self.reports = SqlReports(transaction)
        self.publications = SqlPublications(transaction)
        self.integrations = SqlIntegrations(transaction)
        self.verifications = SqlVerifications(transaction)
        self.environments = SqlEnvironments(transaction)
        self.deployments = SqlDeployments(transaction)
        self.releases = SqlReleases(transaction)
        self.evidence = SqlEvidenceRecords(transaction)
        self.changes = SqlChanges(transaction)
        self.decisions = SqlDecisions(transaction)
        self.matrix = SqlMatrix(transaction)
        self.overviews = SqlOverviews(transaction)
        self.keyed_requests = SqlKeyedRequests(transaction)


class SqlStore:
    """See `ports.Store`; safe to share between threads, closed once by whoever opened it."""

    def __init__(self, engine: Engine, *, queue_seconds: float) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._queue = WriterQueue(queue_seconds) if self._is_sqlite else None
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._readers = engine if self._is_sqlite else engine.execution_options(**snapshot)
        self._writers = engine.execution_options(**{sqlite.WRITING: True})

    @contextmanager
    def reading(self) -> Iterator[SqlUnitOfWork]:
        """One snapshot; writing inside it is a bug."""
        with translated(), self._readers.connect() as connection, connection.begin():
            yield SqlUnitOfWork(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlUnitOfWork]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises `StoreBusy` when its turn does not come in time.
        """
        race = nullcontext() if self._is_sqlite else overtaken()
        with self._turn(), translated(), race, self._writers.begin() as connection:
            uow = SqlUnitOfWork(connection)
            yield uow
            uow.changes.write()

    def ping(self) -> None:
        """Return when the database answers; raises `StoreUnavailable` or `StoreBusy`."""
        with translated(), self._readers.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """The store; leaving the block closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        self.close()

    def _turn(self) -> AbstractContextManager[None]:
        return nullcontext() if self._queue is None else self._queue.turn()


def open_store(url: str, *, queue_seconds: float = QUEUE_SECONDS) -> SqlStore:
    """The store in a database that is migrated; raises `DatabaseUrlInvalid`.

    `queue_seconds`: how long a writer waits for its turn on SQLite before it is turned away.
    """
    return SqlStore(open_engine(url), queue_seconds=queue_seconds)
