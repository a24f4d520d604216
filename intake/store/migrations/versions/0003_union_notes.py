"""What people want of unions is left as a sealed note and carried out in batches."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "union_notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("programme", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_notes")),
        sa.UniqueConstraint("place", name=op.f("uq_union_notes_place")),
    )
    op.create_index(op.f("ix_union_notes_programme"), "union_notes", ["programme"])
