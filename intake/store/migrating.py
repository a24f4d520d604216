"""The database's shape, version by version (Alembic; the versions are in `migrations/`).

Alembic is imported by what migrates only: it takes 8 MB and a tenth of a second that a process which serves can do
without.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine, inspect, text

from intake.errors import BadSetting, NewerDatabase
from intake.store.engines import connected, is_missing

_HERE = Path(__file__).parent / "migrations"
_LOCK = 7_230_115  # PostgreSQL's advisory lock of those who migrate; any number nobody else here uses


def migrate(url: str) -> None:
    """Bring the database to this version's shape, all of it or nothing; of several at once the others wait.

    Raises NewerDatabase, or BadSetting when it cannot be reached.
    """
    if at_head(url):
        return
    with connected(url, foreign_keys=False) as connection:
        alone(connection)
        current(connection)  # somebody newer may have been first
        upgrade(connection)


def alone(connection: Connection) -> None:
    """Of several that migrate or restore at once the others wait until this transaction has ended (SQLite has one
    writer anyway).
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the versions up to `to` within the connection's transaction. Both `migrate` and a restore come by here."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@cache
def shape(version: str) -> MetaData:
    """The tables of a version, as its migrations make them: in a database in memory, which is gone afterwards."""
    engine, tables = create_engine("sqlite://"), MetaData()
    try:
        with engine.begin() as connection:
            upgrade(connection, version)
            tables.reflect(connection)
    finally:
        engine.dispose()
    tables.remove(tables.tables["alembic_version"])
    return tables


def at_head(url: str) -> bool:
    """Whether the database has this version's shape. Raises NewerDatabase, or BadSetting when it cannot be reached."""
    if is_missing(url):
        return False
    with connected(url, autocommit=True) as connection:
        return current(connection) == head()


def must_be_at_head(url: str) -> None:
    """For what only reads: it never makes or changes a database. Raises BadSetting that says what to do."""
    if not at_head(url):
        raise BadSetting("the database has not this version's shape, or is not there at all: run `intake migrate`")


def versions() -> list[str]:
    """Every version that this program knows, the first one first."""
    return sorted(path.stem.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """The version this program has."""
    return versions()[-1]


def current(connection: Connection) -> str | None:
    """The version of a database; None: nothing of ours is there. Raises NewerDatabase."""
    known = inspect(connection).has_table("alembic_version")
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    if found is not None and found not in versions():
        raise NewerDatabase(
            f"the database is of version {found}, which this program does not know: it was made by a newer one; "
            "start that, or restore a backup made before it into another database"
        )
    return found
