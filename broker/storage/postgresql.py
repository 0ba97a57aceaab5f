"""Connections to PostgreSQL that wait for an answer, but not for ever."""

import time
from collections.abc import Generator
from typing import Any

import psycopg
from sqlalchemy import Engine, event

# Longer than the server's own limit on a statement: it ends before, unless nobody answers at all.
ANSWER_SECONDS = 6.0


class PatientConnection(psycopg.Connection[Any]):
    """Gives up on a server that takes what is sent and says nothing, as a stopped process does."""

    def wait(self, gen: Any, *how: Any, **named: Any) -> Any:  # noqa: ANN401 - as psycopg has it
        """See `psycopg.Connection.wait`; without an answer the connection is closed."""
        try:
            return super().wait(_answered(gen, time.monotonic() + ANSWER_SECONDS), *how, **named)
        except _Silence as silence:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer") from silence


class _Silence(Exception):
    """The time is over."""


def install_patience(engine: Engine) -> None:
    """Have every connection of `engine` wait for an answer only so long."""

    def connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:  # noqa: ANN401 - as SQLAlchemy has it
        return PatientConnection.connect(*arguments, **named)

    event.listen(engine, "do_connect", connect)


def _answered(gen: Any, deadline: float) -> Generator[Any, Any, Any]:  # noqa: ANN401 - as psycopg has it
    """`gen`, which is resumed with nothing ready at short intervals, until the deadline."""
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > deadline:
                raise _Silence
            wanted = gen.send(ready)
    except StopIteration as done:
        return done.value
