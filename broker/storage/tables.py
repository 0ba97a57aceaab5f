"""Every table, constraint and index; one index stands for each question that must stay cheap."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from broker.storage.columns import (
    DIGEST,
    LONGEST_ENVIRONMENT,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_TOOL,
    OUTCOMES,
    FoldedName,
    Identifier,
    JsonText,
    UtcTime,
    identifier,
    metadata,
    one_of,
    reference,
)
from broker.storage.evidence_tables import evidence, latest_evidence
from broker.storage.place_tables import deployments, environments, releases

__all__ = [
    "branches",
    "changes",
    "commit_counter",
    "contents",
    "deployments",
    "environments",
    "evidence",
    "integrations",
    "keyed_requests",
    "latest_evidence",
    "latest_verifications",
    "metadata",
    "participants",
    "publication_branches",
    "publications",
    "releases",
    "reports",
    "verification_tools",
    "verifications",
    "version_branches",
    "versions",
]

participants = Table(
    "participants",
    metadata,
    identifier(),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("folded", FoldedName, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("main_branch", String(LONGEST_NAME)),
    Column("display_name", Text),
    Column("repository_url", Text),
    Column("labels", JsonText, nullable=False),
    UniqueConstraint("folded"),
    sqlite_autoincrement=True,
)

# `id` is the order of arrival; numbers are opaque and never sorted by.
versions = Table(
    "versions",
    metadata,
    identifier(),
    reference("participant_id", "participants"),
    Column("number", String(LONGEST_NAME), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("build_url", Text),
    Column("uses_nothing", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("participant_id", "number"),
    Index(None, "participant_id", "id"),
    CheckConstraint("length(number) > 0", name="number_given"),
    sqlite_autoincrement=True,
)

branches = Table(
    "branches",
    metadata,
    identifier(),
    reference("participant_id", "participants"),
    Column("name", String(LONGEST_NAME), nullable=False),
    # Does not cascade: who deletes a version moves the heads of its branches first.
    Column("head_id", Identifier, ForeignKey("versions.id"), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    UniqueConstraint("participant_id", "name"),
    Index(None, "head_id"),
    sqlite_autoincrement=True,
)

# `id` is the order of joining.
version_branches = Table(
    "version_branches",
    metadata,
    identifier(),
    reference("branch_id", "branches"),
    reference("version_id", "versions"),
    UniqueConstraint("branch_id", "version_id"),
    Index(None, "branch_id", "id"),
    Index(None, "version_id"),
    sqlite_autoincrement=True,
)

contents = Table(
    "contents",
    metadata,
    identifier(),
    Column("digest", String(DIGEST), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("tools", JsonText, nullable=False),
    Column("expectations", JsonText),  # [tool, metric, bound] each; NULL when there are none
    UniqueConstraint("digest"),
    sqlite_autoincrement=True,
)

integrations = Table(
    "integrations",
    metadata,
    identifier(),
    reference("consumer_id", "participants"),
    reference("producer_id", "participants"),
    Column("mode", String(32), nullable=False),
    Column("on_breaking", String(16), nullable=False),
    Column("verification_count", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("consumer_id", "producer_id"),
    Index(None, "producer_id"),
    one_of("on_breaking", "record", "reject"),
    sqlite_autoincrement=True,
)

publications = Table(
    "publications",
    metadata,
    identifier(),
    reference("version_id", "versions"),
    reference("integration_id", "integrations"),
    Column("producer_id", Identifier, nullable=False),  # that of the integration
    Column("content_id", Identifier, ForeignKey("contents.id"), nullable=False),
    Column("received", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("mode", String(32), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("against", JsonText, nullable=False),
    UniqueConstraint("version_id", "producer_id"),
    Index(None, "integration_id", "id"),
    Index(None, "content_id", "id"),
    one_of("severity", "error", "warning", "info", "none"),
    sqlite_autoincrement=True,
)

# In the order of joining: the newest is found at once, however many versions published nothing.
publication_branches = Table(
    "publication_branches",
    metadata,
    reference("branch_id", "branches", primary_key=True),
    Column("producer_id", Identifier, primary_key=True, autoincrement=False),
    Column("join_id", Identifier, primary_key=True, autoincrement=False),
    reference("publication_id", "publications"),
    Index(None, "publication_id"),
)

# Keyed by digest: a report outlives the contents it compares.
reports = Table(
    "reports",
    metadata,
    Column("new_digest", String(DIGEST), primary_key=True),
    Column("old_digest", String(DIGEST), primary_key=True),
    Column("mode", String(32), primary_key=True),
    Column("report", JsonText, nullable=False),
    Column("engine", String(32), nullable=False, server_default=text("''")),
)

verifications = Table(
    "verifications",
    metadata,
    identifier(),
    reference("integration_id", "integrations"),
    Column("number", Integer, nullable=False),
    reference("consumer_id", "participants"),
    reference("producer_id", "participants"),
    reference("version_id", "versions"),
    Column("content_id", Identifier, ForeignKey("contents.id"), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("verified_at", UtcTime, nullable=False),
    Column("build_url", Text),
    Column("verifier_name", Text),
    Column("verifier_version", Text),
    UniqueConstraint("integration_id", "number"),
    Index(None, "integration_id", "id"),
    Index(None, "consumer_id", "id"),
    Index(None, "producer_id", "id"),
    Index(None, "version_id", "id"),
    Index(None, "content_id"),
    one_of("outcome", *OUTCOMES),
    sqlite_autoincrement=True,
)

verification_tools = Table(
    "verification_tools",
    metadata,
    reference("verification_id", "verifications", primary_key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("tool_name", String(LONGEST_TOOL), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("checks", Integer, nullable=False),
    Column("coverage", String(16), nullable=False),
    Column("violations", JsonText, nullable=False),
    one_of("outcome", *OUTCOMES),
    one_of("coverage", "examples", "sampled", "recorded"),
)

# The one result that counts per content and producer version; kept up in the write that adds it.
latest_verifications = Table(
    "latest_verifications",
    metadata,
    Column("content_id", Identifier, ForeignKey("contents.id"), primary_key=True),
    reference("version_id", "versions", primary_key=True),
    reference("verification_id", "verifications"),
    Column("integration_id", Identifier, nullable=False),
    Column("outcome", String(16), nullable=False),
    Index(None, "content_id", "outcome", "version_id"),
    Index(None, "content_id", "verification_id"),
    Index(None, "version_id", "integration_id", "outcome"),
    Index(None, "verification_id"),
    one_of("outcome", *OUTCOMES),
)

# Names, not references: the trail outlives what it tells about.
changes = Table(
    "changes",
    metadata,
    Column("as_of", Identifier, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("kind", String(48), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("participant", String(LONGEST_NAME)),
    Column("version", String(LONGEST_NAME)),
    Column("other", String(LONGEST_NAME)),
    Column("environment", String(LONGEST_ENVIRONMENT)),
    Column("digest", String(DIGEST)),
    Column("verification", Identifier),
)

# One row; the last thing a writing transaction touches, so numbers grow in the order of commits.
commit_counter = Table(
    "commit_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("as_of", Identifier, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

keyed_requests = Table(
    "keyed_requests",
    metadata,
    Column("key", String(LONGEST_KEY), primary_key=True),
    Column("fingerprint", String(LONGEST_NAME), nullable=False),
    Column("claimed_at", UtcTime, nullable=False),
    Column("status", SmallInteger),  # NULL while the request is being worked on
    Column("content_type", Text),
    Column("body", LargeBinary),
    Column("location", Text),
    Index(None, "claimed_at"),
)
