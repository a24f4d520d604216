"""Reads a stolen database without its key: every row, with its place and the transactions that wrote it.

SQLite gives each row's rowid, PostgreSQL its ctid and the transactions that wrote it (xmin) and locked it (xmax, which
stays until a later one).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import psycopg
from psycopg.rows import dict_row

# A row's columns; "@place": its place as a number; "@xmin", "@xmax": the transactions that wrote and last locked it, or
# None.
Row = dict[str, Any]

TABLES = ("interviews", "submissions", "contacts", "referrals", "events", "messages", "links", "access_log")


def rows_of(url: str, table: str, where: str = "true") -> list[Row]:
    """Returns the rows in physical order; none if the table does not exist."""
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
    """Converts "(3,17)", the 17th row on page 3, to a number."""
    page, item = ctid.strip("()").split(",")
    return int(page) * 1000 + int(item)


def everything(url: str) -> dict[str, list[Row]]:
    return {table: rows_of(url, table) for table in TABLES}
