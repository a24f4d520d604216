"""Forms that were pressed: each is drawn with a key of its own, and what it does is done once for that key.

Only a keyed hash is kept, and the time to the hour.
"""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from intake.keys import Keys
from intake.store.tables import presses as t
from intake.store.times import hour, to_text

ADD = {
    "postgresql": insert_postgresql(t).on_conflict_do_nothing(index_elements=["key"]),
    "sqlite": insert_sqlite(t).on_conflict_do_nothing(index_elements=["key"]),
}


class Presses:
    def __init__(self, hot: Engine, keys: Keys) -> None:
        self.hot = hot
        self.keys = keys

    def first(self, connection: Connection, press: tuple[object, ...], now: datetime) -> bool:
        """Whether this was never pressed before. It counts as pressed when the caller's transaction is written.

        Pressed at the same moment in another transaction: waits for how that one ends.
        """
        counted = {"preserve_rowcount": True}  # PostgreSQL does not tell an INSERT's number of rows otherwise
        row = {"key": self._key(press), "at": to_text(hour(now))}
        return connection.execute(ADD[connection.dialect.name], row, execution_options=counted).rowcount == 1

    def known(self, press: tuple[object, ...]) -> bool:
        """Whether this was pressed before."""
        with self.hot.connect() as connection:
            return connection.execute(select(t.c.key).where(t.c.key == self._key(press))).first() is not None

    def purge(self, before: datetime) -> int:
        with self.hot.connect() as connection:
            return connection.execute(delete(t).where(t.c.at < to_text(before))).rowcount

    def _key(self, press: tuple[object, ...]) -> str:
        return self.keys.blind(json.dumps(press), "press")
