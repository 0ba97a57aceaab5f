from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from broker.storage.columns import JsonText, UtcTime
from broker.storage.engine import open_engine


@pytest.fixture
def kept(database_url):
    """Write one value and read it back, on each kind of database."""
    engine = open_engine(database_url)

    def keep(column_type, value):
        table = Table("kept", MetaData(), Column("id", Integer), Column("value", column_type))
        with engine.begin() as connection:
            table.create(connection)
            connection.execute(insert(table), {"id": 1, "value": value})
            return connection.execute(select(table.c.value)).scalar_one()

    yield keep
    engine.dispose()


def test_a_moment_returns_in_utc_with_its_microseconds(kept):
    noon_in_tokyo = datetime(2026, 3, 4, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))

    found = kept(UtcTime, noon_in_tokyo)

    assert found == datetime(2026, 3, 4, 3, 0, 0, 123456, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(kept):
    with pytest.raises(StatementError, match="must be aware"):
        kept(UtcTime, datetime(2026, 3, 4))  # noqa: DTZ001 - the fault itself


def test_no_moment_returns_as_none(kept):
    assert kept(UtcTime, None) is None


def test_numbers_in_json_return_with_their_digits(kept):
    value = {"exact": Decimal("1.10"), "large": 2**80, "text": "\x00é", "nothing": None}

    assert kept(JsonText, value) == value


def test_no_json_returns_as_none(kept):
    assert kept(JsonText, None) is None
