"""The database's shape, version by version (Alembic; the versions are in `migrations/`)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from intake.errors import NewerDatabase
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
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _current(connection)  # somebody newer may have been first
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def at_head(url: str) -> bool:
    """Whether the database has this version's shape. Raises NewerDatabase, or BadSetting when it cannot be reached."""
    if is_missing(url):
        return False
    with connected(url, autocommit=True) as connection:
        return _current(connection) == head()


def head() -> str:
    """The version this program has."""
    return str(_script().get_current_head())


def _current(connection: Connection) -> str | None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in _script().walk_revisions()}:
        raise NewerDatabase(
            f"the database is of version {current}, which this program does not know: it was made by a newer one; "
            "start that, or restore a backup made before it"
        )
    return current


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
