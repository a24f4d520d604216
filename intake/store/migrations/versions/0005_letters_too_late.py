"""Until when a letter holds; since when the mail server is away."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("valid_until", sa.String(length=27), nullable=True))
    op.create_table(
        "away",
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_away")),
    )
