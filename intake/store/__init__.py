"""All SQL. One store per database: repositories by what they hold, on one unit of work (`intake.store.database`)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from intake.errors import TryLater
from intake.keys import Keys, WrongKey
from intake.store.contacts import Renewed, renew
from intake.store.database import PARTICIPANT, SYSTEM, Behalf, Database, StaffScope
from intake.store.engines import FULL, in_memory
from intake.store.erasures import Erasures
from intake.store.interviews import Interviews
from intake.store.lists import Lists
from intake.store.messages import Messages
from intake.store.migrating import at_head, migrate, must_be_at_head
from intake.store.patience import BUSY_MS, Locked
from intake.store.people import Attempts, Links, People
from intake.store.presses import Presses
from intake.store.referrals import Filters, Referrals
from intake.store.replays import Replays
from intake.store.submissions import Submissions
from intake.store.tables import installation
from intake.store.union_notes import UnionNotes
from intake.store.versions import Versions

__all__ = [
    "PARTICIPANT",
    "SYSTEM",
    "Behalf",
    "Filters",
    "Locked",
    "StaffScope",
    "Store",
    "at_head",
    "known_keys",
    "migrate",
    "must_be_at_head",
    "open_store",
]

LEAST_ROOM = 4 * 1024 * 1024  # bytes: as long as SQLite's log gets before it is folded into the file


class Store:
    """The database: its repositories, and the unit of work in which a thread uses them."""

    def __init__(self, url: str, keys: Keys) -> None:
        self.keys = keys
        self.db = db = Database(url)
        self.interviews = Interviews(db, keys)
        self.union_notes = UnionNotes(db, keys)
        self.referrals = Referrals(db, keys)
        self.messages = Messages(db, keys)
        self.submissions = Submissions(db, keys, self.referrals, self.messages, self.union_notes)
        self.people = People(db)
        self.links = Links(db)
        self.attempts = Attempts(db)
        self.presses = Presses(db, keys)
        self.lists = Lists(db)
        self.erasing = Erasures(db, keys)
        self.replays = Replays(db)
        self.versions = Versions(db)

    def on_behalf(self, behalf: Behalf) -> AbstractContextManager[None]:
        """A unit of work: see `intake.store.database`."""
        return self.db.on_behalf(behalf)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Everything inside is written, or nothing. No network and no waiting inside."""
        return self.db.transaction()

    def ready(self) -> bool:
        """Whether the database answers."""
        return bool(self.db.scalar(text("SELECT 1")) == 1)

    def renew(self) -> Renewed | None:
        """Bring what older versions stored into this version's form, where that takes the keys; None: done already."""
        return renew(self.db, self.keys)

    def probe(self, now: datetime) -> None:
        """Write something, as an answer does. Raises TryLater when that cannot be done."""
        if self.db.embedded and not in_memory(self.db.autocommit.url):
            room = shutil.disk_usage(Path(self.db.autocommit.url.database or "").absolute().parent).free
            if room < LEAST_ROOM:  # what is written now may go where something was deleted, what comes next may not
                raise TryLater(FULL)
        self.attempts.renew("readiness", now)

    def overwrite_deleted(self) -> None:
        """SQLite: what was deleted leaves the write-ahead log as well, unless somebody is reading just now."""
        if self.db.embedded:
            with self.db.connection() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=0")  # nobody waits for this
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")

    def close(self) -> None:
        self.db.close()


def open_store(url: str, keys: Keys, *, reading: bool = False) -> Store:
    """The store, if these keys open what is in it. Raises WrongKey, with nothing done.

    The first to open it leaves something sealed in it, to know the keys by; `reading` leaves nothing.
    """
    store = Store(url, keys)
    try:
        with store.db.connection() as connection:
            known = set(connection.execute(select(installation.c.name)).scalars())
            for name, proof in _proofs(keys).items():
                if name not in known and not reading:
                    try:
                        sealed = keys.seal(proof, f"installation.{name}")
                        connection.execute(insert(installation).values(name=name, sealed=sealed))
                    except IntegrityError:
                        pass  # another process opened it first; its keys count
            for row in connection.execute(select(installation).where(installation.c.name.in_(_proofs(keys)))):
                _prove(keys, row.name, row.sealed)
    except BaseException:
        store.close()
        raise
    return store


PROOFS = ("keys", "index")  # what every `installation` has, to tell wrong keys by


def known_keys(keys: Keys, row: Mapping[str, Any]) -> None:
    """Whether these keys open a backup of whose `installation` this is a row. Raises WrongKey."""
    if row["name"] in PROOFS:
        _prove(keys, row["name"], row["sealed"])


def _proofs(keys: Keys) -> dict[str, bytes]:
    """What stands sealed in every database, to tell wrong keys before they do harm."""
    return dict(zip(PROOFS, (b"keys", keys.blind("index", "installation").encode()), strict=True))


def _prove(keys: Keys, name: str, sealed: bytes) -> None:
    if keys.open(sealed, f"installation.{name}") != _proofs(keys)[name]:
        raise WrongKey("INTAKE_SECRET_KEYS: the oldest key must stay the last one, or nothing is found again")
