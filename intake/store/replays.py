"""Submissions as replays read them: in a stream, by the clear columns only. Nothing sealed is fetched."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Engine, func, select

from intake.records import SentIn
from intake.store.tables import submissions as t

BATCH = 5_000
COLUMNS = {
    "reference": t.c.reference, "version": t.c.version, "meaning": t.c.meaning, "judged_on": t.c.judged_on,
    "verdict": t.c.verdict, "group": t.c.group, "lead": t.c.lead, "offers": t.c.offers,
    "municipality": t.c.municipality, "decided": t.c.decision.is_not(None), "coded": t.c.coded,
}  # fmt: skip


class Replays:
    """What has been judged, of everybody who sent in."""

    def __init__(self, hot: Engine, steady: Engine) -> None:
        # A server's cursor lives in a transaction. SQLite's transactions are for writers: others would have to wait.
        self.engine = hot if hot.dialect.name == "sqlite" else steady

    def count(self, programme: str) -> int:
        with self.engine.connect() as connection:
            counted = select(func.count()).select_from(t).where(t.c.programme == programme)
            return int(connection.execute(counted).scalar_one())

    def rows(self, programme: str) -> Iterator[list[SentIn]]:
        """Everybody of a programme, in batches and in no order."""
        wanted = select(*(COLUMNS[name].label(name) for name in SentIn._fields)).where(t.c.programme == programme)
        with self.engine.connect().execution_options(yield_per=BATCH) as connection:
            for rows in connection.execute(wanted).partitions():
                yield [SentIn(*row) for row in rows]
