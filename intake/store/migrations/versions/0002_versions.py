"""Published versions; what replays and receipts read of a submission; partners that pause."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("meaning", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("published_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("programme", "number", name=op.f("pk_versions")),
    )
    op.add_column("submissions", sa.Column("meaning", sa.String(length=64), nullable=True))
    op.add_column("submissions", sa.Column("lead", sa.String(length=64), nullable=True))
    op.add_column("submissions", sa.Column("offers", sa.Text(), nullable=True))
    op.add_column("partners", sa.Column("paused_at", sa.String(length=27), nullable=True))
