"""Every row of every table out and in again, for backups. One snapshot out, one transaction in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from sqlalchemy import Connection, LargeBinary, Table, delete, insert, select

from intake.errors import BadSetting
from intake.keys import Keys
from intake.store.engines import connected
from intake.store.erasing import erase_again, kept_hashes
from intake.store.tables import metadata

Counted = dict[str, int]
BATCH = 500
# An ordinary transaction of ours would keep writers out on SQLite, and sees what others commit on PostgreSQL.
SNAPSHOT = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}


def dump(url: str, out: TextIO) -> Counted:
    """Write one JSON line per row, tables in the order they depend on each other; how many of each.

    Rows are in the order of their ids, which are random: what was written together does not stand together.
    """
    counted: Counted = {}
    with connected(url, autocommit=True) as connection:
        connection.exec_driver_sql(SNAPSHOT[connection.dialect.name])
        for table in metadata.sorted_tables:
            counted[table.name] = 0
            for row in connection.execute(select(table).order_by(*table.primary_key)):
                out.write(json.dumps({"table": table.name, "row": _plain(row._mapping)}, ensure_ascii=False) + "\n")
                counted[table.name] += 1
        connection.exec_driver_sql("COMMIT")
    return counted


def load(url: str, rows: Iterable[tuple[str, dict[str, Any]]], keys: Keys, *, replace: bool) -> Counted:
    """Insert the rows in one transaction; how many of each table. Raises BadSetting, with nothing done, when somebody
    has used this database already; `replace` deletes what is there. Whoever was erased, here or there, is erased again.
    """
    counted: Counted = dict.fromkeys((table.name for table in metadata.sorted_tables), 0)
    with connected(url) as connection:
        if not replace and _used(connection):
            raise BadSetting(
                "the database holds data already: give --replace to lose it, or set another INTAKE_DATABASE_URL"
            )
        kept = kept_hashes(connection)
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        for table, batch in _batches(rows):
            connection.execute(insert(table), [_typed(table, row) for row in batch])
            counted[table.name] += len(batch)
        erase_again(connection, keys, kept)
    return counted


def _used(connection: Connection) -> bool:
    tables = (metadata.tables[name] for name in ("interviews", "submissions", "staff", "partners", "list_entries"))
    return any(connection.execute(select(table).limit(1)).first() is not None for table in tables)


def table_names() -> list[str]:
    return [table.name for table in metadata.sorted_tables]


def _batches(rows: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    current = ""
    batch: list[dict[str, Any]] = []
    for name, row in rows:
        if batch and (name != current or len(batch) >= BATCH):
            yield metadata.tables[current], batch
            batch = []
        current = name
        batch.append(row)
    if batch:
        yield metadata.tables[current], batch


def _plain(row: Any) -> dict[str, Any]:
    return {key: base64.b64encode(value).decode() if isinstance(value, bytes) else value for key, value in row.items()}


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    return {
        key: base64.b64decode(value) if key in binary and value is not None else value for key, value in row.items()
    }
