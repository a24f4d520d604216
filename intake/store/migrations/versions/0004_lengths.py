"""Columns as long as what may stand in them: groups, routes and lists like other ids, a letter's Message-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

WIDER = (
    ("submissions", "group", 32, 64, True),
    ("submissions", "route", 32, 64, True),
    ("referrals", "group", 32, 64, True),
    ("referrals", "route", 32, 64, True),
    ("messages", "message_id", 128, 320, False),
    ("list_entries", "list", 32, 64, False),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # keeps texts of any length in any column
        return
    for table, column, before, now, nullable in WIDER:
        op.alter_column(
            table,
            column,
            type_=sa.String(length=now),
            existing_type=sa.String(length=before),
            existing_nullable=nullable,
        )
