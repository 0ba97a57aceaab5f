"""Evidence of test runs, the kinds an environment requires, and what contracts expect."""

import json
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")

contents = sa.table(
    "contents",
    sa.column("id", Identifier),
    sa.column("document", sa.LargeBinary),
    sa.column("expectations", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", Identifier, autoincrement=True),
        sa.Column("participant_id", Identifier, nullable=False),
        sa.Column("version_id", Identifier, nullable=False),
        sa.Column("kind", sa.String(63), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(71), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("measured", sa.Text),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        _owned("evidence", "participant_id", "participants"),
        _owned("evidence", "version_id", "versions"),
        sa.UniqueConstraint("digest", name="uq_evidence_digest"),
        sa.CheckConstraint(
            "verdict IN ('pass', 'fail', 'inconclusive', 'error')",
            name=op.f("ck_evidence_verdict_known"),
        ),
        sqlite_autoincrement=True,
    )
    for column in ("participant_id", "version_id", "kind"):
        op.create_index(f"ix_evidence_{column}_id", "evidence", [column, "id"])
    op.create_table(
        "latest_evidence",
        sa.Column("version_id", Identifier, nullable=False),
        sa.Column("kind", sa.String(63), nullable=False),
        sa.Column("evidence_id", Identifier, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "kind", name="pk_latest_evidence"),
        _owned("latest_evidence", "version_id", "versions"),
        _owned("latest_evidence", "evidence_id", "evidence"),
    )
    op.create_index("ix_latest_evidence_evidence_id", "latest_evidence", ["evidence_id"])
    op.add_column(
        "environments",
        sa.Column("required_evidence", sa.Text, nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column("contents", sa.Column("expectations", sa.Text))
    _read_expectations(op.get_bind())


def downgrade() -> None:
    op.drop_column("contents", "expectations")
    op.drop_column("environments", "required_evidence")
    op.drop_table("latest_evidence")
    op.drop_table("evidence")


def _owned(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")


def _read_expectations(connection: sa.Connection) -> None:
    """One content at a time: together they may be larger than the memory."""
    for identifier in connection.execute(sa.select(contents.c.id)).scalars().all():
        mine = contents.c.id == identifier
        document = connection.execute(sa.select(contents.c.document).where(mine)).scalar_one()
        found = _expectations(json.loads(bytes(document), parse_float=Decimal))
        if found:
            connection.execute(sa.update(contents).where(mine).values(expectations=found))


def _expectations(document: dict) -> str | None:
    rows = []
    for tool in document["tools"]:
        expected = tool.get("expectations", {})
        rows += [
            (tool["tool_name"], f"latency_ms.{name}", bound)
            for name, bound in expected.get("latency_ms", {}).items()
        ]
        if "max_bytes" in expected:
            rows.append((tool["tool_name"], "max_bytes", expected["max_bytes"]))
    if not rows:
        return None
    # A bound is written with the digits it came with, which no float keeps.
    shown = (f"[{json.dumps(name)}, {json.dumps(metric)}, {bound}]" for name, metric, bound in rows)
    return f"[{', '.join(shown)}]"
