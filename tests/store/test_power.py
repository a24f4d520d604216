"""What the embedded database has synced when it acknowledges: a submission always, an answer soon after.

SQLite in WAL mode waits for the disk at each commit if `synchronous` is FULL (2); if it is NORMAL (1) a commit survives
a killed process, and a power cut can lose the last ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from sqlalchemy import event

from intake import open_app
from intake.config import load_settings
from tests.offices import WHITE, Office
from tests.store.conftest import KEYS

KILL_SAFE, POWER_SAFE = 1, 2


def writes_of(office: Office) -> dict[str, set[int]]:
    """{table: how safe}, filled by whatever writes from now on through an engine."""
    written: dict[str, set[int]] = defaultdict(set)

    def look(connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if found := re.match(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)", statement):
            written[found[1]].add(connection.connection.driver_connection.execute("PRAGMA synchronous").fetchone()[0])

    for engine in (office.app.store.db.autocommit, office.app.store.db.transactions):
        event.listen(engine, "before_cursor_execute", look)
    return written


def test_what_is_sent_in_and_what_staff_do_waits_for_the_disk(sqlite_url: str, tmp_path: Any) -> None:
    office = Office(sqlite_url, tmp_path, secret_keys=KEYS)
    written = writes_of(office)
    case = office.sends(WHITE, ("trr",), union=True)
    office.app.casework.pick_up(office.staff("trr"), case.reference)
    office.app.casework.note(office.staff("trr"), case.reference, "Ringer på måndag")
    office.app.close()
    assert {"submissions", "contacts", "referrals", "events", "messages", "interviews"} <= set(written)
    assert {table: how for table, how in written.items() if how != {POWER_SAFE}} == {}


def test_an_answer_does_not_wait_for_the_disk(sqlite_url: str, tmp_path: Any) -> None:
    """Its statements go to the driver past the engine's events (`intake.store.quick`); the connection is this one's."""
    app = open_app(load_settings(database_url=sqlite_url, var=tmp_path, secret_keys=KEYS, demo=True))
    with app.store.db.autocommit.connect() as autocommit, app.store.db.transactions.connect() as transactions:
        assert autocommit.exec_driver_sql("PRAGMA synchronous").scalar_one() == KILL_SAFE
        assert transactions.exec_driver_sql("PRAGMA synchronous").scalar_one() == POWER_SAFE
        assert autocommit.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    app.close()
