"""How Alembic runs the revisions: on the connection it was handed, in that one's transaction."""

import os

from alembic import context
from sqlalchemy import Connection

from broker.storage import sqlite
from broker.storage.engine import open_migration_engine
from broker.storage.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_alone() -> None:
    # Alembic's own command line, to draft a revision; `tally db` comes with a connection.
    engine = open_migration_engine(os.environ["TALLY_DATABASE_URL"])
    options = {sqlite.WRITING: True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        _run(connection)


handed_over = context.config.attributes.get("connection")
if handed_over is None:
    _run_alone()
else:
    _run(handed_over)
