"""Every row of every table out and in again, for backups. One snapshot out, one transaction in; no table in memory.

Rows go in by the tables of the version that wrote them, and are then migrated as any database is.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, MetaData, Table, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from intake.errors import BadSetting
from intake.keys import Keys
from intake.store.engines import connected
from intake.store.erasures import erase_again, kept_hashes
from intake.store.migrating import alone, current, shape, upgrade

Counted = dict[str, int]
Row = dict[str, Any]
BATCH = 500  # rows in memory at a time
LARGEST = 2**31  # of an Integer column, on PostgreSQL
# An ordinary transaction of ours would keep writers out on SQLite, and sees what others commit on PostgreSQL.
SNAPSHOT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}


def dump(url: str, write: Callable[[str], object], tables: MetaData) -> Counted:
    """Write one JSON line per row, tables in the order they depend on each other; how many of each.

    Rows are in the order of their ids, which are random: what was written together does not stand together.
    """
    counted: Counted = {}
    with connected(url, autocommit=True) as connection:
        connection.exec_driver_sql(SNAPSHOT[connection.dialect.name])
        for table in tables.sorted_tables:
            counted[table.name] = 0
            every = select(table).order_by(*table.primary_key)
            with connection.execute(every, execution_options={"yield_per": BATCH}) as rows:
                for row in rows:
                    write(json.dumps({"table": table.name, "row": _plain(row._mapping)}, ensure_ascii=False) + "\n")
                    counted[table.name] += 1
        connection.exec_driver_sql("COMMIT")
    return counted


def load(
    url: str, version: str, rows: Iterable[tuple[str, Row]], keys: Keys, *, replace: bool, to: str = "head"
) -> Counted:
    """Make the tables of `version`, insert the rows (as `typed` gives them) and migrate, all in one transaction; how
    many of each table. Raises BadSetting, with nothing done, when a row does not fit, or when somebody has used this
    database already; `replace` drops what is there. Whoever was erased, here or there, is erased again.
    """
    tables = shape(version)
    with connected(url, foreign_keys=False) as connection:
        alone(connection)
        kept = _clear(connection, replace)
        upgrade(connection, version)
        counted = _insert(connection, tables, rows)
        upgrade(connection, to)
        if "erased" in shape(to).tables:
            erase_again(connection, keys, kept)
        _none_dangles(connection)
    return counted


def _clear(connection: Connection, replace: bool) -> list[Row]:
    """Drop our tables, whatever version they are of. Who was erased outlives a restore: their hashes are given back."""
    version = current(connection)
    if version is None:
        return []
    there = shape(version)
    if not replace and _used(connection, there):
        raise BadSetting(
            "the database holds data already: give --replace to lose it, or set another INTAKE_DATABASE_URL"
        )
    kept = kept_hashes(connection) if "erased" in there.tables else []
    there.drop_all(connection)
    connection.execute(text("DELETE FROM alembic_version"))
    return kept


def _used(connection: Connection, there: MetaData) -> bool:
    names = ("interviews", "submissions", "staff", "partners", "list_entries")
    tables = [there.tables[name] for name in names if name in there.tables]
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)


def _insert(connection: Connection, tables: MetaData, rows: Iterable[tuple[str, Row]]) -> Counted:
    counted: Counted = dict.fromkeys((table.name for table in tables.sorted_tables), 0)
    for name, together in groupby(rows, key=lambda one: one[0]):
        for batch in _batches(row for _, row in together):
            try:
                connection.execute(insert(tables.tables[name]), batch)
            except (DataError, IntegrityError) as error:
                why = str(error.orig).strip().splitlines()[0]  # what follows can hold values
                raise BadSetting(f"a row of {name} does not fit: {why}; nothing was restored") from None
            counted[name] += len(batch)
    return counted


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _none_dangles(connection: Connection) -> None:
    """SQLite looks at no foreign key while tables are made anew, so it is asked at the end."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if found is not None:
            raise BadSetting(f"a row of {found[0]} belongs to none of {found[2]}; nothing was restored")


def _plain(row: Any) -> Row:
    return {key: base64.b64encode(value).decode() if isinstance(value, bytes) else value for key, value in row.items()}


def typed(tables: MetaData, name: object, row: object) -> Row:
    """A row of a backup as its table takes it. Raises ValueError, without a value, for what was never written so."""
    table = tables.tables.get(name) if isinstance(name, str) else None
    if table is None or not isinstance(row, dict):
        raise ValueError("it is no row of a table of that version")
    if set(row) != set(table.columns.keys()):
        raise ValueError(f"it has not the columns of {table.name}")
    return {column.name: _typed(table, column, row[column.name]) for column in table.columns}


def _typed(table: Table, column: Column[Any], value: object) -> object:
    kind, fits = column.type, False
    if value is None:
        fits = bool(column.nullable)
    elif isinstance(kind, Boolean):
        fits = isinstance(value, bool)
    elif isinstance(kind, Integer):
        fits = type(value) is int and -LARGEST <= value < LARGEST
    elif isinstance(value, str):
        value.encode()  # half a surrogate pair is no text
        if isinstance(kind, LargeBinary):
            return base64.b64decode(value, validate=True)
        fits = True
    if not fits:
        raise ValueError(f"{table.name}.{column.name} is of another kind")
    return value
