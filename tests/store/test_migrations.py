"""Migrations from nothing to this version, by one or several processes; never backwards, never partly."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from intake.errors import BadSetting, NewerDatabase
from intake.store import at_head, migrate, migrating
from intake.store.engines import connected
from intake.store.migrating import head
from intake.store.tables import metadata
from tests.processes import Process
from tests.store.conftest import Command
from tests.store.inside import ask, file_of, tables


def test_from_empty_to_the_tables_of_the_code(empty_database_url: str) -> None:
    migrate(empty_database_url)
    assert tables(empty_database_url) == {*metadata.tables, "alembic_version"}
    with connected(empty_database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert at_head(empty_database_url)


def test_versions_are_what_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert migrating.versions() == found[::-1] and migrating.head() == found[0]


def test_migrating_again_changes_nothing(empty_database_url: str) -> None:
    migrate(empty_database_url)
    ask(empty_database_url, "INSERT INTO installation VALUES ('of mine', 'kept')")
    migrate(empty_database_url)
    assert ask(empty_database_url, "SELECT name FROM installation") == [("of mine",)]


def test_several_processes_at_once_each_find_it_done(empty_database_url: str, tmp_path: Path) -> None:
    env = {"INTAKE_DATABASE_URL": empty_database_url}
    processes = []
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        processes.append(Process(tmp_path / str(number), ("migrate",), env))
    for process in processes:
        process.start()
    assert [process.wait() for process in processes] == [0, 0, 0], [process.output for process in processes]
    assert at_head(empty_database_url)


def test_a_newer_database_is_refused_in_one_line(database_url: str, intake: Command) -> None:
    ask(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase):
        migrate(database_url)
    code, said = intake("web", INTAKE_DATABASE_URL=database_url)
    [line] = said.splitlines()
    assert code == 2 and "version 9999" in line and "newer" in line
    assert ask(database_url, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    ask(empty_database_url, "CREATE TABLE staff (whose text)")  # of another program: ours comes late, and cannot
    with pytest.raises(BadSetting, match="staff.*already exists"):
        migrate(empty_database_url)
    assert tables(empty_database_url) <= {"staff", "alembic_version"}
    ask(empty_database_url, "DROP TABLE staff")
    migrate(empty_database_url)
    assert at_head(empty_database_url)


def test_a_new_file_and_its_siblings_are_for_this_user_only(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'var' / 'intake.sqlite'}"
    migrate(url)
    with connected(url):
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "var").iterdir()}
    assert modes == dict.fromkeys(("intake.sqlite", "intake.sqlite-wal", "intake.sqlite-shm"), 0o600)


def test_looking_at_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.sqlite'}"
    assert not at_head(url)
    assert not file_of(url).exists()


def test_an_installation_made_by_the_first_version_is_known(database_url: str) -> None:
    assert ask(database_url, "SELECT version_num FROM alembic_version") == [(head(),)]
