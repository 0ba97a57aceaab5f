import pytest
from sqlalchemy import text

from broker.domain.errors import StoreUnavailable
from broker.storage import postgresql
from broker.storage.engine import DatabaseUrlInvalid, database_file, database_url, open_engine
from broker.storage.sqlite import SqliteSettingRefused, _set
from broker.storage.unit_of_work import open_store


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("sqlite+pysqlite:////var/a.db", "sqlite:////var/a.db"),
        ("postgres://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql+psycopg://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
    ],
)
def test_an_address_may_be_written_as_people_write_it(given, meant):
    assert database_url(given).render_as_string(hide_password=False) == meant


@pytest.mark.parametrize("given", ["", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_an_address_of_no_usable_database_is_refused(given):
    with pytest.raises(DatabaseUrlInvalid):
        database_url(given)


def test_a_server_has_no_file():
    assert database_file("postgresql://host/name") is None
    assert str(database_file("sqlite:////var/a.db")) == "/var/a.db"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
    ],
)
def test_every_sqlite_connection_is_set_to_keep_data_safe(sqlite_url, setting, value):
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {setting}")).scalar_one() == value
    engine.dispose()


def test_a_setting_that_sqlite_does_not_take_is_fatal():
    class Stubborn:
        def execute(self, _statement):
            return self

        def fetchone(self):
            return ("delete",)

        def close(self):
            pass

    with pytest.raises(SqliteSettingRefused, match="journal_mode at 'delete' instead of 'wal'"):
        _set(Stubborn(), "journal_mode", "wal")


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "5s"),
        ("lock_timeout", "3s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("TimeZone", "UTC"),
        ("transaction_isolation", "read committed"),
    ],
)
def test_every_postgresql_connection_has_its_limits(postgres_url, setting, value):
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text(f"SHOW {setting}")).scalar_one() == value
    engine.dispose()


@pytest.mark.postgres
def test_options_in_the_address_win(postgres_url):
    engine = open_engine(f"{postgres_url}&options=-c%20statement_timeout%3D7s")
    with engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "7s"
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "3s"
    engine.dispose()


@pytest.mark.postgres
def test_a_server_that_takes_everything_and_says_nothing_is_not_waited_for(
    postgres_url, monkeypatch
):
    """As a stopped process does: its own time limits stand still with it."""
    monkeypatch.setattr(postgresql, "ANSWER_SECONDS", 0.3)
    slow = f"{postgres_url}&options=-c%20statement_timeout%3D60s"
    with open_store(slow) as store:
        with pytest.raises(StoreUnavailable), store.reading() as work:
            work.changes._transaction.rows(text("SELECT pg_sleep(30)"))

        with store.reading() as work:
            assert work.changes.as_of() == 0
