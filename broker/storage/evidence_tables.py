"""The tables of what test runs found about versions."""

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from broker.storage.columns import (
    DIGEST,
    LONGEST_KIND,
    JsonText,
    UtcTime,
    identifier,
    metadata,
    one_of,
    reference,
)

VERDICTS = ("pass", "fail", "inconclusive", "error")

# `measured` is what decisions compare, taken out of the payload when it came.
evidence = Table(
    "evidence",
    metadata,
    identifier(),
    reference("participant_id", "participants"),
    reference("version_id", "versions"),
    Column("kind", String(LONGEST_KIND), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("digest", String(DIGEST), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("measured", JsonText),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("digest"),
    Index(None, "participant_id", "id"),
    Index(None, "version_id", "id"),
    Index(None, "kind", "id"),
    one_of("verdict", *VERDICTS),
    sqlite_autoincrement=True,
)

# The one that counts per version and kind; kept up in the write that adds it.
latest_evidence = Table(
    "latest_evidence",
    metadata,
    reference("version_id", "versions", primary_key=True),
    Column("kind", String(LONGEST_KIND), primary_key=True),
    reference("evidence_id", "evidence"),
    Index(None, "evidence_id"),
)
