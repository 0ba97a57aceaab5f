"""Which engine computed a report: another one may find something else."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Those that are there are of no known engine, so each is computed anew when it is asked for.
    engine = sa.Column("engine", sa.String(32), nullable=False, server_default=sa.text("''"))
    op.add_column("reports", engine)


def downgrade() -> None:
    with op.batch_alter_table("reports") as reports:
        reports.drop_column("engine")
