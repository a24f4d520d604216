"""Columns as long as what may stand in them: groups, routes and lists like other ids, a letter's Message-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WIDER = (
    ("submissions", "group", 32, 64),
    ("submissions", "route", 32, 64),
    ("referrals", "group", 32, 64),
    ("referrals", "route", 32, 64),
    ("messages", "message_id", 128, 320),
    ("list_entries", "list", 32, 64),
)


def upgrade() -> None:
    for name in dict.fromkeys(table for table, *_ in WIDER):
        with op.batch_alter_table(name) as table:  # SQLite cannot change a column: the table is copied
            for _, column, before, now in (one for one in WIDER if one[0] == name):
                table.alter_column(column, type_=sa.String(length=now), existing_type=sa.String(length=before))
