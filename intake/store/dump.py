"""Every row of every table out and in again, for backups. One snapshot out, one transaction in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from sqlalchemy import Engine, LargeBinary, Table, create_engine, delete, func, insert, select

from intake.store.engines import driver_url, make_engines
from intake.store.tables import metadata

Counted = dict[str, int]
BATCH = 500


def dump(url: str, out: TextIO) -> Counted:
    """Write one JSON line per row, tables in the order they depend on each other; how many of each."""
    counted: Counted = {}
    isolation = "REPEATABLE READ" if not url.startswith("sqlite") else "SERIALIZABLE"
    engine = create_engine(driver_url(url))
    try:
        with engine.connect().execution_options(isolation_level=isolation) as connection, connection.begin():
            if url.startswith("sqlite"):
                connection.exec_driver_sql("BEGIN")  # the driver begins reads without a snapshot
            for table in metadata.sorted_tables:
                counted[table.name] = 0
                for row in connection.execute(select(table)):
                    out.write(json.dumps({"table": table.name, "row": _plain(row._mapping)}, ensure_ascii=False) + "\n")
                    counted[table.name] += 1
    finally:
        engine.dispose()
    return counted


def load(url: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> Counted:
    """Delete what is there and insert the rows, in one transaction; how many of each table."""
    counted: Counted = dict.fromkeys((table.name for table in metadata.sorted_tables), 0)
    hot, steady = make_engines(url)
    try:
        with steady.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
            for table, batch in _batches(rows):
                connection.execute(insert(table), [_typed(table, row) for row in batch])
                counted[table.name] += len(batch)
    finally:
        _close(hot, steady)
    return counted


def is_empty(url: str) -> bool:
    """Whether nobody has used this database yet."""
    hot, steady = make_engines(url)
    try:
        with hot.connect() as connection:
            return not any(
                connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
                for name in ("interviews", "submissions", "staff", "partners")
            )
    finally:
        _close(hot, steady)


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


def _close(*engines: Engine) -> None:
    for engine in engines:
        engine.dispose()
