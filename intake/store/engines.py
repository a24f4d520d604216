"""Two engines on one database: `autocommit` for single statements, `transactions` for writes that belong together.

SQLite: WAL, foreign keys, a busy time-out (see `patience`), and BEGIN IMMEDIATE for transactions (the time-out does not
cover lock upgrades). What is deleted is overwritten. A database that is away or busy for the moment is TryLater, from
any statement. An error's text holds no parameters.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, InternalError, OperationalError, SQLAlchemyError

from intake.errors import BadSetting, NotFound, TryLater
from intake.store.patience import BUSY_MS, Locked, Patience

POOL = 8  # PostgreSQL connections per engine; the threads that use them are as many
PATIENCE = 10  # seconds for PostgreSQL to accept a connection; a host that swallows packets would take minutes
READ_ONLY = "25006"  # PostgreSQL's code for it
NO_RIGHT = "42501"  # and for a user who may not do this
DISK_FULL = "53100"
NO_SUCH_KEY = "23503"  # and for a row that refers to one that is gone
AWAY = "the database cannot be reached for the moment: try again"
FULL = "the database's disk is full: nothing can be stored until there is room"


def parsed(url: str) -> URL:
    """`postgresql://` means psycopg 3. Raises BadSetting without repeating the address: it may hold a password."""
    try:
        return make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
    except (ArgumentError, ValueError):
        raise BadSetting(
            "INTAKE_DATABASE_URL: write postgresql://user:password@host:5432/name; in a password @ as %40 and / as %2F"
        ) from None


def make_engines(url: str, patience: Patience) -> tuple[Engine, Engine]:
    """(autocommit, transactions)"""
    autocommit, transactions = _engine(url, autocommit=True), _engine(url)
    for engine in (autocommit, transactions):
        if engine.dialect.name == "sqlite":
            _hurry(engine, patience)
        event.listen(engine, "handle_error", lambda context: _in_our_words(context, patience))
    return autocommit, transactions


def _hurry(engine: Engine, patience: Patience) -> None:
    """Let connections wait for a lock as long as their thread's patience says, and note what was written."""

    def taken(connection: sqlite3.Connection, record: Any, _proxy: object) -> None:
        wanted = patience.milliseconds()
        if record.info.get("busy_ms") != wanted:
            connection.execute(f"PRAGMA busy_timeout={wanted}")
            record.info["busy_ms"] = wanted
        record.info["changes"] = connection.total_changes

    def given_back(connection: sqlite3.Connection | None, record: Any) -> None:
        if connection is not None and connection.total_changes != record.info.get("changes"):
            patience.wrote = True

    event.listen(engine, "checkout", taken)  # not at every statement: that would cost each of them
    event.listen(engine, "checkin", given_back)


@contextmanager
def connected(url: str, *, autocommit: bool = False, foreign_keys: bool = True) -> Iterator[Connection]:
    """A connection for what runs once, in one transaction unless `autocommit`. Raises BadSetting with what the
    database said. Without `foreign_keys` SQLite lets a table be dropped to which others point, to be made anew.
    """
    engine = _engine(url, autocommit=autocommit)
    if not foreign_keys and engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
        raise BadSetting(f"INTAKE_DATABASE_URL: {_shown(url)} cannot be used: {said.splitlines()[0]}") from None
    finally:
        engine.dispose()


def _engine(url: str, *, autocommit: bool = False) -> Engine:
    address, settings = parsed(url), {"isolation_level": "AUTOCOMMIT"} if autocommit else {}
    if address.get_backend_name() != "sqlite":
        patience = {} if "connect_timeout" in address.query else {"connect_timeout": PATIENCE}
        pool: dict[str, Any] = {"pool_size": POOL, "max_overflow": 0, "pool_pre_ping": True, "connect_args": patience}
        return create_engine(address, hide_parameters=True, **pool, **settings)
    if not in_memory(address):
        _make_file(Path(address.database or ""))
    engine = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False}, **settings)
    event.listen(engine, "connect", _prepare_autocommit if autocommit else _prepare_transactions)
    if not autocommit:
        event.listen(engine, "begin", _begin)
    return engine


def in_memory(address: URL) -> bool:
    """SQLite without a file: it lasts as long as a connection to it is open, and all of them are of this process."""
    return address.query.get("mode") == "memory"


def _make_file(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)  # SQLite gives what it puts beside it the same mode
    except OSError as error:
        raise BadSetting(f"INTAKE_DATABASE_URL: {file}: {error.strerror}") from None


def is_missing(url: str) -> bool:
    """Whether there is no such file, or nothing in it; to look into it would make one. A server is asked elsewhere."""
    address = parsed(url)
    try:
        if address.get_backend_name() != "sqlite" or in_memory(address):
            return False
        file = Path(address.database or "")
        return not file.exists() or file.stat().st_size == 0
    except OSError:  # a folder that we may not enter: opening will say so
        return False


def _shown(url: str) -> str:
    """An address for people to read: without its password, wherever that stands."""
    address = parsed(url)
    secret = [name for name in address.query if "password" in name]
    return address.difference_update_query(secret).render_as_string(hide_password=True)


def is_away(error: BaseException | None) -> bool:
    """Whether a driver's error passes by itself: locked, full, cut off, read-only while another machine takes over.
    SQLite says "no such table" the same way.
    """
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(("25", "XX")):  # PostgreSQL's own faults and ours, read-only apart
        return bool(state == READ_ONLY)
    return getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def in_other_words(error: BaseException | None) -> TryLater:
    """What a driver's error that passes by itself says to people."""
    state = getattr(error, "sqlite_errorcode", None) or getattr(error, "sqlstate", None)
    return TryLater(FULL if state in (sqlite3.SQLITE_FULL, DISK_FULL) else AWAY)


def _in_our_words(context: ExceptionContext, patience: Patience) -> BaseException | None:
    """What is raised instead; None: as it is."""
    said, original = context.sqlalchemy_exception, context.original_exception
    if patience.ends(original):
        return Locked()
    may_pass = isinstance(said, OperationalError | InternalError)
    away = context.is_disconnect or (may_pass and is_away(original))
    if away and not context.is_pre_ping:
        raise in_other_words(original) from original
    if getattr(original, "sqlstate", None) == NO_RIGHT:
        why = str(original).splitlines()[0]
        raise BadSetting(f"INTAKE_DATABASE_URL: its user may not do this: {why}") from original
    if isinstance(said, IntegrityError) and _refers_to_nothing(original):
        raise NotFound("it was erased at the same moment") from original
    if isinstance(said, DataError) and (context.statement or "").startswith("SELECT"):
        raise NotFound("nothing is called that") from original  # PostgreSQL's texts hold no NUL, as addresses may
    return None


def _refers_to_nothing(error: BaseException) -> bool:
    """Whether a row was to be written for something that somebody erased in between."""
    if getattr(error, "sqlstate", None) == NO_SUCH_KEY:
        return True
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY


def _prepare_autocommit(connection: sqlite3.Connection, _record: object) -> None:
    _pragmas(connection, "NORMAL")


def _prepare_transactions(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver
    _pragmas(connection, "FULL")


def _pragmas(connection: sqlite3.Connection, synchronous: str) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA synchronous={synchronous}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA read_uncommitted=ON")  # matters in memory only, where readers would wait for ever else
    cursor.close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
