"""Connections to PostgreSQL that wait for an answer, but not for ever."""

from typing import Any

import psycopg
from sqlalchemy import Engine, event

# Longer than the server's own limit on a statement: it ends before, unless nobody answers at all.
ANSWER_SECONDS = 6.0
_LOOK_SECONDS = 0.1  # between looks at whether somebody pressed Ctrl-C


class PatientConnection(psycopg.Connection[Any]):
    """Gives up on a server that takes what is sent and says nothing, as a stopped process does."""

    def wait(self, gen: Any, interval: float = _LOOK_SECONDS, timeout: float | None = None) -> Any:  # noqa: ANN401 - as psycopg has it
        """See `psycopg.Connection.wait`; without an answer the connection is closed."""
        try:
            return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as silence:  # noqa: SLF001 - documented where it is raised
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from silence


def install_patience(engine: Engine) -> None:
    """Have every connection of `engine` wait for an answer only so long."""

    def connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
        return PatientConnection.connect(*arguments, **named)

    event.listen(engine, "do_connect", connect)
