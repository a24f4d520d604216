"""The statements of the answer path, given to the driver as they are: a quarter of what the Core costs by itself.

The Core still writes the SQL, once, for whichever database it is. Everything else goes through the Core.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.sql import ClauseElement

from intake.store.engines import in_other_words, is_away
from intake.store.patience import BUSY_MS, Locked, Patience


class Statement:
    """SQL with places for named values. Values are what both drivers take as it is: text, bytes, int."""

    def __init__(self, dialect: Dialect, clause: ClauseElement) -> None:
        self.clause: Any = clause
        compiled = _compiled(type(dialect), clause)  # type: ignore[arg-type]  # by identity
        self.sql = str(compiled)
        self._known: Mapping[str, Any] = compiled.params
        self._order: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None

    def given(self, values: Mapping[str, Any]) -> Any:
        if self._order is None:
            return {**self._known, **values}
        return [values[name] if name in values else self._known[name] for name in self._order]


@lru_cache(maxsize=64)
def _compiled(dialect: type[Dialect], statement: ClauseElement) -> Any:
    """Once in a process: the statements are constants, and there may be several stores."""
    return statement.compile(dialect=dialect())


class Quick:
    """Runs them, each committed by itself. The embedded database is near: one connection a thread is kept for good.

    Raises TryLater when the database cannot be reached.
    """

    def __init__(self, engine: Engine, patience: Patience) -> None:
        self._engine = engine
        self._patience = patience
        self._embedded = engine.dialect.name == "sqlite"
        self._kept = threading.local()
        self._all: list[Any] = []
        if not self._embedded:
            from psycopg.rows import dict_row  # only where there is a server

            self._by_name = dict_row
        dbapi: Any = engine.dialect.dbapi
        self._away = dbapi.OperationalError, dbapi.InternalError
        self.conflict: type[Exception] = dbapi.IntegrityError  # what a statement raises when somebody was first

    def records(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Any]:
        """Rows, by name."""
        return self._run(statement, values, True)  # type: ignore[no-any-return]

    def changed(self, statement: Statement, values: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        return self._run(statement, values, False)  # type: ignore[no-any-return]

    def _run(self, statement: Statement, values: Mapping[str, Any], reads: bool) -> Any:
        try:
            if self._embedded:
                connection: Any = getattr(self._kept, "connection", None)
                if connection is None:
                    pooled = self._engine.raw_connection()
                    connection = self._kept.connection = pooled.driver_connection
                    pooled.detach()
                    connection.row_factory = sqlite3.Row
                    self._all.append(connection)
                    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
                    self._kept.waits = BUSY_MS
                waits = self._patience.milliseconds()
                if waits != self._kept.waits:
                    connection.execute(f"PRAGMA busy_timeout={waits}")
                    self._kept.waits = waits
                cursor = connection.execute(statement.sql, statement.given(values))
                if reads:
                    return cursor.fetchall()
                self._patience.wrote = True
                return cursor.rowcount
            pooled = self._engine.raw_connection()
            try:
                cursor = pooled.cursor(row_factory=self._by_name)
                cursor.execute(statement.sql, statement.given(values))
                return cursor.fetchall() if reads else cursor.rowcount
            finally:
                pooled.close()
        except self._away as error:
            if not is_away(error):
                raise
            if self._patience.ends(error):
                raise Locked from None
            raise in_other_words(error) from error

    def close(self) -> None:
        while self._all:
            self._all.pop().close()
