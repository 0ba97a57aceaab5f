"""The first tables, as they were when this revision was written."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out instead of taken from the program: a revision never changes with it.
Identifier = BigInteger().with_variant(Integer(), "sqlite")
Moment = DateTime(timezone=True).with_variant(Text(), "sqlite")
FoldedName = String(128).with_variant(String(128, collation="C"), "postgresql")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def identifier() -> Column[int]:
    return Column("id", Identifier, primary_key=True, autoincrement=True)


def reference(name: str, target: str, *, primary_key: bool = False) -> Column[int]:
    key = ForeignKey(f"{target}.id", ondelete="CASCADE")
    return Column(name, Identifier, key, nullable=False, primary_key=primary_key)


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def current_only(table: str, what: str, ended: str) -> tuple[Index, Index]:
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


participants = Table(
    "participants",
    metadata,
    identifier(),
    Column("name", String(128), nullable=False),
    Column("folded", FoldedName, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("main_branch", String(128)),
    Column("display_name", Text),
    Column("repository_url", Text),
    Column("labels", Text, nullable=False),
    UniqueConstraint("folded"),
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    identifier(),
    reference("participant_id", "participants"),
    Column("number", String(128), nullable=False),
    Column("created_at", Moment, nullable=False),
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
    Column("name", String(128), nullable=False),
    # Does not cascade: who deletes a version moves the heads of its branches first.
    Column("head_id", Identifier, ForeignKey("versions.id"), nullable=False),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("participant_id", "name"),
    Index(None, "head_id"),
    sqlite_autoincrement=True,
)

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
    Column("digest", String(71), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("tools", Text, nullable=False),
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
    Column("created_at", Moment, nullable=False),
    Column("mode", String(32), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("against", Text, nullable=False),
    UniqueConstraint("version_id", "producer_id"),
    Index(None, "integration_id", "id"),
    Index(None, "content_id", "id"),
    one_of("severity", "error", "warning", "info", "none"),
    sqlite_autoincrement=True,
)

publication_branches = Table(
    "publication_branches",
    metadata,
    reference("branch_id", "branches", primary_key=True),
    Column("producer_id", Identifier, primary_key=True, autoincrement=False),
    Column("join_id", Identifier, primary_key=True, autoincrement=False),
    reference("publication_id", "publications"),
    Index(None, "publication_id"),
)

reports = Table(
    "reports",
    metadata,
    Column("new_digest", String(71), primary_key=True),
    Column("old_digest", String(71), primary_key=True),
    Column("mode", String(32), primary_key=True),
    Column("report", Text, nullable=False),
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
    Column("verified_at", Moment, nullable=False),
    Column("build_url", Text),
    Column("verifier_name", Text),
    Column("verifier_version", Text),
    UniqueConstraint("integration_id", "number"),
    Index(None, "integration_id", "id"),
    Index(None, "consumer_id", "id"),
    Index(None, "producer_id", "id"),
    Index(None, "version_id", "id"),
    Index(None, "content_id"),
    one_of("outcome", "passed", "failed", "not_tested"),
    sqlite_autoincrement=True,
)

verification_tools = Table(
    "verification_tools",
    metadata,
    reference("verification_id", "verifications", primary_key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("tool_name", String(255), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("checks", Integer, nullable=False),
    Column("coverage", String(16), nullable=False),
    Column("violations", Text, nullable=False),
    one_of("outcome", "passed", "failed", "not_tested"),
    one_of("coverage", "examples", "sampled", "recorded"),
)

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
    one_of("outcome", "passed", "failed", "not_tested"),
)

environments = Table(
    "environments",
    metadata,
    identifier(),
    Column("name", String(63), nullable=False),
    Column("folded", FoldedName, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("production", Boolean, nullable=False),
    Column("display_name", Text),
    Column("contacts", Text, nullable=False),
    UniqueConstraint("folded"),
    sqlite_autoincrement=True,
)

deployments = Table(
    "deployments",
    metadata,
    identifier(),
    reference("environment_id", "environments"),
    reference("participant_id", "participants"),
    reference("version_id", "versions"),
    Column("instance", Text, nullable=False),
    Column("deployed_at", Moment, nullable=False),
    Column("undeployed_at", Moment),
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
    Column("released_at", Moment, nullable=False),
    Column("support_ended_at", Moment),
    *current_only("releases", "version_id", "support_ended_at"),
    Index(None, "environment_id", "id"),
    Index(None, "version_id"),
    sqlite_autoincrement=True,
)

changes = Table(
    "changes",
    metadata,
    Column("as_of", Identifier, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    Column("kind", String(48), nullable=False),
    Column("at", Moment, nullable=False),
    Column("participant", String(128)),
    Column("version", String(128)),
    Column("other", String(128)),
    Column("environment", String(63)),
    Column("digest", String(71)),
    Column("verification", Identifier),
)

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
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(128), nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("status", SmallInteger),  # NULL while the request is being worked on
    Column("content_type", Text),
    Column("body", LargeBinary),
    Column("location", Text),
    Index(None, "claimed_at"),
)


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    op.bulk_insert(commit_counter, [{"id": 1, "as_of": 0}])


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
