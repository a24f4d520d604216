"""Published versions of programmes, each with all its files. Rows are added and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from intake.records import Version
from intake.store.database import Database
from intake.store.tables import versions as t
from intake.store.times import to_text, to_time

NEWEST = select(t.c.programme, func.max(t.c.number).label("number")).group_by(t.c.programme)
DESCRIBED = select(*(column for column in t.c if column.name != "files")).order_by(t.c.programme, t.c.number)


class Versions:
    def __init__(self, db: Database) -> None:
        self.db = db

    def newest(self) -> dict[str, int]:
        """{programme: number} of what is to be served: cheap enough to be asked for every few seconds."""
        return {row.programme: row.number for row in self.db.rows(NEWEST)}

    def all(self, programme: str) -> list[Version]:
        """The versions of one programme, oldest first."""
        return [_record(row) for row in self.db.rows(DESCRIBED.where(t.c.programme == programme))]

    def files(self, version: Version) -> dict[str, str]:
        """The text of every file by its name."""
        here = (t.c.programme == version.programme, t.c.number == version.number)
        return dict(json.loads(self.db.scalar(select(t.c.files).where(*here))))

    def add(self, version: Version, files: Mapping[str, str]) -> bool:
        """False: somebody else published at the same moment and has this number."""
        values = {name: getattr(version, name) for name in ("programme", "number", "version", "meaning", "wording")}
        kept = {"files": json.dumps(files, ensure_ascii=False), "published_at": to_text(version.published_at)}
        try:
            self.db.write(insert(t).values(values | kept))
        except IntegrityError:
            return False
        return True


def _record(row: Any) -> Version:
    return Version(row.programme, row.number, row.version, row.meaning, row.wording, to_time(row.published_at))
