"""The tables of environments, and of what stands in them."""

from sqlalchemy import Boolean, Column, Index, String, Table, Text, UniqueConstraint, text

from broker.storage.columns import (
    LONGEST_ENVIRONMENT,
    FoldedName,
    JsonText,
    UtcTime,
    current_only,
    identifier,
    metadata,
    reference,
)

environments = Table(
    "environments",
    metadata,
    identifier(),
    Column("name", String(LONGEST_ENVIRONMENT), nullable=False),
    Column("folded", FoldedName, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("production", Boolean, nullable=False),
    Column("display_name", Text),
    Column("contacts", JsonText, nullable=False),
    Column("required_evidence", JsonText, nullable=False, server_default=text("'[]'")),
    UniqueConstraint("folded"),
    sqlite_autoincrement=True,
)

# `instance` is empty when none was given: NULLs would all be different to the unique index.
deployments = Table(
    "deployments",
    metadata,
    identifier(),
    reference("environment_id", "environments"),
    reference("participant_id", "participants"),
    reference("version_id", "versions"),
    Column("instance", Text, nullable=False),
    Column("deployed_at", UtcTime, nullable=False),
    Column("undeployed_at", UtcTime),
    *current_only("deployments", "instance", "undeployed_at"),
    Index(None, "environment_id", "id"),
    Index(None, "version_id"),
    sqlite_autoincrement=True,
)

releases = Table(
    "releases",
    metadata,
    identifier(),
    reference("environment_id", "environments"),
    reference("participant_id", "participants"),
    reference("version_id", "versions"),
    Column("released_at", UtcTime, nullable=False),
    Column("support_ended_at", UtcTime),
    *current_only("releases", "version_id", "support_ended_at"),
    Index(None, "environment_id", "id"),
    Index(None, "version_id"),
    sqlite_autoincrement=True,
)
