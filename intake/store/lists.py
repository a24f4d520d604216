"""Search lists that an operator imported; they stand in place of a programme's own list of the same name."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from intake.engine.programme import Entry
from intake.store.database import Database
from intake.store.tables import list_entries as t


class Lists:
    def __init__(self, db: Database) -> None:
        self.db = db

    def replace(self, name: str, entries: Iterable[Entry]) -> int:
        """All of a list at once, or nothing; how many entries."""
        rows = [
            {"list": name, "id": entry.id, "position": position, "words": json.dumps(entry.words, ensure_ascii=False)}
            for position, entry in enumerate(entries)
        ]
        with self.db.transaction():
            self.db.change(delete(t).where(t.c.list == name))
            if rows:
                self.db.change(insert(t), rows)
        return len(rows)

    def all(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {}
        for row in self.db.rows(select(t).order_by(t.c.list, t.c.position)):
            words = {language: tuple(said) for language, said in json.loads(row.words).items()}
            found.setdefault(row.list, []).append(Entry(row.id, words))
        return {name: tuple(entries) for name, entries in found.items()}
