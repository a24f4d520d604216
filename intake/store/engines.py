"""Two engines on one database: `hot` for the answer path and reads (autocommit), `steady` for writes over several rows.

SQLite: WAL, foreign keys, a busy time-out, and BEGIN IMMEDIATE for transactions (the time-out does not cover lock
upgrades).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

POOL = 8  # PostgreSQL connections per engine; the threads that use them are as many
BUSY_MS = 10_000


def driver_url(url: str) -> str:
    """`postgresql://` means psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def make_engines(url: str) -> tuple[Engine, Engine]:
    """(hot, steady)"""
    if not url.startswith("sqlite"):
        settings: dict[str, Any] = {"pool_size": POOL, "max_overflow": 0, "pool_pre_ping": True}
        hot = create_engine(driver_url(url), isolation_level="AUTOCOMMIT", **settings)
        return hot, create_engine(driver_url(url), **settings)
    file = make_url(url).database
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    hot = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"check_same_thread": False})
    event.listen(hot, "connect", _prepare_hot)
    steady = create_engine(url, connect_args={"check_same_thread": False})
    event.listen(steady, "connect", _prepare_steady)
    event.listen(steady, "begin", _begin)
    return hot, steady


def _prepare_hot(connection: sqlite3.Connection, _record: object) -> None:
    _pragmas(connection, "NORMAL")


def _prepare_steady(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    _pragmas(connection, "FULL")


def _pragmas(connection: sqlite3.Connection, synchronous: str) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA synchronous={synchronous}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
