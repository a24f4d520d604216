"""Reads databases with the drivers alone; and starts several threads at the same moment."""

from __future__ import annotations

import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from intake.store.tables import metadata
from tests.players import NOW

Result = TypeVar("Result")
Row = tuple[Any, ...]


def ask(url: str, *statements: str) -> list[Row]:
    """Run statements in one transaction; the rows of the last one."""
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(file_of(url))
    else:
        connection = psycopg.connect(url.replace("+psycopg", ""))
    with closing(connection), connection:
        asked = [connection.execute(statement) for statement in statements][-1]
        return [tuple(row) for row in asked] if asked.description else []


def count(url: str, table: str) -> int:
    [(number,)] = ask(url, f"SELECT count(*) FROM {table}")
    return int(number)


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def everything(url: str) -> dict[str, list[Row]]:
    """Every row of every table, in an order of its own, the same on both databases."""
    return {table: sorted(map(_plain, ask(url, f"SELECT {_columns(table)} FROM {table}"))) for table in metadata.tables}


def _columns(table: str) -> str:
    return ", ".join(f'"{column.name}"' for column in metadata.tables[table].columns)


def _plain(row: Row) -> Row:
    """SQLite keeps a yes as 1; an order needs values of one kind."""
    return tuple("" if value is None else str(int(value)) if isinstance(value, bool) else str(value) for value in row)


def tables(url: str) -> set[str]:
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if url.startswith("sqlite"):
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return {row[0] for row in ask(url, names)}


def dangling(url: str) -> list[str]:
    """Foreign keys that lead nowhere."""
    found = []
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            ours, theirs = f"{table.name}.{key.parent.name}", f"{key.column.table.name}.{key.column.name}"
            missing = f"SELECT {theirs} FROM {key.column.table.name} WHERE {theirs} = {ours}"
            query = f"SELECT count(*) FROM {table.name} WHERE {ours} IS NOT NULL AND NOT EXISTS ({missing})"
            found += [ours] if ask(url, query) != [(0,)] else []
    return found


class Clock:
    """The time, as an argument. `meet(n)`: at its next look, or a later one, each of n threads waits for the others."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.meet(1)
        self.before(lambda: None)

    def before(self, act: Callable[[], object]) -> None:
        """At every look from now on this is done first."""
        self._act = act

    def meet(self, parties: int, look: int = 1) -> None:
        self._barrier, self._look, self._looks = threading.Barrier(parties, timeout=30), look, threading.local()

    def __call__(self) -> datetime:
        self._act()
        self._looks.number = getattr(self._looks, "number", 0) + 1
        if self._looks.number == self._look:
            self._barrier.wait()
        return self.now


def at_once(*acts: Callable[[], Result]) -> list[Result]:
    """All of them, each in a thread of its own, begun together; what each gave."""
    barrier = threading.Barrier(len(acts), timeout=30)

    def begin(act: Callable[[], Result]) -> Result:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(begin, acts))


@contextmanager
def files_up_to(number: int) -> Iterator[None]:
    """No file grows beyond so many bytes: to a program this looks much like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
