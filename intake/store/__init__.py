"""All SQL. One store per database: repositories by what they hold, two engines (see `intake.store.engines`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from intake.keys import Keys
from intake.store.engines import make_engines
from intake.store.interviews import Interviews
from intake.store.lists import Lists
from intake.store.messages import Messages
from intake.store.migrating import at_head, migrate
from intake.store.people import Attempts, Links, People
from intake.store.referrals import Filters, Referrals, Scope
from intake.store.submissions import Submissions

__all__ = ["Filters", "Scope", "Store", "at_head", "migrate", "open_store"]


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
            return connection.execute(text("SELECT 1")).scalar_one() == 1

    def close(self) -> None:
        self.hot.dispose()
        self.steady.dispose()


def open_store(url: str, keys: Keys) -> Store:
    return Store(url, keys)
