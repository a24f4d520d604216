"""Fresh databases of both kinds, each a copy of one that was migrated once."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

import pytest

from tests.postgres import Postgres

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

# Where fixtures run on both kinds: for a test to which the kind does not matter, because what it asks is not asked of
# the database.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Databases:
    """Gives out addresses. `migrate` makes the tables of an empty database and closes what it opened."""

    def __init__(self, folder: Path, postgres: Callable[[], Postgres], migrate: Callable[[str], None]) -> None:
        self._folder, self._postgres, self._migrate = folder, postgres, migrate
        self._names = (f"{number}.sqlite" for number in itertools.count(1))
        self._migrated: Path | None = None

    def fresh(self, kind: Kind, migrated: bool = True) -> str:
        if kind == "postgresql":
            server = self._postgres()
            return server.fresh(server.template("migrated", self._migrate) if migrated else None)
        path = self._folder / next(self._names)
        if migrated:
            # The backup interface copies what is still in a write-ahead log too.
            with closing(sqlite3.connect(self._sqlite_template())) as source, closing(sqlite3.connect(path)) as copy:
                source.backup(copy)
        return sqlite_url(path)

    @contextmanager
    def lent(self, kind: Kind, migrated: bool = True) -> Iterator[str]:
        """One that is dropped afterwards."""
        url = self.fresh(kind, migrated)
        yield url
        if kind == "postgresql":
            self._postgres().drop(url)
        else:
            for path in self._folder.glob(f"{url.rpartition('/')[2]}*"):
                path.unlink()

    def _sqlite_template(self) -> Path:
        if self._migrated is None:
            self._migrated = self._folder / "migrated.sqlite"
            self._migrate(sqlite_url(self._migrated))
        return self._migrated


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"
