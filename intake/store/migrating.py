"""The database's shape, version by version (Alembic; the versions are in `migrations/`)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from intake.errors import BadSetting, NewerDatabase
from intake.store.engines import driver_url

_HERE = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Bring the database to this version's shape. Raises NewerDatabase, or BadSetting when it cannot be reached."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            config = _config()
            config.attributes["connection"] = connection
            _refuse_newer(connection)
            command.upgrade(config, "head")
            connection.commit()
    except SQLAlchemyError as error:
        raise BadSetting(f"INTAKE_DATABASE_URL: {_shown(url)} cannot be used: {_first_line(error)}") from None
    finally:
        engine.dispose()


def at_head(url: str) -> bool:
    """Whether the database has this version's shape. Raises NewerDatabase, or BadSetting when it cannot be reached."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            _refuse_newer(connection)
            return MigrationContext.configure(connection).get_current_revision() == _script().get_current_head()
    except SQLAlchemyError as error:
        raise BadSetting(f"INTAKE_DATABASE_URL: {_shown(url)} cannot be used: {_first_line(error)}") from None
    finally:
        engine.dispose()


def head() -> str:
    """The version this program has."""
    return str(_script().get_current_head())


def _engine(url: str) -> Engine:
    file = make_url(url).database if url.startswith("sqlite") else None
    if file:
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(f"INTAKE_DATABASE_URL: {file}: {error.strerror}") from None
    return create_engine(driver_url(url))


def _refuse_newer(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current is not None and current not in {script.revision for script in _script().walk_revisions()}:
        raise NewerDatabase(
            f"the database is of version {current}, which this program does not know: it was made by a newer one; "
            "start that, or restore a backup made before it"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _first_line(error: SQLAlchemyError) -> str:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    return reason[0] if reason else type(error).__name__
