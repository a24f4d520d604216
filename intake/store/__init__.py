"""All SQL. One store per database: repositories by what they hold, two engines (see `intake.store.engines`)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from intake.errors import TryLater
from intake.keys import Keys, WrongKey
from intake.store.contacts import Renewed, renew
from intake.store.engines import FULL, in_memory, make_engines
from intake.store.erasures import Erasures
from intake.store.interviews import Interviews
from intake.store.lists import Lists
from intake.store.messages import Messages
from intake.store.migrating import at_head, migrate, must_be_at_head
from intake.store.patience import BUSY_MS, Locked, Patience
from intake.store.people import Attempts, Links, People
from intake.store.presses import Presses
from intake.store.quick import Quick
from intake.store.referrals import Filters, Referrals, Scope
from intake.store.replays import Replays
from intake.store.submissions import Submissions
from intake.store.tables import installation
from intake.store.union_notes import UnionNotes
from intake.store.versions import Versions

__all__ = ["Filters", "Locked", "Scope", "Store", "at_head", "known_keys", "migrate", "must_be_at_head", "open_store"]

LEAST_ROOM = 4 * 1024 * 1024  # bytes: as long as SQLite's log gets before it is folded into the file


class Store:
    """The database. `transaction()` is for writes that belong together; no network and no waiting inside."""

    def __init__(self, url: str, keys: Keys) -> None:
        self.keys = keys
        self.patience = Patience()
        self.hot, self.steady = make_engines(url, self.patience)
        self.embedded = self.hot.dialect.name == "sqlite"
        self.quick = Quick(self.hot, self.patience)
        self.interviews = Interviews(self.hot, self.steady, self.quick, keys)
        self.union_notes = UnionNotes(self.hot, self.quick, keys)
        self.submissions = Submissions(self.hot, self.steady, self.quick, keys, self.union_notes)
        self.referrals = Referrals(self.hot, self.steady, self.quick, keys)
        self.messages = Messages(self.hot, self.steady, keys)
        self.people = People(self.hot, self.steady, self.quick)
        self.links = Links(self.hot, self.steady)
        self.attempts = Attempts(self.hot, self.steady)
        self.presses = Presses(self.hot, keys)
        self.lists = Lists(self.hot, self.steady)
        self.erasing = Erasures(self.hot, keys)
        self.replays = Replays(self.hot, self.steady)
        self.versions = Versions(self.hot, self.steady)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is written, or nothing."""
        with self.steady.begin() as connection:
            yield connection

    def ready(self) -> bool:
        """Whether the database answers."""
        with self.hot.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)

    def renew(self) -> Renewed | None:
        """Bring what older versions stored into this version's form, where that takes the keys; None: done already."""
        return renew(self.hot, self.steady, self.keys)

    def probe(self, now: datetime) -> None:
        """Write something, as an answer does. Raises TryLater when that cannot be done."""
        if self.embedded and not in_memory(self.hot.url):
            room = shutil.disk_usage(Path(self.hot.url.database or "").absolute().parent).free
            if room < LEAST_ROOM:  # what is written now may go where something was deleted, what comes next may not
                raise TryLater(FULL)
        self.attempts.renew("readiness", now)

    def overwrite_deleted(self) -> None:
        """SQLite: what was deleted leaves the write-ahead log as well, unless somebody is reading just now."""
        if self.embedded:
            with self.hot.connect() as connection:
                connection.exec_driver_sql("PRAGMA busy_timeout=0")  # nobody waits for this
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")

    def close(self) -> None:
        self.quick.close()
        self.hot.dispose()
        self.steady.dispose()


def open_store(url: str, keys: Keys, *, reading: bool = False) -> Store:
    """The store, if these keys open what is in it. Raises WrongKey, with nothing done.

    The first to open it leaves something sealed in it, to know the keys by; `reading` leaves nothing.
    """
    store = Store(url, keys)
    try:
        with store.hot.connect() as connection:
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
