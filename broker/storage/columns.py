"""What tables are made of: column types that mean the same on both databases, names, checks."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from client_sdk.contract.document import dumps

LONGEST_NAME = 128
LONGEST_ENVIRONMENT = 63
LONGEST_TOOL = 255
LONGEST_KIND = 63
DIGEST = 71  # "sha256:" and 64 hexadecimal digits
LONGEST_KEY = 255
OUTCOMES = ("passed", "failed", "not_tested")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite counts rows up by itself only in a column that is declared exactly INTEGER.
Identifier = BigInteger().with_variant(Integer(), "sqlite")

# Sorted by bytes, as SQLite does, whatever the language of the server.
FoldedName = String(LONGEST_NAME).with_variant(String(LONGEST_NAME, collation="C"), "postgresql")


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, read back in UTC with its microseconds.

    SQLite keeps it as text of a fixed width, so that text order is time order.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, which has no type for times."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Refuse a time without a zone: nobody could say later what it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        moment = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return moment.isoformat(timespec="microseconds")
        return moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """Give an aware time in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        moment: datetime = value
        return moment.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text, so that every number returns with the digits it came with."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """Write exact JSON; SQL's NULL stands for `None`."""
        return None if value is None else dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        """Read numbers that are not integers as `Decimal`."""
        return None if value is None else json.loads(value, parse_float=Decimal)


def identifier() -> Column[int]:
    """The key that counts rows up in the order they came."""
    return Column("id", Identifier, primary_key=True, autoincrement=True)


def reference(name: str, target: str, *, primary_key: bool = False) -> Column[int]:
    """The key of a row that this row cannot be without."""
    key = ForeignKey(f"{target}.id", ondelete="CASCADE")
    return Column(name, Identifier, key, nullable=False, primary_key=primary_key)


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def current_only(table: str, what: str, ended: str) -> tuple[Index, Index]:
    """At most one of its kind has not ended; and what has not is found without what has."""
    running = text(f"{ended} IS NULL")

    def partial(prefix: str, *columns: str) -> Index:
        return Index(
            f"{prefix}_{table}_current",
            *columns,
            unique=prefix == "uq",
            sqlite_where=running,
            postgresql_where=running,
        )

    unique = partial("uq", "participant_id", "environment_id", what)
    return unique, partial("ix", "environment_id")
