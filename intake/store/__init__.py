"""All SQL. One store per database: repositories by what they hold, two engines (see `intake.store.engines`)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, insert, select, text

from intake.keys import Keys
from intake.store.engines import make_engines
from intake.store.interviews import Interviews
from intake.store.lists import Lists
from intake.store.messages import Messages
from intake.store.migrating import at_head, migrate
from intake.store.people import Attempts, Links, People
from intake.store.referrals import Filters, Referrals, Scope
from intake.store.submissions import Submissions
from intake.store.tables import installation

__all__ = ["Filters", "Scope", "Store", "at_head", "known_keys", "migrate", "open_store"]


class Store:
    """The database. `transaction()` is for writes that belong together; no network and no waiting inside."""

    def __init__(self, url: str, keys: Keys) -> None:
        self.hot, self.steady = make_engines(url)
        self.embedded = self.hot.dialect.name == "sqlite"
        self.interviews = Interviews(self.hot, keys)
        self.submissions = Submissions(self.hot, self.steady, keys)
        self.referrals = Referrals(self.hot, self.steady, keys)
        self.messages = Messages(self.hot, self.steady, keys)
        self.people = People(self.hot, self.steady)
        self.links = Links(self.hot, self.steady)
        self.attempts = Attempts(self.hot, self.steady)
        self.lists = Lists(self.hot, self.steady)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is written, or nothing."""
        with self.steady.begin() as connection:
            yield connection

    def ready(self) -> bool:
        """Whether the database answers."""
        with self.hot.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one() == 1)

    def close(self) -> None:
        self.hot.dispose()
        self.steady.dispose()


def open_store(url: str, keys: Keys) -> Store:
    """The store, if these keys open what is in it. Raises WrongKey, with nothing done."""
    store = Store(url, keys)
    with store.transaction() as connection:
        row = connection.execute(select(installation).where(installation.c.name == "keys")).first()
        if row is None:
            connection.execute(insert(installation).values(name="keys", sealed=keys.seal(b"keys", "installation.keys")))
        else:
            keys.open(row.sealed, "installation.keys")
    return store


def known_keys(keys: Keys, row: Mapping[str, str]) -> None:
    """Whether these keys open a backup whose `installation` row this is. Raises WrongKey."""
    keys.open(base64.b64decode(row["sealed"]), "installation.keys")
