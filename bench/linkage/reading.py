"""The database as somebody has it who took it away and has no key: every row, with where it lies and who wrote it.

SQLite gives each row's rowid, PostgreSQL its ctid and the transactions that wrote it (xmin) and locked it
(xmax, which stays until a later one).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import psycopg
from psycopg.rows import dict_row

# Its columns; "@place": where it lies, as a number; "@xmin", "@xmax": who wrote it and who locked it last, or None.
Row = dict[str, Any]

TABLES = ("interviews", "submissions", "contacts", "referrals", "events", "messages", "links", "access_log")


def rows_of(url: str, table: str, where: str = "true") -> list[Row]:
    """The rows in the order in which they lie; none when there is no such table."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.row_factory = sqlite3.Row
            try:
                rows = file.execute(f'SELECT rowid AS "@place", * FROM "{table}" WHERE {where} ORDER BY rowid')
            except sqlite3.OperationalError:
                return []
            return [{**dict(row), "@xmin": None, "@xmax": None} for row in rows]
    with psycopg.connect(url.replace("+psycopg", ""), row_factory=dict_row) as server:
        try:
            system = 'ctid::text AS "@place", xmin::text AS "@xmin", xmax::text AS "@xmax"'
            found = server.execute(f'SELECT {system}, * FROM "{table}" WHERE {where} ORDER BY ctid')
        except psycopg.errors.UndefinedTable:
            return []
        return [
            {**row, "@place": _place(row["@place"]), "@xmin": int(row["@xmin"]), "@xmax": int(row["@xmax"]) or None}
            for row in found
        ]


def _place(ctid: str) -> int:
    """"(3,17)": the 17th on the fourth page."""
    page, item = ctid.strip("()").split(",")
    return int(page) * 1000 + int(item)


def everything(url: str) -> dict[str, list[Row]]:
    return {table: rows_of(url, table) for table in TABLES}
