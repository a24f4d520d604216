"""The whole content of a database as text: every column of every row, decrypted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from intake import App
from intake.store.tables import metadata

CONTEXTS = {"interviews": "interviews.answers:{id}", "contacts": "contacts.sealed:{submission_id}"} | {
    "installation": "installation.{name}",
    "erased": "erased.sealed:{hash}",
}


def everything(app: App) -> dict[str, list[str]]:
    """{table: [a row as text]}"""
    found: dict[str, list[str]] = {}
    with app.store.transaction() as connection:
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            found[table.name] = [_text(app, table.name, dict(row._mapping)) for row in rows]
    return found


def _text(app: App, table: str, row: dict[str, Any]) -> str:
    context = CONTEXTS.get(table, f"{table}.sealed:{{id}}")

    def said(value: Any) -> str:
        if isinstance(value, bytes) and value:
            return app.keys.open(value, context.format(**row)).decode(errors="replace")
        return str(value)

    return " | ".join(said(value) for value in row.values())
