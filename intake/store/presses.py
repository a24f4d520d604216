"""Forms that were pressed: each is drawn with a key of its own, and what it does is done once for that key.

Only a keyed hash is kept, and the time to the hour.
"""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from intake.keys import Keys
from intake.store.database import Database
from intake.store.tables import presses as t
from intake.store.times import hour, to_text

ADD = {
    "postgresql": insert_postgresql(t).on_conflict_do_nothing(index_elements=["key"]),
    "sqlite": insert_sqlite(t).on_conflict_do_nothing(index_elements=["key"]),
}


class Presses:
    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys

    def first(self, press: tuple[object, ...], now: datetime) -> bool:
        """Whether this was never pressed before. It counts as pressed when the caller's transaction is written.

        Pressed at the same moment in another transaction: waits for how that one ends.
        """
        row = {"key": self._key(press), "at": to_text(hour(now))}
        return self.db.change(ADD[self.db.dialect], row) == 1

    def known(self, press: tuple[object, ...]) -> bool:
        """Whether this was pressed before."""
        return self.db.first(select(t.c.key).where(t.c.key == self._key(press))) is not None

    def purge(self, before: datetime) -> int:
        return self.db.change(delete(t).where(t.c.at < to_text(before)))

    def _key(self, press: tuple[object, ...]) -> str:
        return self.keys.blind(json.dumps(press), "press")
