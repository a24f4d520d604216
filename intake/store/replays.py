"""Submissions as replays read them: in a stream, by the clear columns only. Nothing sealed is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import bindparam, func, select

from intake.errors import TryLater
from intake.records import SentIn
from intake.store.database import Database
from intake.store.engines import AWAY, is_away
from intake.store.tables import submissions as t

BATCH = 5_000
COLUMNS = {
    "reference": t.c.reference, "version": t.c.version, "meaning": t.c.meaning, "judged_on": t.c.judged_on,
    "verdict": t.c.verdict, "group": t.c.group, "lead": t.c.lead, "offers": t.c.offers,
    "municipality": t.c.municipality, "decided": t.c.decision.is_not(None), "coded": t.c.coded,
}  # fmt: skip
AS_SENT_IN = partial(tuple.__new__, SentIn)


class Replays:
    """What has been judged, of everybody who sent in."""

    def __init__(self, db: Database) -> None:
        # A server's cursor lives in a transaction. SQLite's transactions are for writers: others would have to wait.
        self.db = db
        self.engine = db.autocommit if db.embedded else db.transactions

    def count(self, programme: str) -> int:
        return int(self.db.scalar(select(func.count()).select_from(t).where(t.c.programme == programme)))

    def rows(self, programme: str, most: int = BATCH) -> Iterator[list[SentIn]]:
        """Everybody of a programme, in batches of `most`, in no order. Raises TryLater when the database goes away."""
        columns = (COLUMNS[name].label(name) for name in SentIn._fields)
        wanted = self.db.statement(select(*columns).where(t.c.programme == bindparam("programme")))
        dbapi: Any = self.engine.dialect.dbapi
        pooled: Any = self.engine.raw_connection()  # rows as the driver gives them: in half the time
        try:
            cursor = pooled.cursor() if self.db.embedded else pooled.driver_connection.cursor("replay")
            cursor.execute(wanted.sql, wanted.given({"programme": programme}))
            while rows := cursor.fetchmany(most):
                yield list(map(AS_SENT_IN, rows))
            cursor.close()
        except (dbapi.OperationalError, dbapi.InternalError) as error:
            if is_away(error):
                raise TryLater(AWAY) from error
            raise
        finally:
            pooled.close()
