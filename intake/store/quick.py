"""The two statements of the answer path, given to the driver as they are: a quarter of what the Core costs by itself.

The Core still writes the SQL, once, for whichever database it is. Everything else goes through the Core.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.sql import ClauseElement

from intake.errors import TryLater
from intake.store.engines import AWAY, is_away


class Statement:
    """SQL with places for named values. Values are what both drivers take as it is: text, bytes, int."""

    def __init__(self, engine: Engine, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=engine.dialect)
        self.sql = str(compiled)
        self._known: Mapping[str, Any] = compiled.params
        self._order: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None

    def given(self, values: Mapping[str, Any]) -> Any:
        filled = {**self._known, **values}
        return filled if self._order is None else tuple(filled[name] for name in self._order)


@contextmanager
def cursor_of(engine: Engine) -> Iterator[Any]:
    """A driver's cursor on a pooled connection. Raises TryLater when the database cannot be reached."""
    dbapi: Any = engine.dialect.dbapi
    try:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            yield cursor
            cursor.close()
        finally:
            connection.close()
    except dbapi.OperationalError as error:
        if not is_away(error):
            raise
        raise TryLater(AWAY) from error
